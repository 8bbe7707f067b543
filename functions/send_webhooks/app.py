"""The queue of webhooks: changes wake those they concern, which then are told. Once a minute those
are woken whose next try is due."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap_webhooks
from vouchsafe.adapters.sqs import from_message
from vouchsafe.adapters.webhook_queue import woken
from vouchsafe.api.webhook_worker import sweep, tell, wake
from vouchsafe.observability import logger, metrics


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take FIFO messages and name those that failed; or the schedule's event, and count the woken.

    A batch is one message, so that no endpoint waits for another one.
    """
    if "Records" not in event:
        return {"woken": sweep(bootstrap_webhooks.send_webhooks())}
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
    if told.get("delivered") or told.get("failed"):
        metrics().add_metric(name="WebhooksDelivered", unit="Count", value=told["delivered"])
        metrics().add_metric(name="WebhooksFailed", unit="Count", value=told["failed"])
        metrics().flush_metrics()
    return True


def _work(text: str) -> dict[str, Any]:
    given = bootstrap_webhooks.send_webhooks()
    wanted = woken(text)
    return wake(from_message(text), given) if wanted is None else tell(*wanted, given)
