"""How a webhook fares: how far it got, what it refused and when that is tried again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

#: An event that was refused is tried again for so long from then on; then it is given up.
RETRY_FOR = timedelta(hours=24)
#: A webhook that takes nothing for so long is switched off.
DEAD_AFTER = timedelta(days=7)
#: Different events in a row, each refused when it was first posted, that open the circuit.
OPENS_AFTER = 5
#: Events set aside at one webhook; with so many it is told no others until some are settled.
MOST_ASIDE = 100
#: Seconds until the next try, by tries that failed; from the last one on always the same.
PAUSES = (30, 60, 120, 300, 600, 1200, 1800, 3600)
#: How long whoever works on a webhook keeps it to himself.
LEASE = timedelta(seconds=90)
#: People are told of an open circuit after so long, and of one event alone that nobody takes.
TELL_OPEN_AFTER = timedelta(hours=1)
TELL_FAILING_AFTER = RETRY_FOR


def _after(now: datetime, failures: int) -> datetime:
    return now + timedelta(seconds=PAUSES[min(failures, len(PAUSES)) - 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """An event that was refused, by its number in the feed; it is tried again by itself.

    `since` is when it was first refused, `attempts` counts the posts of it.
    """

    number: int
    replay: bool
    attempts: int
    since: datetime
    due_at: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether a try now is the last one."""
        return now - self.since >= RETRY_FOR

    def again(self, now: datetime) -> SetAside:
        """After one more refusal."""
        tries = self.attempts + 1
        return replace(self, attempts=tries, due_at=_after(now, tries))


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookState:
    """How far a webhook got; written by who posts alone.

    `cursor` is the number of the last change dealt with: taken, set aside or of no concern. `done`
    are the errands, `replayed` the last number of the replay under way. `due_at` is when it is to
    be looked at again: with an open circuit not before, else for the first of those set aside.
    """

    webhook_id: int
    account_id: int
    cursor: int = 0
    done: tuple[int, ...] = ()
    replayed: int = 0
    aside: tuple[SetAside, ...] = ()
    failures: int = 0  # posts in a row that were not taken
    refused: int = 0  # events in a row, each at its first post; with an open circuit every post
    failing_since: datetime | None = None
    due_at: datetime | None = None
    held_until: datetime | None = None
    circuit_open: bool = False
    opened_at: datetime | None = None
    trouble_told: bool = False  # to people, since the last post that was taken
    token_sha256: str = ""
    token_ends_at: datetime | None = None
    version: int = 0

    def next(self) -> WebhookState:
        """The same, one version on: what is written."""
        return replace(self, version=self.version + 1)

    def is_held(self, now: datetime) -> bool:
        """Whether somebody is at work on it."""
        return self.held_until is not None and self.held_until > now

    def is_waiting(self, now: datetime) -> bool:
        """Whether its circuit is open, and it is too early for another try."""
        return self.circuit_open and self.due_at is not None and self.due_at > now

    @property
    def is_full(self) -> bool:
        """Whether nothing more can be set aside."""
        return len(self.aside) >= MOST_ASIDE

    def next_aside(self, now: datetime | None) -> SetAside | None:
        """What was set aside and waits longest for its next try; due by `now`, if that is given."""
        due = [each for each in self.aside if now is None or each.due_at <= now]
        return min(due, key=lambda each: each.due_at, default=None)

    def set_aside(self, number: int, now: datetime, *, replay: bool) -> WebhookState:
        """After the first post of an event was refused."""
        new = SetAside(number=number, replay=replay, attempts=1, since=now, due_at=_after(now, 1))
        kept = (*self._but(number, replay=replay), new)
        return replace(self, aside=kept)._failed(now, counts=True)

    def refused_again(self, each: SetAside, now: datetime) -> WebhookState:
        """After another post of what was set aside was refused; the last one ends it."""
        others = self._but(each.number, replay=each.replay)
        kept = others if each.is_over(now) else (*others, each.again(now))
        return replace(self, aside=kept)._failed(now, counts=False)

    def settled(self, each: SetAside) -> WebhookState:
        """Without that event, whatever became of it."""
        return replace(self, aside=self._but(each.number, replay=each.replay))

    def _but(self, number: int, *, replay: bool) -> tuple[SetAside, ...]:
        return tuple(e for e in self.aside if (e.number, e.replay) != (number, replay))

    def _failed(self, now: datetime, *, counts: bool) -> WebhookState:
        """`counts`: it says something about the endpoint, not about the one event alone."""
        refused = self.refused + (counts or self.circuit_open)
        is_open = self.circuit_open or refused >= OPENS_AFTER
        return replace(
            self,
            failures=self.failures + 1,
            refused=refused,
            failing_since=self.failing_since or now,
            circuit_open=is_open,
            opened_at=(self.opened_at or now) if is_open else None,
            due_at=_after(now, max(refused - OPENS_AFTER, 0) + 1) if is_open else None,
        )

    def worked(self, now: datetime) -> WebhookState:
        """After a post that was taken. With it a circuit closes, and what waited is due."""
        after = replace(
            self,
            failures=0,
            refused=0,
            failing_since=None,
            due_at=None,
            circuit_open=False,
            opened_at=None,
            trouble_told=False,
        )
        return after.hurried(now) if self.circuit_open else after

    def hurried(self, now: datetime) -> WebhookState:
        """With all that was set aside due."""
        due = tuple(replace(each, due_at=min(each.due_at, now)) for each in self.aside)
        return replace(self, aside=due)

    def since(self, number: int) -> WebhookState:
        """Told what comes behind that number of the feed, and nothing that it refused before."""
        kept = tuple(each for each in self.aside if each.replay or each.number > number)
        return replace(self, cursor=max(self.cursor, number), aside=kept)

    def rested(self) -> WebhookState:
        """As a webhook that is switched off is kept: nothing is owed to it, nothing held of it."""
        found = WebhookState(webhook_id=self.webhook_id, account_id=self.account_id)
        return replace(
            found,
            cursor=self.cursor,
            done=self.done,
            token_sha256=self.token_sha256,
            token_ends_at=self.token_ends_at,
            version=self.version,
        )

    def is_dead(self, now: datetime) -> bool:
        """Whether nothing was taken for so long that nobody is waiting for it."""
        return self.failing_since is not None and now - self.failing_since >= DEAD_AFTER

    def is_trouble(self, now: datetime) -> bool:
        """Whether people are to be told now that nothing is taken; once until something is."""
        opened, since = self.opened_at, self.failing_since
        long = opened is not None and now - opened >= TELL_OPEN_AFTER
        longer = since is not None and now - since >= TELL_FAILING_AFTER
        return not self.trouble_told and (long or longer)

    @property
    def wakes_at(self) -> datetime | None:
        """When it is to be looked at again, if nothing happens before: then, or a lease is over."""
        return self.held_until or self.due_at
