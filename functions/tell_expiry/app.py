"""Scheduled: tells of certificates that near their end, once at each rung of the ladder."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap_clock, bootstrap_watch
from vouchsafe.domain.duties import Duty
from vouchsafe.observability import left_behind, logger
from vouchsafe.services.expiring import tell_expiry

#: Some 20 ms each: well within the function's five minutes.
_MOST = 5000


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take anything; give how many certificates were looked at and told of, and whole days left."""
    climbed = tell_expiry(_MOST, ports=bootstrap_clock.tell_expiry())
    done = left_behind(Duty.TELL_EXPIRY, climbed.days_behind)
    counts = {"seen": climbed.seen, "told": climbed.told, "days_behind": climbed.days_behind}
    logger().info("expiry.told", extra=counts)
    if climbed.troubles:  # seen by the alarm on this function's errors
        raise ExceptionGroup("some certificates cannot be told of", climbed.troubles)
    if done:
        bootstrap_watch.duty_done(Duty.TELL_EXPIRY)
    return counts
