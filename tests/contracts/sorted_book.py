"""A large account behind a DynamoDB client that answers from sorted keys, and counts the calls.

Items are made when they are read, so that 10^5 orders and more cost next to nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.builders import MOMENT, an_order
from vouchsafe.adapters.dynamodb import keys, list_keys
from vouchsafe.adapters.dynamodb.attributes import Item, stamp
from vouchsafe.adapters.dynamodb.registers import to_writes
from vouchsafe.domain.order import Order, OrderStatus
from vouchsafe.domain.tallies import tallies_of

#: A page of a Query ends at 1 MB; orders have some 2 KB.
_ROWS_A_PAGE = 500
_PRODUCTS = ("ssl_basic", "ssl_plus", "ssl_wildcard", "ssl_dv_geotrust_flex")


def order_at(number: int) -> Order:
    """The order of that number, one every eleven minutes; one in a hundred is still pending."""
    pending = number % 100 == 0
    return an_order(
        order_id=10_000_000 + number,
        created_at=MOMENT + number * timedelta(minutes=11),
        status=OrderStatus.PENDING if pending else OrderStatus.VALID,
        product_id=_PRODUCTS[number % len(_PRODUCTS)],
    )


class SortedBook:
    """The calls that lists make, over `count` orders of account 1."""

    def __init__(self, count: int) -> None:
        self.calls: list[str] = []
        self.count = count
        self._partitions: dict[str, list[str]] = defaultdict(list)
        self._makers: dict[str, Callable[[str], Item]] = {}
        totals: dict[keys.Key, Counter[str]] = defaultdict(Counter)
        for number in range(count):
            self._add(order_at(number), totals)
        self._totals = {key: dict(counter) for key, counter in totals.items()}
        for partition, sk in self._totals:
            self._partitions[partition].append(sk)
        for rows in self._partitions.values():
            rows.sort()

    def _add(self, order: Order, totals: dict[keys.Key, Counter[str]]) -> None:
        tallies = tallies_of(order)
        row = f"{stamp(order.created_at)}#{order.order_id}"
        for tally in tallies:
            self._partitions[list_keys.listed_by(1, tally)[1]].append(row)
        for key in list_keys.totals_of(1, order.created_at, order.order_id):
            totals[key].update(tallies)

    def query(self, **asked: Any) -> dict[str, Any]:
        """Key conditions of the forms the adapter writes, paged as DynamoDB pages."""
        self.calls.append("query")
        values = {name: value["S"] for name, value in asked["ExpressionAttributeValues"].items()}
        rows = self._partitions.get(values[":pk"], [])
        if ":prefix" in values:
            rows = [row for row in rows if row.startswith(values[":prefix"])]
        else:
            first, last = values[":first"], values[":last"]
            rows = rows[bisect_left(rows, first) : bisect_right(rows, last)]
        if not asked["ScanIndexForward"]:
            rows = rows[::-1]
        start = rows.index(asked["ExclusiveStartKey"]) + 1 if "ExclusiveStartKey" in asked else 0
        size = min(asked.get("Limit", _ROWS_A_PAGE), _ROWS_A_PAGE)
        if values[":pk"].startswith("TOTALS#"):
            size = asked.get("Limit", len(rows))
        page = rows[start : start + size]
        answer: dict[str, Any] = {"Items": [self._item(values[":pk"], row) for row in page]}
        if start + size < len(rows):
            answer["LastEvaluatedKey"] = page[-1]
        return answer

    def _item(self, partition: str, row: str) -> Item:
        if (partition, row) in self._totals:
            counts = self._totals[partition, row]
            return keys.primary((partition, row)) | {n: {"N": str(c)} for n, c in counts.items()}
        number = int(row.rpartition("#")[2])
        if partition.startswith("LISTED#"):
            return {"order_id": {"N": str(number)}}
        return to_writes([order_at(number - 10_000_000)])[0].item

    def batch_get_item(self, **asked: Any) -> dict[str, Any]:
        """The orders of those keys."""
        self.calls.append("batch_get_item")
        ((table, request),) = asked["RequestItems"].items()
        wanted = [int(key["pk"]["S"].partition("#")[2]) - 10_000_000 for key in request["Keys"]]
        assert len(wanted) <= 100
        items = [to_writes([order_at(n)])[0].item for n in wanted if 0 <= n < self.count]
        return {"Responses": {table: items}, "UnprocessedKeys": {}}
