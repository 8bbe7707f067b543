"""Reissues and duplicates: one at a time, one certificate each, whoever races with whom."""

from __future__ import annotations

from functools import partial

import pytest

from tests.again_world import AgainWorld
from tests.fakes import Cut, Tripwire
from tests.interleaving import Interleaving
from tests.issuance_world import DV
from vouchsafe.domain.certificate import CertificateKind, CertificateStatus
from vouchsafe.domain.errors import VouchsafeError
from vouchsafe.domain.order import OrderStatus
from vouchsafe.domain.requests import RequestStatus
from vouchsafe.services.reissue_records import PlacedAgain

KINDS = [CertificateKind.REISSUE, CertificateKind.DUPLICATE]
SEEDS = range(60)

again = pytest.mark.parametrize("kind", KINDS)


@again
@pytest.mark.parametrize("product", [DV, "ssl_basic"])
def test_a_cut_at_every_call_is_finished_by_the_next_run(
    kind: CertificateKind, product: str
) -> None:
    for after in (False, True):
        at = 0
        while True:
            at += 1
            world = AgainWorld(kind, product)
            number = world.made_ready(Tripwire(at, after=after))
            try:
                world.issue_again(number)
            except Cut:
                world.wire(Tripwire())
                world.issue_again(number, run=2)
            else:
                break
            world.assert_one_more(number)
        world.wire(Tripwire())
        world.assert_one_more(number)


@again
@pytest.mark.long
def test_twins_in_any_order_make_one_certificate(kind: CertificateKind) -> None:
    for seed in SEEDS:
        world, turns = AgainWorld(kind, (DV, "ssl_basic")[seed % 2]), Interleaving(seed)
        number = world.made_ready(turns)
        results = turns.run(*(partial(world.issue_again, number, run) for run in (1, 1, 2)))
        assert not [r for r in results if isinstance(r, Exception)], (seed, results)
        world.assert_one_more(number)


@again
@pytest.mark.long
def test_killed_twins_leave_what_the_next_run_finishes(kind: CertificateKind) -> None:
    killed = 0
    for seed in SEEDS:
        world, turns = AgainWorld(kind), Interleaving(seed, kill_chance=0.15)
        number = world.made_ready(turns)
        turns.run(*(partial(world.issue_again, number, run) for run in (1, 2)))
        killed += turns.killed
        world.wire(Tripwire())
        world.issue_again(number, run=3)
        world.assert_one_more(number)
    assert killed > 10


@again
@pytest.mark.long
def test_of_twins_that_ask_one_gets_a_certificate_id(kind: CertificateKind) -> None:
    for seed in SEEDS:
        world, turns = AgainWorld(kind), Interleaving(seed)
        world.wire(turns)
        results = turns.run(world.place, world.place, world.place)
        placed = [r for r in results if isinstance(r, PlacedAgain)]
        refused = [r for r in results if isinstance(r, VouchsafeError)]
        assert (len(placed), len(refused)) == (1, 2), (seed, results)
        assert len(world.dossier().certificates) == 2
        assert len(world.dossier().requests) == 1
        world.assert_order_points(placed[0].certificate_id)


@again
@pytest.mark.long
def test_a_cancel_and_an_issue_agree_on_one_end(kind: CertificateKind) -> None:
    ends = set()
    for seed in SEEDS:
        world, turns = AgainWorld(kind), Interleaving(seed)
        number = world.made_ready(turns)
        turns.run(partial(world.issue_again, number), world.cancel)
        status = world.dossier().certificate(number).status
        ends.add(status)
        if status is CertificateStatus.VALID:
            world.assert_one_more(number)
        else:
            assert status is CertificateStatus.CANCELLED
            assert list(world.store.objects) == [5001]
            order = world.dossier().order
            assert (order.status, order.certificate_id) == (OrderStatus.VALID, 5001)
    assert ends == {CertificateStatus.VALID, CertificateStatus.CANCELLED}


@again
@pytest.mark.long
def test_of_two_approvers_who_disagree_one_decides(kind: CertificateKind) -> None:
    for seed in SEEDS:
        world, turns = AgainWorld(kind), Interleaving(seed)
        placed = world.place(skip=False)
        (request,) = placed.dossier.requests
        world.wire(turns)
        turns.run(
            partial(world.decide, request.request_id, approve=True),
            partial(world.decide, request.request_id, approve=False),
        )
        decided = world.dossier().request(request.request_id).status
        status = world.dossier().certificate(placed.certificate_id).status
        assert (decided, status) in {
            (RequestStatus.APPROVED, CertificateStatus.PENDING),
            (RequestStatus.REJECTED, CertificateStatus.INVALID),
        }
        if status is CertificateStatus.INVALID:
            assert world.dossier().order.certificate_id == 5001
