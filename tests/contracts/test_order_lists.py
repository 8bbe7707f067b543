"""Lists and totals of orders: the same over the fake, which counts anew, and over DynamoDB."""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_change, an_order
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.order import Glance, Order, OrderStatus
from vouchsafe.domain.tallies import ALL, product_tally, status_tally, tallies_of
from vouchsafe.order_ports import Span


def _orders(count: int, *, apart: timedelta = timedelta(hours=7)) -> list[Order]:
    return [
        an_order(
            order_id=1001 + number,
            certificate_id=5001 + number,
            created_at=MOMENT + number * apart,
            product_id=("ssl_basic", "ssl_plus", "ssl_wildcard")[number % 3],
            organization_id=None if number % 4 else 12,
        )
        for number in range(count)
    ]


def _placed(book: Any, count: int, **layout: Any) -> list[Order]:
    orders = _orders(count, **layout)
    for order in orders:
        book.ledger.commit(order)
    return orders


def _ids(orders: Any) -> list[int]:
    return [order.order_id for order in orders]


def _nonzero(totals: Any) -> dict[str, int]:
    return {name: count for name, count in totals.items() if count}


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("tally", [ALL, status_tally(OrderStatus.PENDING), "product=ssl_plus"])
def test_every_page_of_every_list_is_the_same_slice_of_all(
    book: Any, tally: str, newest_first: bool
) -> None:
    orders = [order for order in _placed(book, 30) if tally in tallies_of(order)]
    expected = _ids(orders[::-1] if newest_first else orders)
    span = Span(account_id=1, tally=tally)
    for offset in range(0, 31, 3):
        page = book.lists.page(span, offset=offset, limit=4, newest_first=newest_first)
        assert _ids(page) == expected[offset : offset + 4]


def test_a_page_begins_inside_a_busy_hour(book: Any) -> None:
    orders = _placed(book, 12, apart=timedelta(minutes=11))
    page = book.lists.page(Span(account_id=1), offset=7, limit=3, newest_first=False)
    assert _ids(page) == _ids(orders[7:10])
    page = book.lists.page(Span(account_id=1), offset=7, limit=3, newest_first=True)
    assert _ids(page) == _ids(orders[::-1][7:10])


def test_an_order_that_moves_is_counted_under_its_new_status_only(book: Any) -> None:
    order, *_ = _placed(book, 2)
    book.ledger.commit(replace(order.moved(OrderStatus.VALID), renewed_by=9))
    totals = _nonzero(book.lists.totals(1))
    assert totals[ALL] == 2
    assert totals[status_tally(OrderStatus.PENDING)] == 1
    assert totals[status_tally(OrderStatus.VALID)] == 1
    assert totals["renewed=1"] == totals["renewed=0"] == 1
    renewed = Span(account_id=1, tally="renewed=1")
    assert _ids(book.lists.page(renewed, offset=0, limit=9, newest_first=False)) == [1001]
    others = Span(account_id=1, tally="renewed=0")
    assert _ids(book.lists.page(others, offset=0, limit=9, newest_first=False)) == [1002]


def test_an_order_under_reissue_is_counted_and_listed_as_such(book: Any) -> None:
    order, *_ = _placed(book, 2)
    issued = _issued(order, 90)
    book.ledger.commit(issued)
    reissued = replace(issued, certificate_id=5900, version=3)
    book.ledger.commit(reissued)
    totals = _nonzero(book.lists.totals(1))
    assert totals["status=reissuing"] == 1
    assert "status=valid" not in totals
    for tally, found in (("status=reissuing", [1001]), ("status=valid", [])):
        span = Span(account_id=1, tally=tally)
        assert _ids(book.lists.page(span, offset=0, limit=9, newest_first=False)) == found
    (move,) = book.lists.ending(1, MOMENT, MOMENT + timedelta(days=90))
    assert move.under_way


def test_a_refused_commit_counts_nothing(book: Any) -> None:
    order, *_ = _placed(book, 1)
    before = _nonzero(book.lists.totals(1))
    with pytest.raises(Conflict):
        book.ledger.commit(replace(order.moved(OrderStatus.VALID), version=5))
    with pytest.raises(Conflict):
        book.ledger.commit(order)
    assert _nonzero(book.lists.totals(1)) == before


def test_two_orders_of_one_hour_move_in_one_commit(book: Any) -> None:
    first, second = _placed(book, 2, apart=timedelta(minutes=1))
    book.ledger.commit(first.moved(OrderStatus.VALID), second.moved(OrderStatus.VALID))
    assert _nonzero(book.lists.totals(1))[status_tally(OrderStatus.VALID)] == 2


def test_totals_of_another_account_are_its_own(book: Any) -> None:
    _placed(book, 3)
    assert _nonzero(book.lists.totals(2)) == {}
    assert list(book.lists.page(Span(account_id=2), offset=0, limit=5, newest_first=True)) == []
    assert list(book.lists.orders(2, [1001])) == []


def test_totals_equal_a_count_after_many_random_moves_some_of_which_lose(book: Any) -> None:
    chance = random.Random(5)
    stale: dict[int, list[Order]] = {}
    for order in _orders(12):
        book.ledger.commit(order)
        stale[order.order_id] = [order]
    lost = 0
    for _ in range(250):
        versions = stale[chance.choice(list(stale))]
        order = versions[-1] if chance.random() < 0.8 else chance.choice(versions)
        changed = replace(
            order.moved(chance.choice(list(OrderStatus))),
            organization_id=chance.choice([None, 12, 13]),
            renewed_by=chance.choice([None, 9]),
        )
        try:
            book.ledger.commit(changed)
            versions.append(changed)
        except Conflict:
            lost += 1
    assert lost > 10
    standing = [book.ledger.order(number).order for number in stale]
    counted = Counter(tally for order in standing for tally in tallies_of(order))
    assert _nonzero(book.lists.totals(1)) == counted
    for tally, count in counted.items():
        span = Span(account_id=1, tally=tally)
        page = book.lists.page(span, offset=0, limit=50, newest_first=False)
        assert len(page) == count
        assert all(tally in tallies_of(order) for order in page)


def test_a_walk_keeps_to_its_time(book: Any) -> None:
    _placed(book, 6)
    times = {"since": MOMENT + timedelta(hours=7), "until": MOMENT + timedelta(hours=28)}
    span = Span(account_id=1, **times)
    assert _ids(book.lists.walk(span, limit=10)) == [1002, 1003, 1004, 1005]
    assert _ids(book.lists.walk(span, limit=2)) == [1002, 1003]
    plus = Span(account_id=1, tally=product_tally("ssl_plus"), **times)
    assert _ids(book.lists.walk(plus, limit=10)) == [1002, 1005]


def test_an_order_is_found_by_each_of_its_names_once_they_are_noted(book: Any) -> None:
    order, other = _placed(book, 2)
    wild = an_order(order_id=1500, dns_names=("*.example.com", "a.other.net"))
    book.ledger.commit(wild)
    for each in (order, other, wild, wild):
        book.names.note(each)
    assert set(_ids(book.lists.named(1, "www.example.com", limit=9))) == {1001, 1002}
    assert len(book.lists.named(1, "www.example.com", limit=1)) == 1
    assert _ids(book.lists.named(1, "*.example.com", limit=9)) == [1500]
    assert _ids(book.lists.named(1, "a.other.net", limit=9)) == [1500]
    assert list(book.lists.named(1, "example.org", limit=9)) == []
    assert list(book.lists.named(2, "www.example.com", limit=9)) == []


def _issued(order: Order, days: int) -> Order:
    seen = Glance(
        certificate_id=order.certificate_id,
        serial=7,
        not_before=MOMENT,
        not_after=MOMENT + timedelta(days=days),
    )
    return replace(order.moved(OrderStatus.VALID), issued=seen)


def _said(order_id: int, number: int) -> Any:
    return a_change(change_id=f"{number:026}", at=MOMENT, order_id=order_id)


def _told(book: Any, order: Any, number: int, at: datetime) -> None:
    """Commit an order with the change that says so, which gets its number at `at`."""
    change = _said(order.order_id, number)
    book.ledger.commit(order, change)
    book.clock.advance(at - book.clock.now())
    book.feed.number(change)


def test_an_order_stands_once_among_the_moves_at_its_last_one(book: Any) -> None:
    orders = _orders(3)
    for number, order in enumerate(orders):
        _told(book, order, number, MOMENT + timedelta(minutes=number))
    later = MOMENT + timedelta(minutes=30)
    _told(book, _issued(orders[0], 90), 100, later)
    all_time = (MOMENT, MOMENT + timedelta(days=1))
    found = book.lists.moved(1, *all_time)
    assert [(move.order_id, move.status.value) for move in found] == [
        (1002, "pending"),
        (1003, "pending"),
        (1001, "valid"),
    ]
    assert _ids(book.lists.moved(1, later, later)) == [1001]
    assert list(book.lists.moved(2, *all_time)) == []


def test_a_change_that_moves_no_status_leaves_the_move_where_it_was(book: Any) -> None:
    order, *_ = _orders(1)
    _told(book, order, 1, MOMENT)
    _told(book, replace(order, version=2), 2, MOMENT + timedelta(hours=1))
    assert _ids(book.lists.moved(1, MOMENT, MOMENT)) == [1001]
    assert not book.lists.moved(1, MOMENT + timedelta(seconds=1), MOMENT + timedelta(days=1))


def test_a_move_that_was_numbered_late_is_found_at_that_time(book: Any) -> None:
    order, *_ = _orders(1)
    change = _said(order.order_id, 1)
    book.ledger.commit(order, change)
    outage = MOMENT + timedelta(hours=2)
    assert not book.lists.moved(1, MOMENT, outage), "who polled meanwhile could not see it"
    book.clock.advance(timedelta(hours=2))
    book.feed.number(change)
    assert _ids(book.lists.moved(1, outage, outage + timedelta(minutes=1))) == [1001]


def test_valid_orders_are_found_by_the_end_of_their_certificate(book: Any) -> None:
    first, second, third = _placed(book, 3)
    for order, days in ((first, 40), (second, 20), (third, 90)):
        book.ledger.commit(_issued(order, days))
    book.ledger.commit(_issued(second, 20).moved(OrderStatus.REVOKED))
    found = book.lists.ending(1, MOMENT, MOMENT + timedelta(days=60))
    assert _ids(found) == [1001]


def test_totals_equal_a_count_after_threads_raced_for_the_same_orders(book: Any) -> None:
    numbers = [order.order_id for order in _placed(book, 4, apart=timedelta(minutes=9))]
    won: list[int] = []

    def race(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(25):
            order = book.ledger.order(chance.choice(numbers)).order
            moved = order.moved(chance.choice(list(OrderStatus)))
            try:
                book.ledger.commit(moved)
                won.append(seed)
            except Conflict:
                continue

    threads = [threading.Thread(target=race, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    standing = [book.ledger.order(number).order for number in numbers]
    assert sum(order.version - 1 for order in standing) == len(won) > 4
    assert _nonzero(book.lists.totals(1)) == Counter(
        tally for order in standing for tally in tallies_of(order)
    )
