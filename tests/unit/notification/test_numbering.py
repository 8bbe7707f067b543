"""Changes get their numbers and go to be told, whatever happens in between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import MOMENT, a_change
from tests.fakes import Cut, FakeBook, FakeNoticeQueue, Tripwire
from vouchsafe.domain.changes import Change
from vouchsafe.domain.errors import Unavailable
from vouchsafe.services.notification import number_change, sweep_left_behind

LATER = MOMENT + timedelta(minutes=20)


def three_changes(book: FakeBook) -> list[str]:
    changes = [
        a_change(change_id=f"change-{number}", at=MOMENT + timedelta(minutes=number))
        for number in range(3)
    ]
    book.commit(*changes)
    return [change.change_id for change in changes]


def test_a_change_is_numbered_and_queued() -> None:
    book, queue = FakeBook(), FakeNoticeQueue()
    book.commit(a_change())
    numbered = number_change(a_change(), feed=book, queue=queue)
    assert (numbered.number, numbered.change) == (1, a_change())
    assert queue.sent == [numbered]


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("after", [False, True])
def test_a_pump_that_died_anywhere_for_good_is_made_up_for_by_the_sweep(
    at: int, after: bool
) -> None:
    tripwire = Tripwire(at, after=after)
    book, queue = FakeBook(tripwire=None), FakeNoticeQueue(tripwire)
    book.commit(a_change())
    book._tripwire = tripwire
    with pytest.raises(Cut):
        number_change(a_change(), feed=book, queue=queue)
    sweep_left_behind(LATER, 10, feed=book, queue=queue)
    assert [each.number for each in queue.sent] == [1]
    assert book.left_behind(LATER, 10) == []


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("after", [False, True])
def test_a_pump_that_died_anywhere_and_ran_again_numbers_and_queues_once(
    at: int, after: bool
) -> None:
    tripwire = Tripwire(at, after=after)
    book, queue = FakeBook(), FakeNoticeQueue(tripwire)
    book.commit(a_change())
    book._tripwire = tripwire
    with pytest.raises(Cut):
        number_change(a_change(), feed=book, queue=queue)
    number_change(a_change(), feed=book, queue=queue)
    assert [each.number for each in queue.sent] == [1]
    assert [each.number for each in book.after(1, 0, 10)] == [1]


def test_the_sweep_takes_what_the_stream_left_oldest_first() -> None:
    book, queue = FakeBook(), FakeNoticeQueue()
    first, second, third = three_changes(book)
    number_change(a_change(change_id=second), feed=book, queue=queue)
    assert sweep_left_behind(LATER, 10, feed=book, queue=queue) == 2
    assert [each.change.change_id for each in queue.sent] == [second, first, third]
    assert sweep_left_behind(LATER, 10, feed=book, queue=queue) == 0


def test_the_sweep_leaves_what_is_still_young_or_too_much() -> None:
    book, queue = FakeBook(), FakeNoticeQueue()
    three_changes(book)
    assert sweep_left_behind(MOMENT + timedelta(minutes=1), 10, feed=book, queue=queue) == 1
    assert sweep_left_behind(LATER, 1, feed=book, queue=queue) == 1


def test_a_change_that_cannot_be_numbered_keeps_none_behind_it_waiting() -> None:
    book, queue = FakeBook(), FakeNoticeQueue()
    first, *others = three_changes(book)

    def index(change: Change) -> None:
        if change.change_id == first:
            raise Unavailable("its order changes too fast to be read")

    with pytest.raises(ExceptionGroup, match="1 of 3 changes stay behind"):
        sweep_left_behind(LATER, 10, feed=book, queue=queue, then=index)
    assert [each.change.change_id for each in queue.sent] == others
