"""Scheduled: brings back what lost its execution, numbers changes the stream left behind, revokes
what has a compromised key, and tells of organizations whose validation grows old.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from vouchsafe import bootstrap, bootstrap_watch
from vouchsafe.dependencies import Reconciling
from vouchsafe.domain.duties import Duty
from vouchsafe.domain.metrics import Metric
from vouchsafe.observability import emit, logger
from vouchsafe.services.ageing import tell_ages
from vouchsafe.services.bulk_running import run_bulk_revocations
from vouchsafe.services.following import follow_change
from vouchsafe.services.notification import sweep_left_behind
from vouchsafe.services.reconciliation import reconcile
from vouchsafe.services.sweeping import Swept, sweep_blocked_keys
from vouchsafe.services.withdrawing import WithdrawalPorts

#: A change still unnumbered after this long was not just late but missed by the stream.
_UNNUMBERED_AFTER = timedelta(minutes=10)
_SWEEP = 200


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take anything; give how many were overdue, revived, changes swept, notices of age given."""
    given = bootstrap.reconcile()
    found = reconcile(
        work=given.work,
        ledger=given.ledger,
        workflow=given.workflow,
        clock=given.clock,
        entropy=given.entropy,
    )
    emit(Metric.ORDERS_STUCK, found.revived, seen=found.seen)
    before = given.clock.now() - _UNNUMBERED_AFTER
    follow = partial(
        follow_change,
        ledger=given.ledger,
        names=given.names,
        domains=given.domains,
        parked=given.parked,
        workflow=given.workflow,
    )
    swept = sweep_left_behind(before, _SWEEP, feed=given.feed, queue=given.queue, then=follow)
    aged = tell_ages(
        accounts=given.accounts,
        reviews=given.reviews,
        ledger=given.ledger,
        clock=given.clock,
        entropy=given.entropy,
    )
    revoked = _revoke(given)
    counts = {"seen": found.seen, "revived": found.revived, "swept": swept, "aged": aged.told}
    counts["revoked"] = revoked.revoked
    logger().info("reconciled", extra=counts)
    troubles = (*found.troubles, *revoked.troubles)
    if troubles:  # seen by the alarm on functions that fail
        raise ExceptionGroup("overdue things could not be attended to", troubles)
    bootstrap_watch.duty_done(Duty.RECONCILE)
    return counts


def _revoke(given: Reconciling) -> Swept:
    """A batch of what operators and reports of compromised keys have left to be revoked."""
    ports = WithdrawalPorts(
        ledger=given.ledger, workflow=given.workflow, clock=given.clock, entropy=given.entropy
    )
    swept = sweep_blocked_keys(keys=given.keys, ports=ports)
    bulk = run_bulk_revocations(keys=given.keys, ports=ports)
    troubles = (*swept.troubles, *bulk.troubles)
    return Swept(revoked=swept.revoked + bulk.revoked, troubles=troubles)
