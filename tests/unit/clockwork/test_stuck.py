"""The count of stuck orders says what stands still now, and returns to zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import MOMENT, a_certificate, a_request, an_order
from tests.fakes import FakeBook, FakeWorkflow, FrozenClock, SeededEntropy
from tests.unit.clockwork.world import pack_of
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.parking import Gate, Parked
from vouchsafe.domain.requests import RequestStatus
from vouchsafe.services.reconciliation import Reconciled, reconcile

MINUTE = timedelta(minutes=1)


class Deaf(FakeWorkflow):
    """Starts nothing while it is `deaf`."""

    deaf = True

    def start_order(self, order_id: int, certificate_id: int, run: int) -> None:
        if self.deaf:
            raise Unavailable("throttled")
        super().start_order(order_id, certificate_id, run)


class Yard:
    """A certificate that was due a minute after MOMENT, and the reconciler."""

    def __init__(self, workflow: FakeWorkflow | None = None, **changed: object) -> None:
        self.book, self.workflow = FakeBook(), workflow or FakeWorkflow()
        self.clock = FrozenClock(MOMENT)
        certificate = a_certificate(**changed)
        self.book.commit(an_order(), certificate, pack_of(certificate))

    def pass_at(self, at: datetime) -> Reconciled:
        self.clock.advance(at - self.clock.now())
        return reconcile(
            work=self.book,
            ledger=self.book,
            workflow=self.workflow,
            clock=self.clock,
            entropy=SeededEntropy(),
        )

    def look(self) -> None:
        """The newest execution looks, and is to look again in ten minutes."""
        order = self.book.order(1001)
        assert order is not None
        one = order.newest
        again = self.clock.now() + 10 * MINUTE
        self.book.commit(replace(one, next_look_at=again, run=one.run + 1, version=one.version + 1))


def test_a_lost_order_counts_until_it_moves_on() -> None:
    yard = Yard()
    assert yard.pass_at(MOMENT + 5 * MINUTE).stuck == 1
    yard.look()
    assert yard.pass_at(MOMENT + 10 * MINUTE).stuck == 0


def test_an_order_that_cannot_be_revived_counts_in_every_pass_until_it_is() -> None:
    workflow = Deaf()
    yard = Yard(workflow)
    for minutes in (5, 10, 15):
        found = yard.pass_at(MOMENT + minutes * MINUTE)
        assert (found.revived, found.stuck) == (0, 1)
    workflow.deaf = False
    assert yard.pass_at(MOMENT + 20 * MINUTE).revived == 1
    yard.look()
    assert yard.pass_at(MOMENT + 25 * MINUTE).stuck == 0


def test_an_order_whose_execution_lives_and_gets_nowhere_counts_after_half_an_hour() -> None:
    yard = Yard(run=1)
    yard.workflow.start_order(1001, 5001, 1)
    assert yard.pass_at(MOMENT + 20 * MINUTE).stuck == 0
    assert yard.pass_at(MOMENT + 32 * MINUTE) == Reconciled(seen=1, revived=0, stuck=1)


def test_an_order_that_waits_for_people_is_looked_at_daily_and_is_not_stuck() -> None:
    parked = Parked(since=MOMENT, until=MOMENT + timedelta(days=90), gates=(Gate.ORGANIZATION,))
    yard = Yard(parked=parked)
    assert yard.pass_at(MOMENT + 5 * MINUTE) == Reconciled(seen=1, revived=1, stuck=0)
    assert yard.pass_at(MOMENT + 45 * MINUTE).stuck == 1, "its daily look never came"


def test_what_the_index_still_shows_but_moved_on_is_left_alone() -> None:
    yard = Yard()
    lagging = list(yard.book.due(MOMENT + 5 * MINUTE, 10))
    yard.clock.advance(5 * MINUTE)
    yard.look()
    yard.book.due = lambda *_: lagging  # type: ignore[method-assign]
    assert yard.pass_at(MOMENT + 6 * MINUTE) == Reconciled(seen=1, revived=0, stuck=0)
    assert yard.workflow.orders == []


@pytest.mark.parametrize(
    "status",
    [CertificateStatus.VALID, CertificateStatus.INVALID, CertificateStatus.AWAITING_APPROVAL],
)
def test_what_is_done_or_waits_for_an_approval_is_never_stuck(status: CertificateStatus) -> None:
    yard = Yard(status=status, next_look_at=None)
    assert yard.pass_at(MOMENT + timedelta(days=1)) == Reconciled(seen=0, revived=0, stuck=0)


def test_an_approved_revocation_counts_until_it_is_carried_out() -> None:
    yard = Yard(status=CertificateStatus.VALID, next_look_at=None)
    approved = a_request(status=RequestStatus.APPROVED, decided_at=MOMENT)
    yard.book.commit(approved)
    for minutes in (5, 10):
        assert yard.pass_at(MOMENT + minutes * MINUTE).stuck == 1
    yard.book.commit(replace(approved, done_at=yard.clock.now(), version=2))
    assert yard.pass_at(MOMENT + 15 * MINUTE).stuck == 0
