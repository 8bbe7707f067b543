"""The queue of refusals by CAA: each is posted to those whom the records want to be told."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap_outgoing
from vouchsafe.adapters.sqs import from_message
from vouchsafe.observability import logger
from vouchsafe.services.caa_posts import post_refusals

#: Of the queue's five: what a receiver has not taken by then it does not get. What is our own
#: trouble goes on to the last and is parked.
_TRIES = 3


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take FIFO messages; name those that failed. Reports stand alone: order does not matter."""
    failed = [record["messageId"] for record in event["Records"] if not _posted(record)]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _posted(record: dict[str, Any]) -> bool:
    """Whether the message is done with."""
    try:
        change = from_message(record["body"]).change
        given = bootstrap_outgoing.send_reports()
        outcome = post_refusals(
            change,
            claims=given.claims,
            outgoing=given.outgoing,
            clock=given.clock,
            last_try=int(record["attributes"]["ApproximateReceiveCount"]) >= _TRIES,
        )
    except Exception:  # the queue's edge: what fails here is retried, then parked
        logger().exception("report.failed", extra={"message_id": record["messageId"]})
        return False
    logger().info("report.done", extra={"change_id": change.change_id, "outcome": outcome})
    return True
