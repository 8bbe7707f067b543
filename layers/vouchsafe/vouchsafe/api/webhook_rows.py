"""Webhooks, how they fare, and their posts as JSON rows."""

from __future__ import annotations

from typing import Any

from ..domain.audit import moment_text
from ..domain.webhook_state import WebhookState
from ..domain.webhooks import Delivery, Webhook
from .dialect import timestamp


def webhook_row(hook: Webhook) -> dict[str, Any]:
    """A webhook as lists show it."""
    settings = hook.settings
    return {
        "id": hook.webhook_id,
        "endpoint": hook.endpoint,
        "events": list(hook.events),
        "status": hook.status.value,
        "webhook_settings": {
            "instant_issue_webhook_notification": _digit(settings.instant),
            "webhook_notification_frequency": list(settings.days),
            "webhook_send_certificate_chain": _digit(settings.chain),
            "webhook_send_instant_issued_certificate_chain": _digit(settings.instant_chain),
        },
        "container": {"id": hook.container_id},
        "has_secret": hook.has_key,
        "date_created": timestamp(hook.created_at),
    }


def _digit(switch: bool) -> str:
    return str(int(switch))


def health(hook: Webhook, state: WebhookState | None, newest: int) -> dict[str, Any]:
    """How its posts fare; `newest` is the feed's last number."""
    cursor = max(hook.after, 0 if state is None else state.cursor)
    aside = () if state is None else state.aside
    since, due = (None, None) if state is None else (state.failing_since, state.due_at)
    return {
        "circuit": "open" if state is not None and state.circuit_open else "closed",
        "set_aside": sorted({each.number for each in aside}),
        "failures": 0 if state is None else state.failures,
        "failing_since": None if since is None else timestamp(since),
        "next_try": None if due is None else timestamp(due),
        "cursor": cursor,
        "waiting": max(newest - cursor, 0) if hook.is_active else 0,
    }


def delivery_row(each: Delivery) -> dict[str, Any]:
    """A post as the log shows it."""
    return {
        "id": each.delivery_id,
        "date": moment_text(each.at),
        "event": each.event,
        "event_id": each.event_id,
        "cursor": each.number or None,
        "replay": each.replay,
        "attempt": each.attempt,
        "outcome": each.outcome.value,
        "status": each.status or None,
        "cause": each.cause,
        "detail": each.detail,
        "first_bytes": each.first_bytes,
    }
