"""Task of the order machine: make the key of one certificate, where the service makes keys."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from vouchsafe import bootstrap_keys
from vouchsafe.observability import logger
from vouchsafe.services.managed_keys import make_key


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take order_id and certificate_id; give {"outcome", "cause"} for the history."""
    order_id, certificate_id = int(event["order_id"]), int(event["certificate_id"])
    logger().append_keys(order_id=order_id, certificate_id=certificate_id)
    outcome = asdict(make_key(order_id, certificate_id, ports=bootstrap_keys.make_key()))
    logger().info("managed_key.ended", extra=outcome)
    return outcome
