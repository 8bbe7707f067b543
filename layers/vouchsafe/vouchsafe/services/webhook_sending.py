"""Telling one webhook what it has not been told: in the feed's order, each at least once.

The webhook's state remembers how far it got. It moves on after the post, so that whoever dies
between the two makes it come twice, under the same event id, and never lets it be lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.changes import NumberedChange
from ..domain.errors import Conflict, Unavailable
from ..domain.webhooks import (
    LEASE,
    RETRY_FOR,
    Errand,
    ErrandKind,
    Webhook,
    WebhookState,
    WebhookStatus,
    open_errands,
)
from ..ports import Clock, Entropy, Feed, Ledger
from ..webhook_ports import EventWriter, Told, Webhooks
from .webhook_circuit import circuit_change, dead_change
from .webhook_posts import Poster, Posting, PostPorts, new_token

_PAGE = 100  # changes read at a time
#: No post is begun later than this after the first; one takes ten seconds at most.
_WORK_FOR = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingPorts:
    """Where webhooks stand, what happened, and the words for it."""

    webhooks: Webhooks
    ledger: Ledger
    feed: Feed
    writer: EventWriter
    posts: PostPorts
    clock: Clock
    entropy: Entropy


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What one run came to; `more` says that there is more to do at once."""

    delivered: int = 0
    failed: int = 0
    more: bool = False
    version: int = 0


def run_webhook(account_id: int, webhook_id: int, *, ports: SendingPorts) -> Ran:
    """Post what is owed, for half a minute at most; nothing while it is too early to try again.

    Raises Unavailable while somebody else is at work on it, and for trouble of ours.
    """
    hook = ports.webhooks.webhook(account_id, webhook_id)
    if hook is None:
        return Ran()
    known = ports.webhooks.webhook_state(account_id, webhook_id)
    state = known or WebhookState(account_id=account_id, webhook_id=webhook_id)
    now = ports.clock.now()
    if state.is_held(now):
        raise Unavailable(f"webhook {webhook_id} is being worked on")
    waits = state.is_waiting(now) or not hook.is_active
    if waits and not _one_shots(hook, state):
        _forget(hook, state, ports)
        return Ran()
    run = _Run(hook, state, ports, now)
    try:
        return run.run()
    except Conflict as lost:
        raise Unavailable(f"webhook {webhook_id} was changed meanwhile") from lost


def _one_shots(hook: Webhook, state: WebhookState) -> tuple[Errand, ...]:
    """Challenges and tests that were asked for: they are tried once, whatever else is the case."""
    if hook.status is WebhookStatus.REMOVED:
        return ()
    errands = open_errands(hook, state)
    return tuple(each for each in errands if each.kind is not ErrandKind.REPLAY)


def _forget(hook: Webhook, state: WebhookState, ports: SendingPorts) -> None:
    """Nobody has to come back for a webhook that is told nothing."""
    if not hook.is_active and state.wakes_at is not None:
        ports.ledger.commit(replace(state, held_until=None, due_at=None).next())


class _Run:
    """One run over one webhook."""

    def __init__(
        self, hook: Webhook, state: WebhookState, ports: SendingPorts, now: datetime
    ) -> None:
        self._hook, self._state, self._ports = hook, state, ports
        self._until = now + _WORK_FOR
        self._delivered = self._failed = 0
        self._more = False
        self._poster = Poster(hook, ports.posts)

    def run(self) -> Ran:
        """Take the webhook, do what there is to do, and let it go."""
        now = self._ports.clock.now()
        self._state = replace(self._state, held_until=now + LEASE)
        self._save()
        for errand in _one_shots(self._hook, self._state):
            self._do_once(errand)
        if self._hook.is_active and not self._state.is_waiting(now) and self._tell_news():
            self._replay()
        held = self._state
        due = self._ports.clock.now() if self._more else held.due_at
        self._state = replace(held, held_until=None, due_at=due)
        self._save()
        return Ran(
            delivered=self._delivered,
            failed=self._failed,
            more=self._more,
            version=self._state.version,
        )

    def _save(self) -> None:
        self._state = self._state.next()
        self._ports.ledger.commit(self._state)

    def _do_once(self, errand: Errand) -> None:
        """A challenge or a test: posted once. Its success shows that others may be tried again."""
        if errand.kind is ErrandKind.CHALLENGE:
            now, noise = self._ports.clock.now(), self._ports.entropy
            token, self._state = new_token(self._state, self._hook, now=now, entropy=noise)
            self._save()  # before it is posted: what comes back must be known here
            told = self._ports.writer.challenge(self._hook, token)
        else:
            told = self._ports.writer.test(self._hook)
        after = replace(self._state, done=self._done(errand))
        taken = self._poster.post(Posting(told=told, final=True)).taken
        self._count(taken)
        self._settle(after.worked() if taken else after)

    def _done(self, errand: Errand) -> tuple[int, ...]:
        """The errands done, with this one; those that the webhook forgot are forgotten here."""
        known = {each.number for each in self._hook.errands}
        return (*(number for number in self._state.done if number in known), errand.number)

    def _tell_news(self) -> bool:
        """Everything behind the cursor; False when it has to be gone on with later."""
        cursor = max(self._state.cursor, self._hook.after)
        while entries := self._after(cursor):
            for entry in entries:
                told = self._ports.writer.event(self._hook, entry)
                passed = replace(self._state, cursor=entry.number)
                if told is None:
                    self._state = passed
                elif not self._tell(told, entry, passed, since=entry.change.at, replay=False):
                    return False
                if self._is_late():
                    return False
                cursor = entry.number
        return True

    def _after(self, cursor: int) -> list[NumberedChange]:
        return list(self._ports.feed.after(self._hook.account_id, cursor, _PAGE))

    def _replay(self) -> None:
        """The spans of the feed that are wanted again, one after the other."""
        for errand in open_errands(self._hook, self._state):
            if not self._replay_span(errand):
                return
            done = self._done(errand)
            self._state = replace(self._state, done=done, replayed=0)
            self._save()

    def _replay_span(self, errand: Errand) -> bool:
        cursor = max(self._state.replayed, errand.first - 1)
        while entries := [e for e in self._after(cursor) if e.number <= errand.last]:
            for entry in entries:
                told = self._ports.writer.event(self._hook, entry)
                passed = replace(self._state, replayed=entry.number)
                if told is None:
                    self._state = passed
                elif not self._tell(told, entry, passed, since=errand.asked_at, replay=True):
                    return False
                if self._is_late():
                    return False
                cursor = entry.number
        return True

    def _is_late(self) -> bool:
        self._more = self._ports.clock.now() >= self._until
        return self._more

    def _tell(
        self,
        told: Told,
        entry: NumberedChange,
        passed: WebhookState,
        *,
        since: datetime,
        replay: bool,
    ) -> bool:
        """Post one event; whether it was taken. `passed` is the state with it dealt with.

        One that is wanted since RETRY_FOR and still not taken is passed over; the log says so.
        """
        final = self._ports.clock.now() - since >= RETRY_FOR
        posting = Posting(
            told=told,
            entry=entry,
            replay=replay,
            final=final,
            attempt=self._state.failures + 1,
        )
        result = self._poster.post(posting)
        self._count(result.taken)
        if result.taken:
            self._settle(passed.worked())
        else:
            self._settle((passed if final else self._state).failed(self._ports.clock.now()))
        return result.taken

    def _count(self, taken: bool) -> None:
        self._delivered += taken
        self._failed += not taken

    def _settle(self, after: WebhookState) -> None:
        """Write the state; a circuit that opened or closed, and a webhook given up, are told."""
        before, now = self._state, self._ports.clock.now()
        self._state = after.next()
        noise = self._ports.entropy
        if before.circuit_open is not after.circuit_open:
            told = circuit_change(self._hook, opened=after.circuit_open, now=now, entropy=noise)
            self._ports.ledger.commit(self._state, told)
        elif after.is_dead(now) and self._hook.is_active:
            self._hook, told = dead_change(self._hook, now=now, entropy=noise)
            self._ports.ledger.commit(self._state, self._hook, told)
        else:
            self._ports.ledger.commit(self._state)
