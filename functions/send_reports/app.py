"""The line of refusals by CAA: each is posted to those whom the records want to be told."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from vouchsafe import bootstrap_lines, bootstrap_outgoing
from vouchsafe.adapters.sqs import from_message
from vouchsafe.line_ports import Message
from vouchsafe.observability import logger
from vouchsafe.services.caa_posts import post_refusals

#: Of the queue's five: what a receiver has not taken by then it does not get. What is our own
#: trouble goes on to the last and is parked.
_TRIES = 3


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take anything: read the line of refusals till nothing waits; what came of it."""
    return asdict(bootstrap_lines.read("report", _posted, most=1))


def _posted(message: Message) -> bool:
    """Whether the message is done with."""
    try:
        change = from_message(message.body).change
        given = bootstrap_outgoing.send_reports()
        outcome = post_refusals(
            change,
            claims=given.claims,
            outgoing=given.outgoing,
            clock=given.clock,
            last_try=message.times >= _TRIES,
        )
    except Exception:  # the line's edge: what fails here comes again, then is parked
        logger().exception("report.failed", extra={"message_id": message.message_id})
        return False
    logger().info("report.done", extra={"change_id": change.change_id, "outcome": outcome})
    return True
