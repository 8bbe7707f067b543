"""Task of the order machine: look at what is unproven, if it is time, and say what is next."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from vouchsafe import bootstrap
from vouchsafe.dependencies import Checking
from vouchsafe.domain.schedule import Schedule
from vouchsafe.observability import logger
from vouchsafe.services.validation import CheckOutcome, ValidationPolicy, check_order


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take order_id, certificate_id and run; give what the machine is told (CheckOutcome)."""
    ids = int(event["order_id"]), int(event["certificate_id"]), int(event["run"])
    logger().append_keys(order_id=ids[0], certificate_id=ids[1], run=ids[2])
    outcome = asdict(check(*ids, bootstrap.check_order()))
    logger().info("order.checked", extra=outcome)
    return outcome


def check(order_id: int, certificate_id: int, run: int, given: Checking) -> CheckOutcome:
    """The check of one certificate with the parts and settings `given`."""
    settings = given.settings
    return check_order(
        order_id,
        certificate_id,
        run,
        ledger=given.ledger,
        looks=given.looks,
        looker=given.looker,
        perspectives=given.perspectives,
        policies=given.policies,
        clock=given.clock,
        entropy=given.entropy,
        schedule=Schedule(
            first_gap=settings.first_gap,
            growth_percent=settings.gap_growth_percent,
            cap=settings.gap_cap,
            window=settings.window,
            people_wait=settings.organization_wait,
        ),
        policy=ValidationPolicy(
            caa_domains=settings.caa_domains,
            dcv_domain=settings.dcv_domain or "",
            agreement=settings.subscriber_agreement_version,
        ),
    )
