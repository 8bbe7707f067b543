"""What the duties by time need, in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.tripwire import Tripwire
from vouchsafe.domain.certificate import Certificate, CertificateStatus
from vouchsafe.domain.expiry import Ending, LadderCursor, Reminded, day_of


class FakeExpiries:
    """Port Expiries over the `records` of the book."""

    _tripwire: Tripwire
    _lock: Any
    records: dict[tuple[Any, ...], Any]

    def ending_on(
        self, day: datetime, place: str, limit: int
    ) -> tuple[Sequence[Ending], str | None]:
        with self._tripwire.crossing("expiries.ending_on"), self._lock:
            every = [r for key, r in self.records.items() if key[0] is Certificate]
            valid = [c for c in every if c.status is CertificateStatus.VALID and c.issued]
            meant = [c for c in valid if day_of(c.issued.not_after) == day]
            meant.sort(key=lambda c: (c.issued.not_after, c.certificate_id))
            first = int(place or 0)
            page = meant[first : first + limit]
            rows = [
                Ending(
                    order_id=c.order_id,
                    certificate_id=c.certificate_id,
                    not_after=c.issued.not_after,
                )
                for c in page
            ]
            return rows, str(first + limit) if len(meant) > first + limit else None

    def reminded(self, endings: Collection[Ending]) -> Mapping[int, Reminded]:
        with self._tripwire.crossing("expiries.reminded"), self._lock:
            numbers = [each.certificate_id for each in endings]
            found = {number: self.records.get((Reminded, number)) for number in numbers}
            return {number: each for number, each in found.items() if each is not None}

    def ladder(self) -> LadderCursor | None:
        with self._tripwire.crossing("expiries.ladder"), self._lock:
            return self.records.get((LadderCursor,))
