"""What watching the service needs from the outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: a function loads the types that it works with
    from .domain.duties import Duty, DutyDone
    from .domain.numbers import Measured


class Duties(Protocol):
    """When each duty was last done with."""

    def done(self, duty: Duty, at: datetime) -> None:
        """Note that all there was to do was done."""

    def all(self, expected: Sequence[Duty], now: datetime) -> Sequence[DutyDone]:
        """Of each of these; those never noted count as done at `now`, when first asked for."""


class ParkedMessages(Protocol):
    """The queues that messages end in which could not be worked off."""

    def depths(self) -> Mapping[str, int]:
        """How many messages lie in each, by the queue's name."""


class Measurements(Protocol):
    """What the metrics added up to."""

    def measured(self, since: datetime, until: datetime) -> Measured: ...


class NumbersPage(Protocol):
    """Where the public numbers stand."""

    def publish(self, name: str, content: bytes, media_type: str) -> None: ...
