"""Certificates that near their end, and whoever walks along them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.builders import MOMENT, a_certificate, an_order
from tests.fakes import FakeBook, FrozenClock, SeededEntropy
from vouchsafe.domain.certificate import Certificate, CertificateStatus, Issued
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.order import Order, OrderStatus
from vouchsafe.services.expiring import Climbed, LadderPorts, tell_expiry

DAY = timedelta(days=1)
#: Issued at MOMENT, at noon.
ENDS = MOMENT + 199 * DAY


def an_issued(not_after: datetime = ENDS, issued_at: datetime = MOMENT, **changed: Any) -> Issued:
    """What was issued, ending when told to."""
    issued = Issued(
        serial=77,
        issuer_id="test-ec-1",
        shard=0,
        sha1="ab" * 20,
        sha256="cd" * 32,
        not_before=issued_at,
        not_after=not_after,
        issued_at=issued_at,
    )
    return replace(issued, **changed)


def a_valid_certificate(issued: Issued | None = None, **changed: Any) -> Certificate:
    """Certificate 5001 of order 1001, issued, with nothing more to do."""
    certificate = a_certificate(
        status=CertificateStatus.VALID, issued=issued or an_issued(), next_look_at=None
    )
    return replace(certificate, **changed)


def a_valid_order(**changed: Any) -> Order:
    """Order 1001, issued."""
    return replace(an_order(status=OrderStatus.VALID), **changed)


def pack_of(certificate: Certificate) -> Authorizations:
    """No names: nobody here asks about them."""
    return Authorizations(
        order_id=certificate.order_id, certificate_id=certificate.certificate_id, items=()
    )


class Ladder:
    """A book with certificates, a clock, and the walk."""

    def __init__(self) -> None:
        self.book = FakeBook()
        self.clock = FrozenClock(MOMENT)
        self.ports = LadderPorts(
            expiries=self.book, ledger=self.book, clock=self.clock, entropy=SeededEntropy()
        )

    def holding(self, order: Order, *certificates: Certificate) -> Ladder:
        """With that order and its certificates."""
        self.book.commit(order)
        return self.with_certificates(*certificates)

    def with_certificates(self, *certificates: Certificate) -> Ladder:
        """With those, of orders that are there already, or of none."""
        for each in certificates:
            self.book.commit(each, pack_of(each))
        return self

    def walk(self, at: datetime, limit: int = 1000) -> Climbed:
        """One run of the function, when the clock says `at`."""
        self.clock.advance(at - self.clock.now())
        return tell_expiry(limit, ports=self.ports)

    def walk_days(self, first: datetime, days: int) -> None:
        """A run on each of so many days."""
        for count in range(days):
            self.walk(first + count * DAY)

    def told(self) -> list[tuple[int | None, int, str]]:
        """Certificate, days and audience of each reminder, in the order given."""
        every = [r for r in self.book.records.values() if isinstance(r, Change)]
        meant = [each for each in every if each.kind is ChangeKind.EXPIRY_REMINDER_DUE]
        return [(c.certificate_id, c.data["days"], c.data["audience"]) for c in meant]

    def rungs(self) -> list[int]:
        """The days of each reminder."""
        return [days for _, days, _ in self.told()]
