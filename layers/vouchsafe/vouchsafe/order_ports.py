"""What lists of orders need of the outside: counted, found and read, never scanned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from .domain.order import Order
from .domain.parking import ParkedCertificate
from .domain.tallies import ALL, OrderMove


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Some orders of an account: those of one tally, created from `since` to `until` (both in)."""

    account_id: int
    tally: str = ALL
    since: datetime | None = None
    until: datetime | None = None


class OrderLists(Protocol):
    """An account's orders. Totals are exact; what was placed last may be listed a moment later."""

    def totals(self, account_id: int) -> Mapping[str, int]:
        """How many orders count under each tally; tallies without any may be missing."""

    def page(self, span: Span, *, offset: int, limit: int, newest_first: bool) -> Sequence[Order]:
        """The orders of a tally (`span` without times) at an offset, by creation."""

    def walk(self, span: Span, *, limit: int) -> Sequence[Order]:
        """The first `limit` orders of a span, by creation."""

    def named(self, account_id: int, name: str, *, limit: int) -> Sequence[Order]:
        """At most `limit` orders for exactly that name; may lag by seconds."""

    def orders(self, account_id: int, order_ids: Sequence[int]) -> Sequence[Order]:
        """Those of the orders that exist and are the account's, in the order asked for."""

    def moved(self, account_id: int, since: datetime, until: datetime) -> Sequence[OrderMove]:
        """The last move of each order, of those whose changes got their numbers in the time.

        Both ends are in; in the order of the numbers.
        """

    def ending(self, account_id: int, since: datetime, until: datetime) -> Sequence[OrderMove]:
        """The orders whose certificate ends in the time (both in), soonest first."""


class NameIndex(Protocol):
    """Which orders have a name: written behind the order, from its change."""

    def note(self, order: Order) -> None:
        """Note the order under each of its names; again changes nothing."""


class ParkedList(Protocol):
    """Which certificates wait for people, strongly consistent."""

    def parked(self, account_id: int) -> Iterator[ParkedCertificate]:
        """Those of the account, by certificate id; read as far as the iterator is followed."""
