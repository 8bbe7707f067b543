"""Scheduled: revokes what has a compromised key, carries on with bulk revocations and with what was
decided about reported problems, and reminds of those that nobody answered.
"""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap_clock, bootstrap_intake, bootstrap_watch
from vouchsafe.domain.duties import Duty
from vouchsafe.domain.problem_reports import REMINDERS
from vouchsafe.observability import incident, logger
from vouchsafe.services.bulk_running import run_bulk_revocations
from vouchsafe.services.problem_clock import Attended, attend_cases
from vouchsafe.services.problem_work import CasePorts
from vouchsafe.services.sweeping import sweep_blocked_keys


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take anything; give how many revocations were begun, a batch of each key and bulk."""
    given = bootstrap_clock.revoke_blocked()
    swept = sweep_blocked_keys(keys=given.keys, ports=given.withdrawal)
    bulk = run_bulk_revocations(keys=given.keys, ports=given.withdrawal)
    cases = _attend()
    counts = {"swept": swept.revoked, "bulk": bulk.revoked}
    counts |= {"cases": cases.carried_out, "reminded": cases.reminded}
    logger().info("blocked.revoked", extra=counts)
    troubles = (*swept.troubles, *bulk.troubles, *cases.troubles)
    if troubles:  # seen by the alarm on this function's errors
        raise ExceptionGroup("some could not be revoked in this pass", troubles)
    bootstrap_watch.duty_done(Duty.REVOKE_BLOCKED)
    return counts


def _attend() -> Attended:
    """What is due of reported problems; an incident where one's first answer is nearly late."""
    given = bootstrap_intake.attending_cases()
    cases = attend_cases(CasePorts(cases=given.cases, withdrawing=given.withdrawal))
    if cases.oldest >= REMINDERS[-1]:
        incident("problem_unanswered", seconds=int(cases.oldest.total_seconds()))
    return cases
