"""The line of webhooks: changes wake those they concern, which then are told. On a schedule those
are woken whose next try is due."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from vouchsafe import bootstrap_lines, bootstrap_watch, bootstrap_webhooks
from vouchsafe.adapters.sqs import from_message
from vouchsafe.adapters.webhook_queue import woken
from vouchsafe.api.webhook_worker import sweep, tell, wake
from vouchsafe.domain.duties import Duty
from vouchsafe.line_ports import Message
from vouchsafe.observability import logger, webhook_outcome


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Called: read the line till nothing waits, a message at a time. Else, as by the schedule: wake
    whose next try is due, and count them."""
    if event.get("waiting") is True:
        read = bootstrap_lines.read("webhook", _done, most=1)
        bootstrap_lines.call("webhook", 1 if read.more else 0)
        return asdict(read)
    woken_now = sweep(bootstrap_webhooks.send_webhooks())
    bootstrap_lines.call("webhook", woken_now)
    bootstrap_watch.duty_done(Duty.SEND_WEBHOOKS)
    return {"woken": woken_now}


def _done(message: Message) -> bool:
    """Whether the message is done with."""
    try:
        told = _work(message.body)
    except Exception:  # the line's edge: what fails here comes again, then is parked
        logger().exception("webhook.failed", extra={"message_id": message.message_id})
        return False
    bootstrap_lines.call("webhook", told.get("woken", 0))  # no endpoint waits for another
    logger().info("webhook.done", extra=told)
    for state, count in (("told", told.get("delivered", 0)), ("failed", told.get("failed", 0))):
        webhook_outcome(state, count, webhook_id=told.get("webhook_id"))
    return True


def _work(text: str) -> dict[str, Any]:
    given = bootstrap_webhooks.send_webhooks()
    wanted = woken(text)
    return wake(from_message(text), given) if wanted is None else tell(*wanted, given)
