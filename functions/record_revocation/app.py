"""Task of the revocation machine: write an approved request's revocations down."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap
from vouchsafe.observability import logger
from vouchsafe.services.recording import record_revocation


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take order_id and request_id; give them back with the CRL shards to publish."""
    given = bootstrap.record_revocation()
    recorded = record_revocation(
        int(event["order_id"]), int(event["request_id"]), ledger=given.ledger, clock=given.clock
    )
    logger().info("revocation.recorded", extra=recorded)
    return recorded
