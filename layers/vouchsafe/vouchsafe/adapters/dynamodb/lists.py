"""Lists of orders over DynamoDB: counters say where a page begins, indexes hold its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from ...domain.order import Order
from ...domain.tallies import ALL, OrderMove
from ...order_ports import Span
from . import keys, list_keys
from .attributes import Item, decode_fields, encode, stamp
from .list_keys import LAST
from .table import Table
from .totals import MOVE
from .writes import ENTITY

#: What a counter item holds besides its counters.
_PLAIN = frozenset({"pk", "sk", ENTITY})
_FIRST = " "  # sorts before every stamp


class DynamoOrderLists:
    """Port OrderLists: a page anywhere costs a handful of Queries, and BatchGets of 100 rows."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def totals(self, account_id: int) -> Mapping[str, int]:
        """How many orders of the account count under each tally, from its months."""
        found: Counter[str] = Counter()
        for counts in self._times(account_id, "M#").values():
            found.update(counts)
        return found

    def _times(self, account_id: int, prefix: str) -> dict[str, Counter[str]]:
        """The counters whose keys start with `prefix`, by time, the shards of a time added up."""
        found: dict[str, Counter[str]] = {}
        for item in self._table.partition(list_keys.totals_partition(account_id), prefix=prefix):
            counts = {name: int(item[name]["N"]) for name in item.keys() - _PLAIN}
            found.setdefault(list_keys.time_of(item["sk"]["S"]), Counter()).update(counts)
        return found

    def page(self, span: Span, *, offset: int, limit: int, newest_first: bool) -> Sequence[Order]:
        """The orders of the span's tally at an offset, by creation."""
        hour, skipped = self._hour_of(span, offset, newest_first=newest_first)
        first, last = (_FIRST, hour + LAST) if newest_first else (hour or _FIRST, LAST)
        found = self._rows(span, (first, last), skipped + limit, newest_first=newest_first)
        return self._read(span, list(found)[skipped:])

    def _hour_of(self, span: Span, offset: int, *, newest_first: bool) -> tuple[str, int]:
        """The hour that holds the order at `offset`, and how many of its orders come before."""
        time = ""
        for level in ("M#", "D#", "H#") if offset else ():
            counts = self._times(span.account_id, level + time)
            for time in sorted(counts, reverse=newest_first):
                here = counts[time][span.tally]
                if offset < here:
                    break
                offset -= here
            else:
                return (_FIRST if newest_first else LAST), 0
        return time, offset

    def _rows(
        self, span: Span, keys_within: tuple[str, str], limit: int, *, newest_first: bool = False
    ) -> Iterable[Item]:
        index, partition = list_keys.listed_by(span.account_id, span.tally)
        return self._table.listed(
            index, partition, keys_within, limit=limit, newest_first=newest_first
        )

    def _read(self, span: Span, rows: Sequence[Item]) -> Sequence[Order]:
        """The orders themselves; an index of orders holds them whole, rows by value their ids."""
        if span.tally == ALL or list_keys.listed_by(span.account_id, span.tally)[0] is not None:
            return [decode_fields(Order, row) for row in rows]
        return self.orders(span.account_id, [int(row["order_id"]["N"]) for row in rows])

    def walk(self, span: Span, *, limit: int) -> Sequence[Order]:
        """The first `limit` orders of a span, by creation."""
        first = _FIRST if span.since is None else stamp(span.since)
        last = LAST if span.until is None else stamp(span.until) + LAST
        return self._read(span, list(self._rows(span, (first, last), limit)))

    def named(self, account_id: int, name: str, *, limit: int) -> Sequence[Order]:
        """At most `limit` orders for exactly that name, as their name rows say."""
        start = list_keys.name_prefix(name)
        partition = list_keys.name_partition(account_id, name)
        rows = self._table.listed(None, partition, (start, start + LAST), limit=limit)
        return self.orders(account_id, [int(row["order_id"]["N"]) for row in rows])

    def orders(self, account_id: int, order_ids: Sequence[int]) -> Sequence[Order]:
        """Those of the orders that exist and are the account's, in the order asked for."""
        wanted = list(dict.fromkeys(order_ids))
        items = self._table.get_all([keys.order(order_id) for order_id in wanted])
        found = {order.order_id: order for order in (decode_fields(Order, i) for i in items)}
        own = (found[order_id] for order_id in wanted if order_id in found)
        return [order for order in own if order.account_id == account_id]

    def moved(self, account_id: int, since: datetime, until: datetime) -> Sequence[OrderMove]:
        """The orders of the changes numbered in the time, each once, by its last change."""
        within = (stamp(since), stamp(until) + LAST)
        rows = self._table.listed(2, keys.account_list(account_id, "MOVED"), within)
        last: dict[int, OrderMove] = {}
        for row in rows:
            move = decode_fields(OrderMove, row[MOVE]["M"])
            last.pop(move.order_id, None)
            last[move.order_id] = move
        return list(last.values())

    def ending(self, account_id: int, since: datetime, until: datetime) -> Sequence[OrderMove]:
        """The orders whose certificate ends in the time, soonest first; may lag by a moment."""
        within = (stamp(since), stamp(until) + LAST)
        rows = self._table.listed(2, keys.account_list(account_id, "ENDS"), within)
        return [decode_fields(OrderMove, row) for row in rows]


class DynamoNameIndex:
    """Port NameIndex: one small item a name."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def note(self, order: Order) -> None:
        """Put the order's name rows, 25 to a call; the same rows again change nothing."""
        row = {ENTITY: encode("name"), "order_id": encode(order.order_id)}
        names = dict.fromkeys(order.dns_names)
        self._table.put_all(
            [
                keys.primary(list_keys.name_row(order.account_id, name, order.order_id)) | row
                for name in names
            ]
        )
