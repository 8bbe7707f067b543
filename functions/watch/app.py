"""Scheduled: measures what must not grow old, from outside of what keeps it young."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from vouchsafe import bootstrap_clock, bootstrap_watch
from vouchsafe.domain.duties import Duty
from vouchsafe.observability import incident, logger
from vouchsafe.services.watching import watch

#: The re-audit runs hourly: further behind than this, it does not keep up.
_AUDIT_LAG = timedelta(hours=4)


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
    found["UndecidedRevocations"] = watched.undecided_revocations
    incident("revocation_undecided", watched.undecided_revocations)
    if watched.audit_lag > _AUDIT_LAG:
        incident("audit_behind", seconds=found["AuditLag"])
    bootstrap_watch.duty_done(Duty.WATCH)
    logger().info("grown_old", extra=found)
    return found
