"""Scheduled: looks again at every certificate issued since the last run. No fault is expected."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap_evidence, bootstrap_watch
from vouchsafe.domain.duties import Duty
from vouchsafe.observability import incident, logger
from vouchsafe.services.reauditing import audit_issued

_MOST = 600
_NAMED = 50  # of the certificates with faults, in the line of the metric


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take anything; give how many were looked at, and how many of them have faults."""
    audited = audit_issued(_MOST, ports=bootstrap_evidence.audit_issued())
    for certificate_id, faults in audited.faults.items():
        for fault in faults:
            logger().error(
                "reaudit.fault",
                extra={
                    "certificate_id": certificate_id,
                    "check": fault.check,
                    "detail": fault.detail,
                    "clause": fault.clause,
                },
            )
    incident("issued_faulty", len(audited.faults), certificates=list(audited.faults)[:_NAMED])
    bootstrap_watch.duty_done(Duty.AUDIT_ISSUED)
    counts = {"seen": audited.seen, "faulty": len(audited.faults)}
    logger().info("reaudit.done", extra=counts)
    return counts
