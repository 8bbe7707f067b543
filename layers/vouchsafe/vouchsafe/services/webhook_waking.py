"""Who has to be told: the webhooks that a change concerns, and those whose next try is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..domain.changes import Change, ChangeKind, NumberedChange
from ..domain.shared_changes import SHARED
from ..domain.webhooks import Webhook
from ..ports import Clock
from ..webhook_ports import EventWriter, WebhookQueue, Webhooks

#: Changes after which a webhook may have something to do: what is told, and what was asked of it.
WAKING = frozenset(SHARED) | {ChangeKind.WEBHOOK_CREATED, ChangeKind.WEBHOOK_CHANGED}
_MOST_DUE = 500


def wake_for(
    numbered: NumberedChange, *, webhooks: Webhooks, writer: EventWriter, queue: WebhookQueue
) -> int:
    """Wake the account's webhooks that the change concerns; how many. Raises Unavailable."""
    change = numbered.change
    concerned = [
        hook for hook in webhooks.webhooks_of(change.account_id) if _concerns(change, hook, writer)
    ]
    for hook in concerned:
        queue.wake(change.account_id, hook.webhook_id, change.change_id)
    return len(concerned)


def _concerns(change: Change, hook: Webhook, writer: EventWriter) -> bool:
    if change.kind in SHARED:
        return hook.is_active and writer.wants(hook, change.kind)
    return change.subject == f"webhook {hook.webhook_id}"


def wake_due(*, webhooks: Webhooks, queue: WebhookQueue, clock: Clock) -> int:
    """Wake the webhooks whose next try is due, or whose worker died; how many."""
    now = clock.now()
    due: Sequence[tuple[int, int]] = webhooks.webhooks_due(now, _MOST_DUE)
    for account_id, webhook_id in due:
        queue.wake(account_id, webhook_id, f"due-{_minute(now)}")
    return len(due)


def _minute(now: datetime) -> str:
    return now.strftime("%Y%m%dT%H%M")
