"""What the services need to know of domains, and who looks for their values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: a function loads the types that it works with
    from .domain.domains import Domain, DomainCheck, DomainListing


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainPage:
    """Some of an account's domains, by place, and how many there are in all."""

    total: int
    rows: tuple[DomainListing, ...]


class Domains(Protocol):
    """The domains of accounts. Reads are strongly consistent where nothing else is said."""

    def domain(self, account_id: int, domain_id: int) -> Domain | None: ...

    def domain_named(self, account_id: int, name: str) -> Domain | None:
        """The account's domain of exactly that name (lower-case A-labels)."""

    def known_domains(self, account_id: int, names: Collection[str]) -> Mapping[str, int]:
        """The ids of those of the names that are domains of the account. One call a hundred."""

    def domain_places(self, account_id: int, count: int) -> Sequence[int]:
        """Fresh places, growing, in one call."""

    def domains_page(
        self, account_id: int, *, container_id: int | None, offset: int, limit: int
    ) -> DomainPage:
        """The account's domains, or those of one container, as they came. Two calls, wherever.

        With a container the rows may lag by seconds; totals are exact.
        """

    def domains_due(self, before: datetime, limit: int) -> Sequence[Domain]:
        """At most `limit` domains whose next look is due before that, longest overdue first, but
        with accounts taking turns: however many one has, the others' come up.

        May lag by seconds, and then bring domains that were looked at meanwhile.
        """


class DomainChecker(Protocol):
    """Looks for a domain's value, now. Nobody else opens connections to what customers name."""

    def check(self, account_id: int, domain_id: int) -> DomainCheck:
        """Raises Unavailable when there is no answer in time; the look may still go on."""
