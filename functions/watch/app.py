"""Scheduled: measures what must not grow old, from outside of what keeps it young."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap_clock
from vouchsafe.observability import logger, metrics
from vouchsafe.services.watching import watch


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take anything; give the age of the oldest CRL and the re-audit's lag, both in seconds, and
    how many revocations nobody decides."""
    given = bootstrap_clock.watch()
    watched = watch(
        issuers=given.issuers,
        revocations=given.revocations,
        issued=given.issued,
        requests=given.requests,
        clock=given.clock,
    )
    found = {
        "OldestCrlAge": int(watched.oldest_crl.total_seconds()),
        "AuditLag": int(watched.audit_lag.total_seconds()),
    }
    for name, seconds in found.items():
        metrics().add_metric(name=name, unit="Seconds", value=seconds)
    found["UndecidedRevocations"] = watched.undecided_revocations
    metrics().add_metric(
        name="UndecidedRevocations", unit="Count", value=watched.undecided_revocations
    )
    metrics().flush_metrics()
    logger().info("watched", extra=found)
    return found
