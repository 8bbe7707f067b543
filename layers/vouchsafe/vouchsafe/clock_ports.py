"""What the duties by time need of storage besides the order book."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only
    from .domain.domains import Domain
    from .domain.dossier import Work
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


class UndecidedRevocations(Protocol):
    """Requests to revoke that nobody decided although every reminder was given."""

    def undecided(self, limit: int) -> Sequence[Work]:
        """At most `limit`, the longest waiting first; `due_at` is when each was made. May lag."""


class DomainAges(Protocol):
    """Domains by when the next notice about the age of their proof is due."""

    def domains_ageing(self, before: datetime, limit: int) -> Sequence[Domain]:
        """At most `limit` with a notice due up to `before`, the longest due first."""
