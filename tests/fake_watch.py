"""Fakes of what the watch looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from vouchsafe.domain.duties import Duty, DutyDone
from vouchsafe.domain.numbers import Measured


class FakeDuties:
    """Port Duties, in memory."""

    def __init__(self) -> None:
        self._noted: dict[Duty, datetime] = {}

    def done(self, duty: Duty, at: datetime) -> None:
        if duty in self._noted:
            self._noted[duty] = at

    def all(self, expected: Sequence[Duty], now: datetime) -> Sequence[DutyDone]:
        for duty in expected:
            self._noted.setdefault(duty, now)
        return [DutyDone(duty=duty, done_at=self._noted[duty]) for duty in expected]


@dataclass(slots=True)
class FakeOutside:
    """Ports ParkedMessages, Measurements and NumbersPage."""

    parked: dict[str, int] = field(default_factory=dict)
    found: Measured = field(default_factory=Measured)
    pages: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    asked: list[tuple[datetime, datetime]] = field(default_factory=list)

    def depths(self) -> Mapping[str, int]:
        return self.parked

    def measured(self, since: datetime, until: datetime) -> Measured:
        self.asked.append((since, until))
        return self.found

    def publish(self, name: str, content: bytes, media_type: str) -> None:
        self.pages[name] = (content, media_type)
