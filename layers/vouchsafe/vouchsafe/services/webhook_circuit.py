"""What an account is told of a webhook that takes nothing: its circuit, trouble, the end of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from ..domain.audit import moment_text
from ..domain.changes import NOISE_BYTES, Change, ChangeKind, new_change_id
from ..domain.webhook_state import DEAD_AFTER, WebhookState
from ..domain.webhooks import Webhook, WebhookStatus
from ..ports import Entropy

_WORDS = ("closed", "open")
FAILING, SWITCHED_OFF = "failing", "switched_off"  # what people get a mail about


def fared(
    hook: Webhook, before: WebhookState, after: WebhookState, *, now: datetime, entropy: Entropy
) -> tuple[WebhookState, tuple[Change, ...]]:
    """The state after a post, and the records of a circuit that opened or closed, and of trouble.

    Of trouble there is one record until something is taken again.
    """
    told: list[Change] = []
    if before.circuit_open is not after.circuit_open:
        was, now_is = _WORDS[before.circuit_open], _WORDS[after.circuit_open]
        told.append(_change(hook, {"circuit": was}, {"circuit": now_is}, now=now, entropy=entropy))
    if after.is_trouble(now) and not after.is_dead(now):
        after = replace(after, trouble_told=True)
        data = _trouble(FAILING, hook, after)
        told.append(_change(hook, {}, {}, data, now=now, entropy=entropy))
    return after, tuple(told)


def dead(
    hook: Webhook, state: WebhookState, *, now: datetime, entropy: Entropy
) -> tuple[Webhook, Change]:
    """The webhook switched off after DEAD_AFTER without one post taken, and the record of that."""
    status = WebhookStatus.INACTIVE
    off = replace(hook, status=status, version=hook.version + 1)
    was = {"status": hook.status.value}
    is_now = {"status": status.value, "reason": f"took nothing for {DEAD_AFTER.days} days"}
    data = _trouble(SWITCHED_OFF, hook, state)
    return off, _change(hook, was, is_now, data, now=now, entropy=entropy)


def _trouble(what: str, hook: Webhook, state: WebhookState) -> dict[str, Any]:
    """What a mail says. Of the endpoint the host alone: people put secrets into paths."""
    since = state.failing_since
    owed = [each.number for each in state.aside if not each.replay]
    return {
        "trouble": what,
        "host": hook.endpoint.partition("//")[2].partition("/")[0].partition("?")[0],
        "since": moment_text(since) if since else "",
        "cursor": min(owed, default=state.cursor + 1) - 1,  # behind it is what it missed
    }


def _change(
    hook: Webhook,
    before: dict[str, Any],
    after: dict[str, Any],
    data: dict[str, Any] | None = None,
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
        data=data or {},
    )
