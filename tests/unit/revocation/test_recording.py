"""Recording a revocation once, whatever is cut; and bringing back what was forgotten."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.builders import MOMENT, a_certificate, a_request, an_order
from tests.fakes import Cut, FakeBook, FakeWorkflow, FrozenClock, SeededEntropy, Tripwire
from tests.revocation_world import SERIAL, issued, world
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.order import OrderStatus
from vouchsafe.domain.requests import RequestStatus
from vouchsafe.domain.revocation import RevocationReason
from vouchsafe.ports import Record
from vouchsafe.services.announcing import announce_revocation
from vouchsafe.services.reconciliation import reconcile
from vouchsafe.services.recording import record_revocation

CLOCK = FrozenClock(MOMENT)
FAR = MOMENT + timedelta(days=3650)


def approved(**changed: object) -> Record:
    return a_request(
        status=RequestStatus.APPROVED,
        decided_at=MOMENT,
        reason=RevocationReason.KEY_COMPROMISE,
        **changed,
    )


def a_book(*, tripwire: Tripwire | None = None, **request: object) -> FakeBook:
    order = an_order(status=OrderStatus.VALID)
    return world(issued(), order, approved(**request), tripwire=tripwire)


def test_an_approved_request_revokes_its_certificate_and_names_the_shard() -> None:
    book = a_book()
    recorded = record_revocation(1001, 301, ledger=book, clock=CLOCK)
    assert recorded["shards"] == [{"issuer_id": "test-ec-1", "shard": SERIAL % 4}]
    dossier = book.order(1001)
    assert dossier is not None and dossier.newest.status is CertificateStatus.REVOKED
    (line,) = book.revoked("test-ec-1", SERIAL % 4)
    assert (line.serial, line.reason) == (SERIAL, RevocationReason.KEY_COMPROMISE)


def test_one_certificate_revoked_leaves_the_order_usable() -> None:
    book = a_book()
    record_revocation(1001, 301, ledger=book, clock=CLOCK)
    dossier = book.order(1001)
    assert dossier is not None and dossier.order.status is OrderStatus.VALID


def test_revoking_the_order_makes_the_order_revoked() -> None:
    book = a_book(whole_order=True)
    record_revocation(1001, 301, ledger=book, clock=CLOCK)
    dossier = book.order(1001)
    assert dossier is not None and dossier.order.status is OrderStatus.REVOKED


def test_a_request_nobody_approved_revokes_nothing() -> None:
    book = world(issued(), an_order(status=OrderStatus.VALID), a_request())
    assert record_revocation(1001, 301, ledger=book, clock=CLOCK)["shards"] == []
    assert list(book.revoked("test-ec-1", SERIAL % 4)) == []


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 7))
def test_a_cut_at_any_call_leads_to_one_line_and_one_notice(at: int, after: bool) -> None:
    book = a_book(whole_order=True)
    book._tripwire = Tripwire(at, after=after)  # noqa: SLF001  the set-up is not part of the cut

    def carry_out() -> None:
        record_revocation(1001, 301, ledger=book, clock=CLOCK)
        announce_revocation(1001, 301, ledger=book, clock=CLOCK, entropy=SeededEntropy(at))

    try:
        carry_out()
    except Cut:
        carry_out()
    book._tripwire = Tripwire()  # noqa: SLF001
    dossier = book.order(1001)
    assert dossier is not None
    assert dossier.newest.status is CertificateStatus.REVOKED
    assert dossier.request(301).done_at == MOMENT
    assert len(book.revoked("test-ec-1", SERIAL % 4)) == 1
    told = [c for c in book.left_behind(FAR, 50) if c.kind is ChangeKind.CERTIFICATE_REVOKED]
    assert len(told) == 1


def test_an_approved_revocation_that_never_ran_is_started_again() -> None:
    book, workflow = a_book(), FakeWorkflow()
    clock = FrozenClock(MOMENT + timedelta(minutes=10))
    found = reconcile(
        work=book, ledger=book, workflow=workflow, clock=clock, entropy=SeededEntropy()
    )
    assert found.revived == 1
    assert workflow.revocations == [(1001, 301, 5)]


def test_a_revocation_in_trouble_for_days_is_started_again_every_hour_not_in_every_pass() -> None:
    book, workflow = a_book(), FakeWorkflow()
    clock, started = FrozenClock(MOMENT), []
    for _ in range(3 * 24 * 12):
        clock.advance(timedelta(minutes=5))
        before = len(workflow.revocations)
        reconcile(work=book, ledger=book, workflow=workflow, clock=clock, entropy=SeededEntropy())
        if len(workflow.revocations) > before:
            started.append(clock.now() - MOMENT)
    assert len(started) < 80
    pauses = [later - earlier for earlier, later in pairwise(started)]
    assert max(pauses) == timedelta(hours=1), "so long may an aborted execution go unnoticed"


def test_what_cannot_be_revived_stops_nothing_behind_it() -> None:
    other = a_certificate(order_id=1002, certificate_id=5002)
    orders = an_order(), an_order(order_id=1002, certificate_id=5002)
    book, workflow = world(a_certificate(), other, *orders), TroubledWorkflow()
    clock = FrozenClock(MOMENT + timedelta(minutes=10))
    found = reconcile(
        work=book, ledger=book, workflow=workflow, clock=clock, entropy=SeededEntropy()
    )
    assert (found.seen, found.revived, len(found.troubles)) == (2, 1, 1)
    assert [order_id for order_id, _, _ in workflow.orders] == [1002]


class TroubledWorkflow(FakeWorkflow):
    """Whose state machine cannot be asked about order 1001."""

    def order_running(self, order_id: int, certificate_id: int, run: int) -> bool:
        if order_id == 1001:
            raise Unavailable("throttled")
        return super().order_running(order_id, certificate_id, run)


def test_a_pending_certificate_without_a_live_execution_gets_its_next_run() -> None:
    book, workflow = world(a_certificate(), an_order()), FakeWorkflow()
    clock = FrozenClock(MOMENT + timedelta(minutes=10))
    reconcile(work=book, ledger=book, workflow=workflow, clock=clock, entropy=SeededEntropy())
    ((_, _, run),) = workflow.orders
    assert run > 1, "run 1 is the one the order was placed with"


def test_a_certificate_whose_execution_lives_is_left_alone() -> None:
    book, workflow = world(a_certificate(run=1), an_order()), FakeWorkflow()
    workflow.start_order(1001, 5001, 1)
    clock = FrozenClock(MOMENT + timedelta(minutes=10))
    found = reconcile(
        work=book, ledger=book, workflow=workflow, clock=clock, entropy=SeededEntropy()
    )
    assert (found.revived, workflow.orders) == (0, [(1001, 5001, 1)])


def test_a_run_that_was_started_and_has_not_recorded_itself_is_left_alone_until_it_ends() -> None:
    book, workflow = world(a_certificate(), an_order()), FakeWorkflow()
    clock = FrozenClock(MOMENT + timedelta(minutes=10))

    def revived() -> int:
        return reconcile(
            work=book, ledger=book, workflow=workflow, clock=clock, entropy=SeededEntropy()
        ).revived

    assert [revived() for _ in range(3)] == [1, 0, 0]
    ((order_id, certificate_id, run),) = workflow.orders
    workflow.end(order_id, certificate_id, run)
    assert [revived() for _ in range(2)] == [1, 0]


def test_what_is_not_due_is_not_looked_at() -> None:
    book, workflow = world(a_certificate(), an_order()), FakeWorkflow()
    found = reconcile(
        work=book, ledger=book, workflow=workflow, clock=CLOCK, entropy=SeededEntropy()
    )
    assert found.seen == 0
