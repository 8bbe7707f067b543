"""What an account is told of a webhook that takes nothing: its circuit, and the end of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..domain.changes import NOISE_BYTES, Change, ChangeKind, new_change_id
from ..domain.webhooks import DEAD_AFTER, Webhook, WebhookStatus
from ..ports import Entropy

_WORDS = ("closed", "open")


def circuit_change(hook: Webhook, *, opened: bool, now: datetime, entropy: Entropy) -> Change:
    """The record of a circuit that opened, or closed again."""
    words = {"circuit": _WORDS[not opened]}, {"circuit": _WORDS[opened]}
    return _change(hook, *words, now=now, entropy=entropy)


def dead_change(hook: Webhook, *, now: datetime, entropy: Entropy) -> tuple[Webhook, Change]:
    """The webhook switched off after DEAD_AFTER without one post taken, and the record of that."""
    status = WebhookStatus.INACTIVE
    off = replace(hook, status=status, version=hook.version + 1)
    after = {"status": status.value, "reason": f"took nothing for {DEAD_AFTER.days} days"}
    return off, _change(hook, {"status": hook.status.value}, after, now=now, entropy=entropy)


def _change(
    hook: Webhook,
    before: dict[str, str],
    after: dict[str, str],
    *,
    now: datetime,
    entropy: Entropy,
) -> Change:
    return Change(
        change_id=new_change_id(now, entropy.bytes(NOISE_BYTES)),
        account_id=hook.account_id,
        kind=ChangeKind.WEBHOOK_CHANGED,
        at=now,
        actor="system",
        subject=f"webhook {hook.webhook_id}",
        before=before,
        after=after,
    )
