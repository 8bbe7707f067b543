"""The table's stream: changes get their numbers, go to those who tell, are indexed, and wake."""

from __future__ import annotations

from functools import partial
from typing import Any

from vouchsafe import bootstrap, bootstrap_lines
from vouchsafe.adapters.dynamodb import change_in
from vouchsafe.domain.watched import facts_of_change
from vouchsafe.observability import logger, tell
from vouchsafe.services.following import follow_change
from vouchsafe.services.notification import number_change


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take stream records in their order; stop at the first that fails and name it.

    The stream then comes again from that record on, so no change overtakes an older one. Whoever
    reads what was queued is called in the end, also when some of it failed.
    """
    try:
        return _numbered(event["Records"])
    finally:
        bootstrap_lines.call_the_called_for()


def _numbered(records: list[dict[str, Any]]) -> dict[str, Any]:
    for record in records:
        try:
            _number(record)
        except Exception:  # the stream's edge: what fails here is retried, then parked
            logger().exception("change.failed", extra={"event_id": record.get("eventID")})
            return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}


def _number(record: dict[str, Any]) -> None:
    """Number a new change; the stream's filter lets nothing else through."""
    image = record["dynamodb"].get("NewImage", {})
    if record["eventName"] != "INSERT" or image.get("entity") != {"S": "change"}:
        return
    given = bootstrap.number_changes()
    follow = partial(
        follow_change,
        ledger=given.ledger,
        names=given.names,
        domains=given.domains,
        parked=given.parked,
        workflow=given.workflow,
    )
    numbered = number_change(change_in(image), feed=given.feed, queue=given.queue, then=follow)
    change = numbered.change
    for fact in facts_of_change(change):
        tell(fact)
    logger().info(
        "change.numbered",
        extra={"change_id": change.change_id, "kind": change.kind, "number": numbered.number},
    )
