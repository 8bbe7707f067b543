"""What the duties by time need of storage besides the order book."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only
    from .domain.expiry import Ending, LadderCursor, Reminded


class Expiries(Protocol):
    """Valid certificates by the day on which they end, and who was reminded of that."""

    def ending_on(
        self, day: datetime, place: str, limit: int
    ) -> tuple[Sequence[Ending], str | None]:
        """At most `limit` that end on the UTC day, after `place` ("" for the first); one Query.

        And where to go on, None behind the last. May give none although there are more; may lag.
        """

    def reminded(self, endings: Collection[Ending]) -> Mapping[int, Reminded]:
        """What was told already of those certificates, by certificate id."""

    def ladder(self) -> LadderCursor | None:
        """How far the walk got; None before the first."""
