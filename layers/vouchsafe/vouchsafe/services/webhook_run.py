"""One run over a webhook: what it is owed is posted, each event at least once.

The webhook's state remembers how far it got. It moves on after the post, so that whoever dies
between the two makes it come twice, under the same event id, and never lets it be lost. An event
that is refused is set aside in the same write, and tried again beside those that follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.changes import NumberedChange
from ..domain.webhook_state import LEASE, WebhookState
from ..domain.webhooks import Errand, ErrandKind, Webhook, WebhookStatus, open_errands
from ..ports import Clock, Entropy, Feed, Ledger
from ..webhook_ports import EventWriter, Webhooks
from .webhook_circuit import dead, fared
from .webhook_pages import Pages
from .webhook_posts import Poster, Posting, PostPorts, new_token

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


def one_shots(hook: Webhook, state: WebhookState) -> tuple[Errand, ...]:
    """Challenges and tests that were asked for: they are tried once, whatever else is the case."""
    if hook.status is WebhookStatus.REMOVED:
        return ()
    errands = open_errands(hook, state)
    return tuple(each for each in errands if each.kind is not ErrandKind.REPLAY)


class Run:
    """One run over one webhook, which nobody else is at work on."""

    def __init__(self, hook: Webhook, state: WebhookState, ports: SendingPorts) -> None:
        self._hook, self._state, self._ports = hook, state.since(hook.after), ports
        self._until = ports.clock.now() + _WORK_FOR
        self._delivered = self._failed = 0
        self._more = False
        self._poster = Poster(hook, ports.posts)
        self._ahead = Pages(ports.feed, hook.account_id)
        self._again = Pages(ports.feed, hook.account_id)

    def run(self) -> Ran:
        """Take the webhook, do what there is to do, and let it go."""
        self._state = replace(self._state, held_until=self._ports.clock.now() + LEASE)
        self._save()
        for errand in one_shots(self._hook, self._state):
            self._do_once(errand)
        if self._hook.is_active and not self._state.is_waiting(self._ports.clock.now()):
            self._tell()
        self._state = replace(self._state, held_until=None, due_at=self._due())
        self._save()
        return Ran(
            delivered=self._delivered,
            failed=self._failed,
            more=self._more,
            version=self._state.version,
        )

    def _due(self) -> datetime | None:
        """When the webhook is to be looked at again."""
        if self._more:
            return self._ports.clock.now()
        if self._state.circuit_open:
            return self._state.due_at
        first = self._state.next_aside(None)
        return first.due_at if first and self._hook.is_active else None

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
        taken = self._posted(Posting(told=told, final=True))
        now = self._ports.clock.now()
        self._settle(after.worked(now).hurried(now) if taken else after)

    def _done(self, errand: Errand) -> tuple[int, ...]:
        """The errands done, with this one; those that the webhook forgot are forgotten here."""
        known = {each.number for each in self._hook.errands}
        return (*(number for number in self._state.done if number in known), errand.number)

    def _tell(self) -> None:
        """What is new and what was set aside by turns, then what is wanted again.

        With an open circuit one post is tried, of an event that was refused least, if there is one.
        """
        if self._state.circuit_open:
            tried = self._news() or self._retry(due=False) or self._replay()
            if not tried:
                self._state = replace(self._state, due_at=None)
        while not self._stops():
            tried = self._retry(due=True)
            if self._stops() or not (self._news() or tried or self._replay()):
                return

    def _stops(self) -> bool:
        self._more = not self._state.circuit_open and self._ports.clock.now() >= self._until
        return self._more or self._state.circuit_open or not self._hook.is_active

    def _news(self) -> bool:
        """The next event behind the cursor, if there is one and it could be set aside."""
        return not self._state.is_full and self._next(
            lambda: self._ahead.behind(self._state.cursor),
            lambda number: replace(self._state, cursor=number),
            replay=False,
        )

    def _replay(self) -> bool:
        """The next event of the spans of the feed that are wanted again, one after the other."""
        errand = next(iter(open_errands(self._hook, self._state)), None)
        if errand is None or self._state.is_full:
            return False
        tried = self._next(
            lambda: self._wanted_again(errand),
            lambda number: replace(self._state, replayed=number),
            replay=True,
        )
        if not tried:
            self._state = replace(self._state, done=self._done(errand), replayed=0)
            self._save()
            self._again = Pages(self._ports.feed, self._hook.account_id)
        return True

    def _wanted_again(self, errand: Errand) -> NumberedChange | None:
        entry = self._again.behind(max(self._state.replayed, errand.first - 1))
        return entry if entry is not None and entry.number <= errand.last else None

    def _next(
        self,
        upcoming: Callable[[], NumberedChange | None],
        passed: Callable[[int], WebhookState],
        *,
        replay: bool,
    ) -> bool:
        """Pass on to the first entry that the webhook is told, and post it; whether time went by.

        `passed` is the state that has that number behind it.
        """
        while (entry := upcoming()) is not None:
            told = self._ports.writer.event(self._hook, entry)
            after = passed(entry.number)
            if told is not None:
                taken = self._posted(Posting(told=told, entry=entry, replay=replay))
                now = self._ports.clock.now()
                refused = after.set_aside(entry.number, now, replay=replay)
                self._settle(after.worked(now) if taken else refused)
                return True
            self._state = after
            if self._ports.clock.now() >= self._until:
                return True
        return False

    def _retry(self, *, due: bool) -> bool:
        """What was set aside and waits longest, if any is due; whether there was one."""
        now = self._ports.clock.now()
        each = self._state.next_aside(now if due else None)
        if each is None:
            return False
        entry = self._ahead.entry(each.number)
        told = self._ports.writer.event(self._hook, entry) if entry else None
        if entry is None or told is None:  # not among its events any more
            self._state = self._state.settled(each)
            return True
        posting = Posting(
            told=told,
            entry=entry,
            replay=each.replay,
            final=each.is_over(now),
            attempt=each.attempts + 1,
        )
        taken = self._posted(posting)
        after = self._state.settled(each).worked(self._ports.clock.now())
        self._settle(after if taken else self._state.refused_again(each, now))
        return True

    def _posted(self, posting: Posting) -> bool:
        """Whether that was taken."""
        taken = self._poster.post(posting).taken
        self._delivered += taken
        self._failed += not taken
        return taken

    def _settle(self, after: WebhookState) -> None:
        """Write the state, and what people are to learn of it."""
        before, now, noise = self._state, self._ports.clock.now(), self._ports.entropy
        self._state, told = fared(self._hook, before, after, now=now, entropy=noise)
        self._state = self._state.next()
        if after.is_dead(now) and self._hook.is_active:
            self._hook, ended = dead(self._hook, after, now=now, entropy=noise)
            self._ports.ledger.commit(self._state, self._hook, *told, ended)
        else:
            self._ports.ledger.commit(self._state, *told)
