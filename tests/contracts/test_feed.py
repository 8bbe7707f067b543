"""Ports Feed and Claims."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_change
from vouchsafe.domain.errors import Conflict

LATER = MOMENT + timedelta(hours=1)


def some_changes(book: Any, count: int, **changed: Any) -> list[Any]:
    changes = [
        a_change(
            **{
                "change_id": f"change-{changed.get('account_id', 1)}-{number:03}",
                "at": MOMENT + timedelta(seconds=number),
                "data": {"number": number},
            }
            | changed
        )
        for number in range(count)
    ]
    book.ledger.commit(*changes)
    return changes


class TestFeed:
    def test_numbers_run_from_one_without_a_gap_for_each_account(self, book: Any) -> None:
        first = [book.feed.number(change).number for change in some_changes(book, 3)]
        other = [book.feed.number(c).number for c in some_changes(book, 2, account_id=2)]
        assert (first, other) == ([1, 2, 3], [1, 2])

    def test_a_change_keeps_its_number(self, book: Any) -> None:
        one, two = some_changes(book, 2)
        assert book.feed.number(one).number == 1
        assert book.feed.number(two).number == 2
        assert book.feed.number(one).number == 1
        assert [each.number for each in book.feed.after(1, 0, 10)] == [1, 2]

    def test_pumps_at_once_give_every_change_one_number(self, book: Any) -> None:
        changes = some_changes(book, 8)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(book.feed.number, changes + changes[::-1]))
        rows = book.feed.after(1, 0, 100)
        assert [row.number for row in rows] == list(range(1, 9))
        assert {row.change.change_id for row in rows} == {c.change_id for c in changes}

    def test_a_reader_goes_on_from_its_cursor(self, book: Any) -> None:
        changes = some_changes(book, 12)
        for change in changes:
            book.feed.number(change)
        rows = book.feed.after(1, 8, 3)
        assert [row.number for row in rows] == [9, 10, 11]
        assert [row.change for row in rows] == changes[8:11]
        assert list(book.feed.after(1, 12, 3)) == []
        assert list(book.feed.after(2, 0, 3)) == []

    def test_a_change_that_was_never_committed_gets_no_number(self, book: Any) -> None:
        with pytest.raises(KeyError):
            book.feed.number(a_change())

    def test_what_was_not_passed_on_is_listed_oldest_first_numbered_or_not(self, book: Any) -> None:
        changes = some_changes(book, 5)
        assert list(book.feed.left_behind(LATER, 10)) == changes
        assert list(book.feed.left_behind(LATER, 2)) == changes[:2]
        assert list(book.feed.left_behind(MOMENT + timedelta(seconds=2), 10)) == changes[:2]
        book.feed.number(changes[0])
        assert list(book.feed.left_behind(LATER, 10)) == changes
        book.feed.pass_on(changes[0])
        assert list(book.feed.left_behind(LATER, 10)) == changes[1:]
        assert book.feed.number(changes[0]).number == 1, "passing on keeps the number"


class TestClaims:
    def test_the_first_gets_it_and_the_second_does_not(self, book: Any) -> None:
        assert book.claims.take("a", MOMENT, LATER)
        assert not book.claims.take("a", MOMENT, LATER)
        assert book.claims.take("b", MOMENT, LATER)

    def test_a_lease_that_ran_out_may_be_taken(self, book: Any) -> None:
        assert book.claims.take("a", MOMENT, LATER)
        assert not book.claims.take("a", LATER - timedelta(seconds=1), LATER)
        assert book.claims.take("a", LATER, LATER + timedelta(hours=1))
        assert not book.claims.take("a", LATER, LATER + timedelta(hours=1))

    def test_what_is_done_is_never_given_again(self, book: Any) -> None:
        book.claims.take("a", MOMENT, LATER)
        assert book.claims.outcome("a") is None
        book.claims.finish("a", "sent")
        assert book.claims.outcome("a") == "sent"
        assert not book.claims.take("a", LATER + timedelta(days=1), LATER + timedelta(days=2))

    def test_what_was_released_may_be_taken_at_once(self, book: Any) -> None:
        book.claims.take("a", MOMENT, LATER)
        book.claims.release("a")
        assert book.claims.take("a", MOMENT, LATER)

    def test_what_is_done_cannot_be_released(self, book: Any) -> None:
        book.claims.take("a", MOMENT, LATER)
        book.claims.finish("a", "sent")
        book.claims.release("a")
        assert not book.claims.take("a", MOMENT, LATER)

    def test_what_was_never_taken_cannot_be_done(self, book: Any) -> None:
        with pytest.raises(Conflict):
            book.claims.finish("a", "sent")
        book.claims.release("a")
        assert book.claims.outcome("a") is None

    def test_of_many_at_once_one_gets_it(self, book: Any) -> None:
        with ThreadPoolExecutor(4) as pool:
            taken = list(pool.map(lambda _: book.claims.take("a", MOMENT, LATER), range(8)))
        assert taken.count(True) == 1
