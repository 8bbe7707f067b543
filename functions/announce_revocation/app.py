"""Task of the revocation machine: note that a request's revocations are published, and tell."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap
from vouchsafe.observability import logger
from vouchsafe.services.announcing import announce_revocation


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take order_id and request_id; give them back."""
    given = bootstrap.announce_revocation()
    order_id, request_id = int(event["order_id"]), int(event["request_id"])
    announce_revocation(
        order_id, request_id, ledger=given.ledger, clock=given.clock, entropy=given.entropy
    )
    logger().info("revocation.announced", extra={"order_id": order_id, "request_id": request_id})
    return {"order_id": order_id, "request_id": request_id}
