"""Port Feed: every row is chained to the row before, whatever pumps do to each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.builders import MOMENT, a_change
from tests.contracts.aws import TABLE, LostReplies
from tests.contracts.test_feed import some_changes
from vouchsafe.adapters.dynamodb import DynamoFeed, DynamoLedger
from vouchsafe.domain.audit import NOTHING_BEFORE, Head, hash_of, record_of


def check_chain(feed: Any, account_id: int = 1) -> list[Any]:
    """The account's rows, each of which must hash to what it says, after the one before."""
    rows = list(feed.after(account_id, 0, 1000))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert [hash_of(record_of(row)) for row in rows] == [row.hash for row in rows]
    assert all(after.previous == before.hash for before, after in pairwise(rows))
    assert rows[0].previous == NOTHING_BEFORE
    assert feed.head(account_id) == Head(number=len(rows), hash=rows[-1].hash, begins=1)
    return rows


class TestChain:
    def test_rows_are_chained_for_each_account_from_its_first(self, book: Any) -> None:
        for change in [*some_changes(book, 3), *some_changes(book, 2, account_id=2)]:
            book.feed.number(change)
        assert len(check_chain(book.feed)) == 3
        assert len(check_chain(book.feed, 2)) == 2

    def test_an_account_without_changes_has_no_head(self, book: Any) -> None:
        assert book.feed.head(1) == Head(number=0, hash="", begins=1)

    def test_numbering_again_gives_the_same_row(self, book: Any) -> None:
        changes = some_changes(book, 3)
        first = [book.feed.number(change) for change in changes]
        book.feed.pass_on(changes[0])
        assert [book.feed.number(change) for change in changes] == first
        assert check_chain(book.feed) == first

    def test_twin_pumps_keep_one_chain(self, book: Any) -> None:
        changes = some_changes(book, 10)
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(book.feed.number, changes + changes[::-1] + changes))
        assert len(check_chain(book.feed)) == 10

    def test_everything_of_a_change_is_in_its_hash_as_it_comes_back(self, book: Any) -> None:
        odd = a_change(
            subject="order 1001 \u20ac \U0001f510",
            data={"text": 'a"\\\n\x01\x7f\u2028', "none": None, "yes": True, "nested": [{"b": []}]},
            before={"whole": -5, "half": 0.5, "large": 2**60, "empty": ""},
            after={"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "\r": 4},
        )
        book.ledger.commit(odd)
        given = book.feed.number(odd)
        (row,) = check_chain(book.feed)
        assert row == given
        assert row.change.before == odd.before | {"half": "0.5", "large": str(2**60)}


class Failing:
    """A client whose transactions fail from the `at`-th on, before or after they were done."""

    def __init__(self, client: Any, at: int, *, after: bool) -> None:
        self._client, self._left, self._after = client, at, after

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)
        if name != "transact_write_items":
            return call

        def cut(**arguments: Any) -> Any:
            self._left -= 1
            if self._left > 0:
                return call(**arguments)
            if self._after:
                call(**arguments)
            raise ClientError({"Error": {"Code": "ValidationException"}}, name)

        return cut


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_pump_that_dies_at_any_number_leaves_one_chain(
    dynamodb: Any, at: int, after: bool
) -> None:
    changes = [a_change(change_id=f"change-{n}", at=MOMENT) for n in range(3)]
    DynamoLedger(dynamodb, TABLE).commit(*changes)
    dying = DynamoFeed(Failing(dynamodb, at, after=after), TABLE)
    with pytest.raises(ClientError):
        for change in changes:
            dying.number(change)
    feed = DynamoFeed(dynamodb, TABLE)
    for change in changes:
        feed.number(change)
    assert len(check_chain(feed)) == 3


def test_a_lost_reply_gives_no_second_row(dynamodb: Any) -> None:
    changes = [a_change(change_id=f"change-{n}") for n in range(3)]
    DynamoLedger(dynamodb, TABLE).commit(*changes)
    feed = DynamoFeed(LostReplies(dynamodb), TABLE)
    for change in changes:
        feed.number(change)
    assert len(check_chain(feed)) == 3


def _before_hashes(dynamodb: Any, count: int) -> None:
    """Rows and a counter as they were written before there were hashes."""
    for number in range(1, count + 1):
        change = a_change(change_id=f"old-{number}")
        DynamoLedger(dynamodb, TABLE).commit(change)
        DynamoFeed(dynamodb, TABLE).number(change)
        _strip(dynamodb, f"{number:012}")
    _strip(dynamodb, "COUNTER")


def _strip(dynamodb: Any, sk: str) -> None:
    dynamodb.update_item(
        TableName=TABLE,
        Key={"pk": {"S": "FEED#1"}, "sk": {"S": sk}},
        UpdateExpression="REMOVE #h, #p, #f, #b",
        ExpressionAttributeNames={"#h": "hash", "#p": "previous", "#f": "format", "#b": "begins"},
    )


def test_a_chain_begins_after_rows_that_have_no_hash(dynamodb: Any) -> None:
    _before_hashes(dynamodb, 2)
    feed = DynamoFeed(dynamodb, TABLE)
    assert feed.head(1) == Head(number=2, hash="", begins=3)
    fresh = [a_change(change_id=f"new-{number}") for number in range(2)]
    DynamoLedger(dynamodb, TABLE).commit(*fresh)
    for change in fresh:
        feed.number(change)
    old_one, old_two, third, fourth = feed.after(1, 0, 10)
    assert {old_one.hash, old_two.hash, old_one.previous, old_two.previous} == {""}
    assert (third.previous, fourth.previous) == (NOTHING_BEFORE, third.hash)
    assert feed.head(1) == Head(number=4, hash=fourth.hash, begins=3)
    assert feed.number(a_change(change_id="old-1")) == old_one
