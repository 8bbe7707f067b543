"""Scheduled: revokes what has a compromised key, and carries on with bulk revocations."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap_clock
from vouchsafe.observability import logger
from vouchsafe.services.bulk_running import run_bulk_revocations
from vouchsafe.services.sweeping import sweep_blocked_keys


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take anything; give how many revocations were begun, a batch of each key and bulk."""
    given = bootstrap_clock.revoke_blocked()
    swept = sweep_blocked_keys(keys=given.keys, ports=given.withdrawal)
    bulk = run_bulk_revocations(keys=given.keys, ports=given.withdrawal)
    counts = {"swept": swept.revoked, "bulk": bulk.revoked}
    logger().info("blocked.revoked", extra=counts)
    troubles = (*swept.troubles, *bulk.troubles)
    if troubles:  # seen by the alarm on this function's errors
        raise ExceptionGroup("some could not be revoked in this pass", troubles)
    return counts
