"""Scheduled: tells of certificates that near their end, once at each rung of the ladder."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap_clock
from vouchsafe.observability import logger, metrics
from vouchsafe.services.expiring import tell_expiry

#: Some 20 ms each: well within the function's five minutes.
_MOST = 5000


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take anything; give how many certificates were looked at and told of, and whole days left."""
    climbed = tell_expiry(_MOST, ports=bootstrap_clock.tell_expiry())
    metrics().add_metric(name="ExpiryDaysBehind", unit="Count", value=climbed.days_behind)
    metrics().flush_metrics()
    counts = {"seen": climbed.seen, "told": climbed.told, "days_behind": climbed.days_behind}
    logger().info("expiry.told", extra=counts)
    if climbed.troubles:  # seen by the alarm on this function's errors
        raise ExceptionGroup("some certificates cannot be told of", climbed.troubles)
    return counts
