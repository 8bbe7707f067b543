"""A webhook of account 1 over fakes: a feed, a receiver, a clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.builders import MOMENT, an_account
from tests.builders_webhooks import a_webhook, secrets_of_webhook
from tests.fakes import FakeBook, FakeStore, FrozenClock, SeededEntropy
from tests.tripwire import Tripwire
from vouchsafe.api.webhook_worker import sweep, tell, wake
from vouchsafe.dependencies_webhooks import SendingWebhooks
from vouchsafe.domain.changes import Change, ChangeKind, NumberedChange
from vouchsafe.domain.outgoing import check_message
from vouchsafe.domain.webhook_state import WebhookState
from vouchsafe.domain.webhooks import Webhook
from vouchsafe.outgoing_ports import PostCause, PostOutcome


@dataclass
class Receiver:
    """Port Outgoing: endpoints that take what comes, or answer with a status of their own."""

    tripwire: Tripwire
    statuses: dict[str, int] = field(default_factory=dict)
    causes: dict[str, PostCause] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)  # numbers of the feed that nobody takes
    taken: list[int] = field(default_factory=list)
    got: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, timeout: float
    ) -> PostOutcome:
        check_message(body, headers)
        with self.tripwire.crossing("outgoing.post"):
            if cause := self.causes.get(url):
                return PostOutcome(0, b"", cause, "it did not work")
            self.got.append((url, body, headers))
            number = json.loads(body).get("cursor", 0)
            status = 422 if number in self.refused else self.statuses.get(url, 200)
            self.taken += [number] if status == 200 else []
            return PostOutcome(status, b"thank you\x00", PostCause.ANSWERED)

    def numbers(self, url: str) -> list[int]:
        """The feed's numbers that an endpoint was shown, in their order."""
        return [json.loads(body).get("cursor", 0) for to, body, _ in self.got if to == url]


@dataclass
class Line:
    """Port WebhookQueue: who was woken, and why."""

    woken: list[tuple[int, int, str]] = field(default_factory=list)

    def wake(self, account_id: int, webhook_id: int, reason: str) -> None:
        self.woken.append((account_id, webhook_id, reason))


class World:
    """Everything the function is given."""

    def __init__(self) -> None:
        self.tripwire = Tripwire()
        self.clock = FrozenClock(MOMENT)
        self.book = FakeBook(self.tripwire, clock=self.clock)
        self.store = FakeStore(self.tripwire)
        self.receiver, self.line = Receiver(self.tripwire), Line()
        self.given = SendingWebhooks(
            clock=self.clock,
            entropy=SeededEntropy(),
            ledger=self.book,
            feed=self.book,
            accounts=self.book,
            domains=self.book,
            issuers=self.book,
            store=self.store,
            webhooks=self.book,
            log=self.book,
            queue=self.line,
            outgoing=self.receiver,
        )
        self.book.commit(an_account())
        self._changes = 0

    def add(self, hook: Webhook | None = None, key: str = "") -> Webhook:
        """Put a webhook on record."""
        hook = hook or a_webhook()
        self.book.commit(hook, *secrets_of_webhook(hook, key=key))
        return hook

    def happen(
        self, kind: ChangeKind = ChangeKind.CERTIFICATE_REVOKED, **changed: Any
    ) -> NumberedChange:
        """A change of the account, committed and numbered."""
        self._changes += 1
        given: dict[str, Any] = {"order_id": 1001, "certificate_id": 5001} | changed
        change = Change(
            change_id=f"{self._changes:026}",
            account_id=1,
            kind=kind,
            at=self.clock.now(),
            actor="system",
            **given,
        )
        self.book.commit(change)
        return self.book.number(change)

    def wake(self, numbered: NumberedChange) -> int:
        """Tell those whom a change concerns; how many."""
        count: int = wake(numbered, self.given)["woken"]
        return count

    def tell(self, webhook_id: int = 901) -> dict[str, Any]:
        """One run over a webhook."""
        return tell(1, webhook_id, self.given)

    def sweep(self) -> int:
        """Wake whatever is due."""
        return sweep(self.given)

    def state(self, webhook_id: int = 901) -> WebhookState:
        """How a webhook fares."""
        found = self.book.webhook_state(1, webhook_id)
        assert found is not None
        return found
