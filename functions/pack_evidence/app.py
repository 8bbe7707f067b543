"""The line of issued certificates: each gets its signed evidence. On a schedule: those missed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from vouchsafe import bootstrap_evidence, bootstrap_lines, bootstrap_watch
from vouchsafe.adapters.sqs import from_message
from vouchsafe.domain.duties import Duty
from vouchsafe.line_ports import Message
from vouchsafe.observability import left_behind, logger
from vouchsafe.services.packing import pack_evidence, pack_missed, publish_key

_SWEEP = 100


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Called: read the line of issued certificates till nothing waits. Else, as by the schedule:
    pack what was missed."""
    publish_key(bootstrap_evidence.pack_evidence())  # before anything is signed with it
    if event.get("waiting") is True:
        return asdict(bootstrap_lines.read("evidence", _packed))
    return _sweep()


def _sweep() -> dict[str, Any]:
    missed = pack_missed(_SWEEP, ports=bootstrap_evidence.pack_evidence())
    if left_behind(Duty.PACK_EVIDENCE, missed):
        bootstrap_watch.duty_done(Duty.PACK_EVIDENCE)
    logger().info("evidence.swept", extra={"missed": missed})
    return {"missed": missed}


def _packed(message: Message) -> bool:
    """Whether the message is done with."""
    try:
        change = from_message(message.body).change
        order_id, certificate_id = change.order_id, change.certificate_id
        if order_id is None or certificate_id is None:
            raise ValueError(f"change {change.change_id} is about no certificate")
        made = pack_evidence(order_id, certificate_id, ports=bootstrap_evidence.pack_evidence())
    except Exception:  # the line's edge: what fails here comes again, then is parked
        logger().exception("evidence.failed", extra={"message_id": message.message_id})
        return False
    logger().info(
        "evidence.packed",
        extra={"order_id": order_id, "certificate_id": certificate_id, "made": made},
    )
    return True
