"""Lists of orders over the book in memory: everything is counted anew, so it cannot be wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.fake_records import Key
from tests.tripwire import Tripwire
from vouchsafe.domain.certificate import Certificate
from vouchsafe.domain.changes import Change
from vouchsafe.domain.order import Order, OrderStatus
from vouchsafe.domain.parking import ParkedCertificate
from vouchsafe.domain.tallies import OrderMove, has_moved, move_of, tallies_of
from vouchsafe.order_ports import Span


class FakeLists:
    """Ports OrderLists, NameIndex and ParkedList, for a book with `records`."""

    records: dict[Key, Any]
    _tripwire: Tripwire

    def __init__(self) -> None:
        self._moves: dict[int, OrderMove] = {}
        self._told: dict[str, OrderMove] = {}
        self._arrivals: list[tuple[datetime, OrderMove]] = []
        self._noted: set[int] = set()

    def _watch(self, written: Mapping[Key, Any]) -> None:
        """Note which orders a commit moves, and on which changes; called before it is done."""
        said = [record for record in written.values() if isinstance(record, Change)]
        for key, order in written.items():
            if isinstance(order, Order) and has_moved(self.records.get(key), order):
                at = max((change.at for change in said), default=order.created_at)
                self._moves[order.order_id] = move_of(order, at)
                for change in said:
                    if change.order_id == order.order_id:
                        self._told[change.change_id] = self._moves[order.order_id]

    def _arrived(self, change: Change, at: datetime) -> None:
        """A change got its number."""
        if move := self._told.get(change.change_id):
            self._arrivals.append((at, move))

    def parked(self, account_id: int) -> Iterator[ParkedCertificate]:
        with self._tripwire.crossing("parked.parked"):
            every = [r for k, r in self.records.items() if k[0] is Certificate]
        waiting = [c for c in every if c.account_id == account_id and c.waits_for_people]
        for each in sorted(waiting, key=lambda c: c.certificate_id):
            assert each.parked is not None
            yield ParkedCertificate(
                account_id=account_id,
                order_id=each.order_id,
                certificate_id=each.certificate_id,
                organization_id=each.parked.organization_id,
            )

    def _own(self, account_id: int) -> list[Order]:
        orders = (record for key, record in self.records.items() if key[0] is Order)
        own = [order for order in orders if order.account_id == account_id]
        return sorted(own, key=lambda o: (o.created_at, str(o.order_id)))

    def totals(self, account_id: int) -> Mapping[str, int]:
        with self._tripwire.crossing("lists.totals"):
            return Counter(t for order in self._own(account_id) for t in tallies_of(order))

    def page(self, span: Span, *, offset: int, limit: int, newest_first: bool) -> Sequence[Order]:
        with self._tripwire.crossing("lists.page"):
            found = [o for o in self._own(span.account_id) if span.tally in tallies_of(o)]
            return (found[::-1] if newest_first else found)[offset : offset + limit]

    def walk(self, span: Span, *, limit: int) -> Sequence[Order]:
        with self._tripwire.crossing("lists.walk"):
            return [
                order
                for order in self._own(span.account_id)
                if span.tally in tallies_of(order)
                and (span.since is None or order.created_at >= span.since)
                and (span.until is None or order.created_at <= span.until)
            ][:limit]

    def named(self, account_id: int, name: str, *, limit: int) -> Sequence[Order]:
        with self._tripwire.crossing("lists.named"):
            own = self._own(account_id)
            return [o for o in own if name in o.dns_names and o.order_id in self._noted][:limit]

    def orders(self, account_id: int, order_ids: Sequence[int]) -> Sequence[Order]:
        with self._tripwire.crossing("lists.orders"):
            own = {order.order_id: order for order in self._own(account_id)}
            return [own[number] for number in dict.fromkeys(order_ids) if number in own]

    def moved(self, account_id: int, since: datetime, until: datetime) -> Sequence[OrderMove]:
        with self._tripwire.crossing("lists.moved"):
            last: dict[int, OrderMove] = {}
            for at, move in sorted(self._arrivals, key=lambda each: each[0]):
                if since <= at <= until and move.account_id == account_id:
                    last.pop(move.order_id, None)
                    last[move.order_id] = move
            return list(last.values())

    def ending(self, account_id: int, since: datetime, until: datetime) -> Sequence[OrderMove]:
        with self._tripwire.crossing("lists.ending"):
            ends = {
                m.order_id: m.not_after
                for m in self._moves.values()
                if m.account_id == account_id and m.status is OrderStatus.VALID and m.not_after
            }
            meant = [number for number, end in ends.items() if since <= end <= until]
            return [self._moves[n] for n in sorted(meant, key=lambda n: (ends[n], str(n)))]

    def note(self, order: Order) -> None:
        with self._tripwire.crossing("names.note"):
            self._noted.add(order.order_id)
