"""Task of the revocation machine: write an approved request's revocations down.

Operators are told of keys that it reports as compromised.
"""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap
from vouchsafe.observability import logger
from vouchsafe.services.blocking import report_keys
from vouchsafe.services.recording import record_revocation


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take order_id and request_id; give them back with the CRL shards to publish."""
    given = bootstrap.record_revocation()
    order_id, request_id = int(event["order_id"]), int(event["request_id"])
    reported = report_keys(
        order_id,
        request_id,
        ledger=given.ledger,
        clock=given.clock,
        entropy=given.entropy,
    )
    recorded = record_revocation(order_id, request_id, ledger=given.ledger, clock=given.clock)
    logger().info("revocation.recorded", extra=recorded | {"keys_reported": len(reported)})
    return recorded
