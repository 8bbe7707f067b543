"""Task of the order machine: bring one certificate to its certificate, or say why not now."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from vouchsafe import bootstrap
from vouchsafe.domain.desk import Hint
from vouchsafe.observability import logger
from vouchsafe.services.issuance import issue_certificate


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take order_id, certificate_id and run, and what the check said; give {"outcome",
    "cause"} for the history.
    """
    order_id, certificate_id = int(event["order_id"]), int(event["certificate_id"])
    logger().append_keys(order_id=order_id, certificate_id=certificate_id, run=event["run"])
    said = event.get("check", {}).get("hint", {})  # a check deployed before this one gives none
    hint = Hint(int(said.get("account_id", 0)), int(said.get("organization_id", 0)))
    ports = bootstrap.issue_certificate()
    outcome = issue_certificate(order_id, certificate_id, int(event["run"]), ports=ports, hint=hint)
    logger().info("issuance.ended", extra=asdict(outcome))
    return asdict(outcome)
