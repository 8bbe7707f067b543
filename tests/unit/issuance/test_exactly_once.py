"""One certificate per certificate id: cut anywhere, repeated, interleaved, killed."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count

import pytest

from tests.builders import MOMENT
from tests.fakes import Cut, Tripwire
from tests.interleaving import Interleaving
from tests.issuance_world import DV, IssuanceWorld, permitted
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.errors import Unavailable

#: Twins by seed, alive and killed; `make soak` tries ten times as many.
SEEDS = int(os.environ.get("VOUCHSAFE_SEEDS", "400"))


#: A product of each level: who is named makes no difference to how often it is issued.
PRODUCTS = (DV, "ssl_basic", "ssl_ev_basic")


def calls_of_one_issue() -> int:
    world = IssuanceWorld()
    world.wire(Tripwire())
    world.issue()
    return len(world.tripwire.calls)


def test_issuing_makes_five_outside_calls_and_asks_who_issues() -> None:
    world = IssuanceWorld()
    world.wire(Tripwire())
    assert world.issue().outcome == "issued"
    assert world.tripwire.calls == [
        "ledger.desk",
        "issuers.all",
        "ledger.commit",
        "signer.sign",
        "store.put",
        "ledger.commit",
    ]
    world.assert_exactly_one()


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_cut_at_every_call_is_finished_by_the_next_run(after: bool, product: str) -> None:
    for at in range(1, calls_of_one_issue() + 1):
        world = IssuanceWorld(Tripwire(at, after=after), product=product)
        with pytest.raises(Cut):
            world.issue()
        world.issue(run=2)
        world.assert_exactly_one()
        assert world.given_up() == set(), "the same intent is finished, not given up"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_second_cut_at_every_call_of_the_resuming_run_is_finished_too(after: bool) -> None:
    for first in range(1, calls_of_one_issue() + 1):
        for second in count(1):
            world = IssuanceWorld(Tripwire(first, after=after))
            with pytest.raises(Cut):
                world.issue()
            world.wire(Tripwire(second, after=after))
            try:
                world.issue(run=2)
            except Cut:
                world.issue(run=3)
            tripped = world.tripwire.tripped
            world.wire(Tripwire())
            world.assert_exactly_one()
            if not tripped:
                break


@pytest.mark.parametrize("start", range(0, SEEDS, 50))
def test_twins_in_any_order_make_one_certificate(start: int) -> None:
    for seed in range(start, start + 50):
        turns = Interleaving(seed)
        world = IssuanceWorld(turns, product=PRODUCTS[seed % len(PRODUCTS)])
        results = turns.run(*(partial(world.issue, run) for run in (1, 1, 2)))
        assert not [r for r in results if isinstance(r, Exception)], (seed, results)
        world.assert_exactly_one()


@pytest.mark.parametrize("start", range(0, SEEDS, 50))
def test_twins_killed_at_random_leave_what_one_more_run_finishes(start: int) -> None:
    killed = 0
    for seed in range(start, start + 50):
        turns = Interleaving(seed, kill_chance=0.15)
        world = IssuanceWorld(turns, product=PRODUCTS[seed % len(PRODUCTS)])
        turns.run(*(partial(world.issue, run) for run in (1, 2, 3)))
        killed += turns.killed
        world.issue(run=4)
        world.assert_exactly_one()
    assert killed > 10, "the seeds must really kill"


def cut_after_the_claim() -> IssuanceWorld:
    world = IssuanceWorld(Tripwire(3, after=True))
    with pytest.raises(Cut):
        world.issue()
    assert world.dossier().newest.status is CertificateStatus.PROCESSING
    return world


def test_a_lapsed_intent_is_given_up_onto_the_crl_and_a_new_serial_drawn() -> None:
    world = cut_after_the_claim()
    first = world.claimed()
    world.clock.advance(timedelta(hours=25))
    assert world.issue(run=2).outcome == "given_up"
    pending = world.dossier().newest
    assert pending.status is CertificateStatus.PENDING
    assert world.given_up() == first
    fresh = replace(pending, caa=permitted(world.clock.now()), version=pending.version + 1)
    world.book.commit(fresh)
    assert world.issue(run=3).outcome == "issued"
    world.assert_exactly_one()


def test_no_signature_starts_in_the_last_minutes_of_an_intents_life() -> None:
    world = cut_after_the_claim()
    world.clock.advance(timedelta(hours=7, minutes=45))  # CAA is good for eight
    with pytest.raises(Unavailable):
        world.issue(run=2)
    assert world.signer.signatures == 0


def test_what_was_claimed_is_not_signed_when_a_proof_lapsed_meanwhile() -> None:
    world = cut_after_the_claim()
    name, *others = world.dossier().authorizations[5001]
    assert name.proof is not None
    old = replace(name.proof, proven_at=MOMENT - timedelta(days=400))
    claimed = world.dossier().newest
    items = (replace(name, proof=old), *others)
    pack = Authorizations(order_id=1001, certificate_id=5001, items=items)
    world.book.commit(replace(claimed, version=claimed.version + 1), pack)
    outcome = world.issue(run=2)
    assert (outcome.outcome, outcome.cause) == ("gates_closed", "still closed: domains")
    assert (world.signer.signatures, world.store.objects) == (0, {})


def test_a_stored_certificate_is_recorded_however_late() -> None:
    world = IssuanceWorld(Tripwire(5, after=True))
    with pytest.raises(Cut):
        world.issue()
    world.clock.advance(timedelta(days=3))
    assert world.issue(run=2).outcome == "issued"
    world.assert_exactly_one()
