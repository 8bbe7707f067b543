"""Scheduled: brings back what lost its execution, numbers changes that the stream left behind, and
calls readers for messages that still wait."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from vouchsafe import bootstrap, bootstrap_lines, bootstrap_watch
from vouchsafe.dependencies import Reconciling
from vouchsafe.domain.duties import Duty
from vouchsafe.domain.metrics import Metric
from vouchsafe.observability import emit, logger
from vouchsafe.services.following import follow_change
from vouchsafe.services.notification import sweep_left_behind
from vouchsafe.services.reconciliation import GRACE, reconcile

#: A change still unnumbered after this long was not just late but missed by the stream.
_UNNUMBERED_AFTER = timedelta(minutes=10)
#: What is younger may be in the stream still, with older changes that it must not overtake.
_IN_THE_STREAM = timedelta(seconds=30)
_SWEEP = 200


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take anything; give how many things were overdue, stuck, revived, changes swept, and readers
    called.

    `{"at_once": true}` is for whoever ends an outage: what is overdue is not given the time in
    which it would come by itself. What lives is found alive all the same.
    """
    at_once = event.get("at_once") is True
    given = bootstrap.reconcile()
    found = reconcile(
        work=given.work,
        ledger=given.ledger,
        workflow=given.workflow,
        clock=given.clock,
        entropy=given.entropy,
        grace=timedelta(0) if at_once else GRACE,
    )
    emit(Metric.ORDERS_STUCK, found.stuck, seen=found.seen)
    counts = {"seen": found.seen, "stuck": found.stuck, "revived": found.revived}
    counts["swept"] = _sweep(given, _IN_THE_STREAM if at_once else _UNNUMBERED_AFTER)
    counts["called"] = bootstrap_lines.call_whoever_has_work()
    logger().info("reconciled", extra=counts)
    if found.troubles:  # seen by the alarm on functions that fail
        raise ExceptionGroup("overdue things could not be attended to", found.troubles)
    bootstrap_watch.duty_done(Duty.RECONCILE)
    return counts


def _sweep(given: Reconciling, after: timedelta) -> int:
    """How many changes without a number were numbered and passed on."""
    follow = partial(
        follow_change,
        ledger=given.ledger,
        names=given.names,
        domains=given.domains,
        parked=given.parked,
        workflow=given.workflow,
    )
    before = given.clock.now() - after
    return sweep_left_behind(before, _SWEEP, feed=given.feed, queue=given.queue, then=follow)
