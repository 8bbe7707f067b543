"""Pages deep inside an account of 100,000 orders: right, and in a handful of calls."""

from __future__ import annotations

import pytest

from tests.contracts.sorted_book import SortedBook, order_at
from vouchsafe.adapters.dynamodb import DynamoOrderLists
from vouchsafe.domain.order import OrderStatus
from vouchsafe.domain.tallies import ALL, product_tally, status_tally, tallies_of
from vouchsafe.order_ports import Span

COUNT = 100_000
HANDFUL = 6


@pytest.fixture(scope="module")
def large() -> SortedBook:
    return SortedBook(COUNT)


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("offset", [0, 1, 4_321, 50_000, COUNT - 40, COUNT + 5])
@pytest.mark.parametrize(
    "tally", [ALL, status_tally(OrderStatus.PENDING), product_tally("ssl_plus")]
)
def test_a_page_anywhere_is_right_and_costs_a_handful_of_calls(
    large: SortedBook, tally: str, offset: int, newest_first: bool
) -> None:
    numbers = [n for n in range(COUNT) if tally == ALL or _has(n, tally)]
    expected = (numbers[::-1] if newest_first else numbers)[offset : offset + 50]
    large.calls.clear()
    lists = DynamoOrderLists(large, "book")
    page = lists.page(
        Span(account_id=1, tally=tally), offset=offset, limit=50, newest_first=newest_first
    )
    assert [order.order_id for order in page] == [10_000_000 + n for n in expected]
    assert len(large.calls) <= HANDFUL


def _has(number: int, tally: str) -> bool:
    if tally.startswith("status"):
        return number % 100 == 0
    return number % 4 == 1


def test_the_short_cut_of_this_test_tells_tallies_as_orders_do() -> None:
    for number in (0, 1, 5, 100):
        for tally in (status_tally(OrderStatus.PENDING), product_tally("ssl_plus")):
            assert _has(number, tally) == (tally in tallies_of(order_at(number)))


def test_totals_are_exact_and_cost_one_call(large: SortedBook) -> None:
    large.calls.clear()
    totals = DynamoOrderLists(large, "book").totals(1)
    assert totals[ALL] == COUNT
    assert totals[status_tally(OrderStatus.PENDING)] == COUNT // 100
    assert totals[product_tally("ssl_plus")] == COUNT // 4
    assert len(large.calls) == 1


def test_a_thousand_rows_deep_inside_cost_a_query_a_megabyte_more(large: SortedBook) -> None:
    large.calls.clear()
    lists = DynamoOrderLists(large, "book")
    page = lists.page(Span(account_id=1), offset=70_000, limit=1000, newest_first=True)
    assert [order.order_id for order in page] == [
        10_000_000 + n for n in range(COUNT - 70_001, COUNT - 71_001, -1)
    ]
    assert len(large.calls) <= HANDFUL + 1
