"""The feed under twins: pumps that collide, stop and come again; pollers that sleep and die."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT
from tests.contracts.test_feed import some_changes
from vouchsafe.domain.changes import Change, NumberedChange
from vouchsafe.services.notification import number_change, sweep_left_behind

_LATER = MOMENT + timedelta(days=1)


class Killed(BaseException):
    """The process is gone; nothing after it was done, and nobody may catch it."""


class Rough:
    """Feed and queue in one, in which every step may be the last: before it, or right after."""

    def __init__(self, feed: Any, dice: random.Random) -> None:
        self._feed, self._dice = feed, dice
        self.queued: list[NumberedChange] = []

    def _maybe_die(self) -> None:
        if self._dice.random() < 0.02:
            raise Killed

    def number(self, change: Change) -> NumberedChange:
        self._maybe_die()
        numbered: NumberedChange = self._feed.number(change)
        self._maybe_die()
        return numbered

    def send(self, numbered: NumberedChange) -> None:
        self._maybe_die()
        self.queued.append(numbered)
        self._maybe_die()

    def pass_on(self, change: Change) -> None:
        self._maybe_die()
        self._feed.pass_on(change)

    def left_behind(self, before: Any, limit: int) -> Any:
        return self._feed.left_behind(before, limit)


def pump(rough: Rough, changes: list[Change]) -> Iterator[None]:
    """One stream consumer: takes its batch from the top again after every death."""
    while True:
        try:
            for change in changes:
                number_change(change, feed=rough, queue=rough)  # type: ignore[arg-type]
                yield
        except Killed:
            yield
            continue
        return


def poller(feed: Any, dice: random.Random, seen: list[int]) -> Iterator[None]:
    """A client: keeps its cursor beside what it did, sleeps, dies between reading and keeping."""
    cursor = 0
    while True:
        for _ in range(dice.randrange(8)):
            yield
        page = feed.after(1, cursor, dice.randrange(1, 6))
        if dice.random() < 0.2:
            continue  # died with the page in its hands; comes again with the old cursor
        seen += [row.number for row in page]
        cursor = page[-1].number if page else cursor


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_or_doubled_and_order_is_kept(book: Any, seed: int) -> None:
    dice = random.Random(seed)
    changes = some_changes(book, 24)
    rough = Rough(book.feed, dice)
    seen: list[list[int]] = [[], []]
    split = dice.randrange(4, 20)
    # Twins: both shards of a stream that was split show the middle of the batch.
    at_work = [pump(rough, changes[: split + 4]), pump(rough, changes[split - 4 :])]
    pollers = [poller(book.feed, dice, each) for each in seen]
    while at_work:
        one = dice.choice([*at_work, *pollers])
        if next(one, "over") == "over":
            at_work.remove(one)
    sweep_left_behind(_LATER, 100, feed=book.feed, queue=rough)  # type: ignore[arg-type]
    for _ in range(400):
        next(dice.choice(pollers))
    rows = book.feed.after(1, 0, 100)
    assert [row.number for row in rows] == list(range(1, 25)), "no gap, nothing twice"
    assert sorted(row.change.change_id for row in rows) == [c.change_id for c in changes]
    assert seen == [list(range(1, 25))] * 2, "each poller saw each number once, in order"
    assert {each.number for each in rough.queued} == set(range(1, 25)), "all of it was queued"
    assert not book.feed.left_behind(_LATER, 10)


def test_changes_of_one_object_are_numbered_in_the_order_they_were_committed(book: Any) -> None:
    changes = some_changes(book, 6)
    rough = Rough(book.feed, random.Random(5))
    for _ in pump(rough, changes):
        pass
    assert [row.change for row in book.feed.after(1, 0, 10)] == changes
