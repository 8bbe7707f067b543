"""The queue of issued certificates: each gets its signed evidence. On a schedule: those missed."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap_evidence, bootstrap_watch
from vouchsafe.adapters.sqs import from_message
from vouchsafe.domain.duties import Duty
from vouchsafe.observability import left_behind, logger
from vouchsafe.services.packing import pack_evidence, pack_missed, publish_key

_SWEEP = 100


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take FIFO messages and name those that failed; anything else packs what was missed."""
    publish_key(bootstrap_evidence.pack_evidence())  # before anything is signed with it
    if "Records" not in event:
        return _sweep()
    failed = [record["messageId"] for record in event["Records"] if not _packed(record)]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _sweep() -> dict[str, Any]:
    missed = pack_missed(_SWEEP, ports=bootstrap_evidence.pack_evidence())
    if left_behind(Duty.PACK_EVIDENCE, missed):
        bootstrap_watch.duty_done(Duty.PACK_EVIDENCE)
    logger().info("evidence.swept", extra={"missed": missed})
    return {"missed": missed}


def _packed(record: dict[str, Any]) -> bool:
    """Whether the message is done with. Packets stand alone: their order does not matter."""
    try:
        change = from_message(record["body"]).change
        order_id, certificate_id = change.order_id, change.certificate_id
        if order_id is None or certificate_id is None:
            raise ValueError(f"change {change.change_id} is about no certificate")
        made = pack_evidence(order_id, certificate_id, ports=bootstrap_evidence.pack_evidence())
    except Exception:  # the queue's edge: what fails here is retried, then parked
        logger().exception("evidence.failed", extra={"message_id": record["messageId"]})
        return False
    logger().info(
        "evidence.packed",
        extra={"order_id": order_id, "certificate_id": certificate_id, "made": made},
    )
    return True
