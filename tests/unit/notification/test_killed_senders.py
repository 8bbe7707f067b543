"""Senders that die anywhere, again and again: nothing is lost, and repeats are counted."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.builders import a_change, an_order
from tests.fakes import Cut, Tripwire
from tests.letter_world import World
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.order import OrderDetails
from vouchsafe.services.telling import LEASE

_CHANGES = 40
_CALLS = 7  # port calls of one telling, at most: see the test below
_PEOPLE = tuple(f"n{number}@example.com" for number in range(60))  # two messages a change


def _is_fatal(call: str, *, after: bool) -> bool:
    """Whether a death there leaves a mail sent that nobody noted."""
    return (call, after) in {("mailer.send", True), ("claims.finish", False)}


class Desk:
    """A world whose worker is killed at a random call; what was killed is counted."""

    def __init__(self, seed: int, *, names: tuple[str, ...] = ()) -> None:
        self.random = random.Random(seed)
        details = OrderDetails(notify=names)
        self.world = World(order=an_order(details=details))
        self.kills, self.fatal, self.busy = 0, 0, 0

    def once(self, number: int) -> bool:
        """One delivery of a message; whether the queue is done with it."""
        world, after = self.world, self.random.random() < 0.5
        wire = Tripwire(self.random.randint(1, _CALLS * 2), after=after)
        world.book._tripwire = wire
        world.mailer._tripwire = wire
        try:
            world.tell(a_change(change_id=f"change-{number:02}"))
        except Cut:
            self.kills += 1
            self.fatal += _is_fatal(wire.calls[-1], after=after)
            return False
        except Unavailable:  # the lease of one that died
            self.busy += 1
            return False
        return True

    def deliver(self, number: int) -> None:
        """As the queue does: again until it is done, at times before the lease is over."""
        while not self.once(number):
            if self.random.random() < 0.7:
                self.world.clock.advance(LEASE)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_lost_and_a_repeat_takes_a_kill_between_sending_and_noting(seed: int) -> None:
    desk = Desk(seed)
    for number in range(_CHANGES):
        desk.deliver(number)
    sent = len(desk.world.mailer.sent)
    assert desk.kills > 5
    assert sent == _CHANGES + desk.fatal


@pytest.mark.parametrize("seed", range(6))
def test_each_of_several_messages_about_a_change_is_counted_by_itself(seed: int) -> None:
    desk = Desk(seed, names=_PEOPLE)
    for number in range(_CHANGES):
        desk.deliver(number)
    got = Counter(each for mail in desk.world.mailer.sent for each in mail.to)
    assert set(got) == {"ada@example.com", *_PEOPLE}
    assert min(got.values()) >= _CHANGES
    assert len(desk.world.mailer.sent) == 2 * _CHANGES + desk.fatal


def test_the_kills_reach_every_call_and_some_fall_between_sending_and_noting() -> None:
    world = World()
    world.tell()
    assert len(world.tripwire.calls) == _CALLS
    desks = [Desk(seed) for seed in range(12)]
    for desk in desks:
        for number in range(_CHANGES):
            desk.deliver(number)
    assert sum(desk.fatal for desk in desks) > 20
    assert sum(desk.busy for desk in desks) > 20
