"""The notice queue: every numbered change of interest becomes one mail."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap
from vouchsafe.adapters.sqs import from_message
from vouchsafe.observability import logger
from vouchsafe.services.notification import tell


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take FIFO messages; name those that failed, and those behind them in their group."""
    failed: list[str] = []
    broken: set[str] = set()
    for record in event["Records"]:
        group = record["attributes"]["MessageGroupId"]
        if group not in broken and _told(record):
            continue
        broken.add(group)
        failed.append(record["messageId"])
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _told(record: dict[str, Any]) -> bool:
    """Whether the message is done with."""
    try:
        _tell(record["body"])
    except Exception:  # the queue's edge: what fails here is retried, then parked
        logger().exception("mail.failed", extra={"message_id": record["messageId"]})
        return False
    return True


def _tell(body: str) -> None:
    given = bootstrap.send_mail()
    numbered = from_message(body)
    outcome = tell(
        numbered,
        ledger=given.ledger,
        accounts=given.accounts,
        claims=given.claims,
        mailer=given.mailer,
        store=given.store,
        clock=given.clock,
        base_url=given.settings.base_url or "",
    )
    change = numbered.change
    logger().info(
        "mail.done",
        extra={"change_id": change.change_id, "kind": change.kind, "outcome": outcome},
    )
