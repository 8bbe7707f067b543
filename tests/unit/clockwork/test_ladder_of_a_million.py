"""The walk among a million orders: only the days that are asked for are read, page by page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from tests.fakes import FrozenClock, SeededEntropy
from tests.unit.clockwork.world import DAY, a_valid_certificate, a_valid_order, an_issued
from vouchsafe.adapters.dynamodb import DynamoExpiries
from vouchsafe.adapters.dynamodb.attributes import stamp
from vouchsafe.domain.certificate import Issued
from vouchsafe.domain.changes import Change
from vouchsafe.domain.dossier import Dossier
from vouchsafe.domain.expiry import RUNGS, LadderCursor, Reminded, day_of
from vouchsafe.services.expiring import LadderPorts, tell_expiry

COUNT = 1_000_000
#: Certificates of 199 days, so many of which end on each day to come.
LIVES = 199
TODAY = datetime.fromisoformat("2026-11-21T00:00:00+00:00")
#: What one run of the function looks at.
A_RUN = 5000


def ends_of(number: int) -> datetime:
    """Yesterday for some, 197 days from now for others; spread over the day."""
    return TODAY + (number % LIVES - 1) * DAY + timedelta(seconds=number // LIVES)


class Million:
    """The calls that the walk makes of the table and of the ledger, over rows made when read."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.days: Counter[str] = Counter()
        self.told: Counter[tuple[int, int]] = Counter()
        self.cursor: LadderCursor | None = None
        self._certificate, self._order = a_valid_certificate(), a_valid_order()

    # DynamoDB

    @cache  # noqa: B019 (lives as long as its test)
    def _rows(self, partition: str) -> list[str]:
        _, day, shard = partition.split("#")
        first = (datetime.fromisoformat(f"{day}T00:00:00+00:00") - TODAY) // DAY + 1
        numbers = range(first, COUNT, LIVES) if 0 <= first < LIVES else range(0)
        return [f"{stamp(ends_of(n))}#{n}" for n in numbers if n % 8 == int(shard)]

    def query(self, **asked: Any) -> dict[str, Any]:
        assert asked["IndexName"] == "gsi3"
        values = {name: value["S"] for name, value in asked["ExpressionAttributeValues"].items()}
        self.calls["query"] += 1
        self.days[values[":pk"].split("#")[1]] += 1
        rows = self._rows(values[":pk"])
        page = rows[bisect_left(rows, values[":first"]) : bisect_right(rows, values[":last"])]
        page = page[: asked["Limit"]]
        return {"Items": [_keys(row) for row in page]}

    def batch_get_item(self, **asked: Any) -> dict[str, Any]:
        self.calls["batch_get_item"] += 1
        ((table, _),) = asked["RequestItems"].items()
        return {"Responses": {table: []}}

    def get_item(self, **asked: Any) -> dict[str, Any]:
        raise AssertionError(asked)

    # Ledger

    def order(self, order_id: int) -> Dossier:
        self.calls["order"] += 1
        issued: Issued = an_issued(ends_of(order_id), ends_of(order_id) - LIVES * DAY)
        one = replace(self._certificate, order_id=order_id, certificate_id=order_id, issued=issued)
        order = replace(self._order, order_id=order_id, certificate_id=order_id)
        return Dossier(order=order, certificates=(one,), authorizations={})

    def commit(self, *records: Any) -> None:
        self.calls["commit"] += 1
        for each in records:
            if isinstance(each, LadderCursor):
                assert each.version == (self.cursor.version if self.cursor else 0) + 1
                self.cursor = each
            elif isinstance(each, Reminded):
                self.told[each.certificate_id, each.rung] += 1
            else:
                assert isinstance(each, Change)

    def ports(self) -> LadderPorts:
        expiries = DynamoExpiries(self, "book")
        expiries.ladder = lambda: self.cursor  # type: ignore[method-assign]
        ledger: Any = self
        return LadderPorts(
            expiries=expiries, ledger=ledger, clock=FrozenClock(TODAY), entropy=SeededEntropy()
        )


def _keys(row: str) -> dict[str, Any]:
    number = row.rpartition("#")[2]
    return {
        "pk": {"S": f"ORDER#{number}"},
        "sk": {"S": f"CERT#{number}"},
        "gsi3sk": {"S": row},
    }


@pytest.mark.long
def test_a_day_of_a_million_orders_reads_eight_days_buckets_and_nothing_else() -> None:
    book = Million()
    ports, runs = book.ports(), 0
    while book.cursor is None or book.cursor.done < TODAY:
        tell_expiry(A_RUN, ports=ports)
        runs += 1
    due = [n for n in range(COUNT) if (day_of(ends_of(n)) - TODAY) // DAY in RUNGS]
    assert {number for number, _ in book.told} == set(due)
    assert set(book.told.values()) == {1}
    assert set(book.days) == {stamp(TODAY + rung * DAY)[:10] for rung in RUNGS}
    print(f"{len(due)} of {COUNT} told in {runs} runs: {dict(book.calls)}")
    assert book.calls["query"] <= len(due) / 100 + 2 * 8 * len(RUNGS)
    assert book.calls["order"] == len(due)
    assert runs <= 10, "of 24 a day"
    before = Counter(book.calls)
    assert tell_expiry(A_RUN, ports=ports).seen == 0
    assert book.calls == before, "once a day is done, a run costs the read of the cursor"
