"""Reading lines: order, what fails, what a dead reader leaves, and who is called again."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta

import pytest

from tests.builders import MOMENT
from tests.fakes import Cut, FrozenClock
from tests.fakes_lines import HELD_FOR, FakeLine
from vouchsafe.line_ports import Message
from vouchsafe.services.reading import MOST_READERS, Read, call_again, call_readers, read_line

_WORK_FOR = timedelta(seconds=30)


class Reader:
    """Reads a line and notes what it did; refuses the bodies it is told to."""

    def __init__(self, *refused: str) -> None:
        self.clock = FrozenClock(MOMENT)
        self.line = FakeLine(self.clock)
        self.refused = set(refused)
        self.did: list[str] = []
        self.takes_seconds = 0

    def send(self, *bodies: str) -> None:
        """`a1` is in group `a`."""
        for body in bodies:
            self.line.send(body, group=body[0], key=body)

    def work(self, message: Message) -> bool:
        self.clock.advance(timedelta(seconds=self.takes_seconds))
        if message.body in self.refused:
            return False
        self.did.append(message.body)
        return True

    def read(self, most: int = 10) -> Read:
        return read_line(self.work, line=self.line, clock=self.clock, most=most, work_for=_WORK_FOR)


@pytest.mark.parametrize("most", [1, 2, 10])
def test_a_line_is_read_until_nothing_waits(most: int) -> None:
    reader = Reader()
    reader.send("a1", "b1", "a2", "b2")
    assert reader.read(most) == Read(done=4)
    assert sorted(reader.did) == ["a1", "a2", "b1", "b2"]
    assert reader.line.waiting() == 0


def test_what_comes_while_it_reads_is_read_too() -> None:
    reader = Reader()
    reader.send("a1")
    plain = reader.work

    def work(message: Message) -> bool:
        if message.body == "a1":
            reader.send("a2")
        return plain(message)

    read_line(work, line=reader.line, clock=reader.clock, most=10, work_for=_WORK_FOR)
    assert reader.did == ["a1", "a2"]


def test_what_fails_holds_up_its_own_group_alone_and_comes_again_in_order() -> None:
    reader = Reader("a1")
    reader.send("a1", "a2", "b1")
    assert reader.read() == Read(done=1, failed=2)
    assert reader.did == ["b1"]
    assert reader.read() == Read(), "what failed is not tried again at once"
    reader.refused.clear()
    reader.clock.advance(HELD_FOR)
    assert reader.read() == Read(done=2)
    assert reader.did == ["b1", "a1", "a2"]


def test_a_reader_stops_in_time_and_says_that_there_may_be_more() -> None:
    reader = Reader()
    reader.takes_seconds = 20
    reader.send("a1", "a2", "a3")
    assert reader.read(most=1) == Read(done=2, more=True)
    assert reader.line.waiting() == 1


def test_only_those_are_called_that_something_was_sent_to() -> None:
    quiet, busy = Reader(), Reader()
    busy.send("a1", "a2")
    assert call_readers([quiet.line, busy.line]) == 1
    assert (quiet.line.calls, busy.line.calls) == (0, 1)
    assert call_readers([quiet.line, busy.line]) == 0


@pytest.mark.parametrize(
    ("waiting", "called"), [(0, 0), (1, 1), (10, 1), (11, 2), (10_000, MOST_READERS)]
)
def test_after_an_outage_so_many_readers_are_called_as_there_is_work_for(
    waiting: int, called: int
) -> None:
    reader = Reader()
    reader.send(*(f"{number}" for number in range(waiting)))
    assert call_again([reader.line]) == called == reader.line.calls


class Mortal(Reader):
    """Dies at random, before its work or after it."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.dice = random.Random(seed)
        self.died_after = 0

    def work(self, message: Message) -> bool:
        fate = self.dice.random()
        if fate < 0.2:
            raise Cut
        super().work(message)
        if fate > 0.8:
            self.died_after += 1
            raise Cut
        return True

    def run(self) -> None:
        with suppress(Cut):
            self.read()

    def order_within(self, group: str) -> list[int]:
        """What was done of a group, where each was done first."""
        return [int(body[1:]) for body in dict.fromkeys(self.did) if body[0] == group]


@pytest.mark.parametrize("seed", range(20))
def test_calls_that_are_lost_and_readers_that_die_lose_nothing(seed: int) -> None:
    """Passes every five minutes have everything done in each group's order, with a repeat only
    where a reader died between its work and the note of it."""
    reader = Mortal(seed)
    for number in range(40):
        reader.send(f"{reader.dice.choice('abc')}{number}")
        if reader.dice.random() < 0.5:  # else the call is lost
            reader.run()
    for _ in range(400):
        reader.clock.advance(timedelta(minutes=5))
        for _ in range(call_again([reader.line])):
            reader.run()
    assert len(set(reader.did)) == 40
    assert len(reader.did) == 40 + reader.died_after
    for group in "abc":
        assert reader.order_within(group) == sorted(reader.order_within(group))
