"""The queue of webhooks: changes wake those they concern, which then are told. Once a minute those
are woken whose next try is due."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap_watch, bootstrap_webhooks
from vouchsafe.adapters.sqs import from_message
from vouchsafe.adapters.webhook_queue import woken
from vouchsafe.api.webhook_worker import sweep, tell, wake
from vouchsafe.domain.duties import Duty
from vouchsafe.observability import logger, webhook_outcome


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take FIFO messages and name those that failed; or the schedule's event, and count the woken.

    A batch is one message, so that no endpoint waits for another one.
    """
    if "Records" not in event:
        woken_now = sweep(bootstrap_webhooks.send_webhooks())
        bootstrap_watch.duty_done(Duty.SEND_WEBHOOKS)
        return {"woken": woken_now}
    failed = [record["messageId"] for record in event["Records"] if not _done(record)]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _done(record: dict[str, Any]) -> bool:
    """Whether the message is done with."""
    try:
        told = _work(record["body"])
    except Exception:  # the queue's edge: what fails here is retried, then parked
        logger().exception("webhook.failed", extra={"message_id": record["messageId"]})
        return False
    logger().info("webhook.done", extra=told)
    for state, count in (("told", told.get("delivered", 0)), ("failed", told.get("failed", 0))):
        webhook_outcome(state, count, webhook_id=told.get("webhook_id"))
    return True


def _work(text: str) -> dict[str, Any]:
    given = bootstrap_webhooks.send_webhooks()
    wanted = woken(text)
    return wake(from_message(text), given) if wanted is None else tell(*wanted, given)
