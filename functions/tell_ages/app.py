"""Scheduled: tells of organizations and domains whose validation grows old."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap_clock
from vouchsafe.observability import logger
from vouchsafe.services.ageing import tell_ages
from vouchsafe.services.ageing_domains import tell_domain_ages


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take anything; give how many notices were given of organizations and of domains."""
    given = bootstrap_clock.tell_ages()
    organizations = tell_ages(
        accounts=given.accounts,
        reviews=given.reviews,
        ledger=given.ledger,
        clock=given.clock,
        entropy=given.entropy,
    )
    domains = tell_domain_ages(
        domains=given.domains, ledger=given.ledger, clock=given.clock, entropy=given.entropy
    )
    counts = {"organizations": organizations.told, "domains": domains.told}
    logger().info("ages.told", extra=counts)
    return counts
