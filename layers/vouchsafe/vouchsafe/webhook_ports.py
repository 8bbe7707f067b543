"""What webhooks need from the outside besides who posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: a function loads the types that it works with
    from .domain.changes import ChangeKind, NumberedChange
    from .domain.webhook_state import WebhookState
    from .domain.webhooks import Delivery, SecretName, Webhook


class Webhooks(Protocol):
    """Webhooks and how they fare. Strongly consistent but for `webhooks_due`; the ledger writes."""

    def webhooks_of(self, account_id: int) -> Sequence[Webhook]:
        """All webhooks of an account, removed ones too, by id."""

    def webhook(self, account_id: int, webhook_id: int) -> Webhook | None: ...
    def webhook_state(self, account_id: int, webhook_id: int) -> WebhookState | None: ...

    def webhooks_due(self, before: datetime, limit: int) -> Sequence[tuple[int, int]]:
        """Account and id of webhooks to be looked at before that, the longest due first."""

    def webhook_deliveries(self, webhook_id: int, before: str, limit: int) -> Sequence[Delivery]:
        """At most `limit` posts, newest first; those with ids below `before`, if that is given."""

    def webhook_delivery(self, webhook_id: int, delivery_id: str) -> Delivery | None: ...


class WebhookLog(Protocol):
    """What only who posts does."""

    def webhook_secret(self, webhook_id: int, name: SecretName) -> str:
        """The secret as it is now, "" without one."""

    def note_delivery(self, delivery: Delivery) -> None:
        """Keep what came of a post, for thirty days."""


class WebhookQueue(Protocol):
    """Where webhooks wait their turn: one after the other for one, side by side for many."""

    def wake(self, account_id: int, webhook_id: int, reason: str) -> None:
        """Have the webhook looked at. The same reason again within minutes may be dropped.

        Raises Unavailable for trouble that may pass.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is posted: the event's name and the body."""

    event: str
    body: bytes


class EventWriter(Protocol):
    """Says things in the API's words."""

    def wants(self, hook: Webhook, kind: ChangeKind) -> bool:
        """Whether changes of that kind are among the webhook's events."""

    def event(self, hook: Webhook, entry: NumberedChange) -> Told | None:
        """A change as the webhook is told it; None for what it is not to be told."""

    def challenge(self, hook: Webhook, token: str) -> Told: ...
    def test(self, hook: Webhook) -> Told: ...

    def key_header(self, key: str) -> Mapping[str, str]:
        """The header in which the owner's key is sent along."""
