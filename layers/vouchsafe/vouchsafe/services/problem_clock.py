"""The clock of reported problems: reminders, revocations that were set, the age of the oldest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.problem_reports import REMINDERS, CaseStage, ProblemCase
from .passes import one_by_one
from .problem_records import case_change
from .problem_work import CasePorts, carry_out

_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Attended:
    """What one pass did. `oldest` is how long the oldest case has no preliminary report."""

    reminded: int
    carried_out: int
    oldest: timedelta
    troubles: tuple[Exception, ...] = ()


def attend_cases(ports: CasePorts, *, limit: int = _AT_ONCE) -> Attended:
    """One pass over the cases that are due; doing it twice is harmless.

    Trouble with one case stops no other; it is the caller's to raise.
    """
    now = ports.withdrawing.clock.now()
    due = ports.cases.cases_due(now + timedelta(seconds=1), limit)
    decided, troubles = one_by_one(due, lambda case: _attend(case, now, ports))
    return Attended(
        reminded=decided.count(False),
        carried_out=decided.count(True),
        oldest=_oldest(now, ports),
        troubles=troubles,
    )


def _attend(case: ProblemCase, now: datetime, ports: CasePorts) -> bool:
    """Carry out what was decided, or remind of what was not; whether it was decided."""
    decided = case.decision is not None
    if decided:
        carry_out(case, ports)
    else:
        _remind(case, now, ports)
    return decided


def _remind(case: ProblemCase, now: datetime, ports: CasePorts) -> None:
    """One reminder for all that have become due since. Raises Conflict."""
    passed = sum(case.opened_at + each <= now for each in REMINDERS)
    if passed <= case.reminded:
        return
    after = replace(case, reminded=passed, version=case.version + 1)
    entropy = ports.withdrawing.entropy
    hours = REMINDERS[passed - 1] // timedelta(hours=1)
    told = case_change(after, "reminder", "system", now=now, entropy=entropy, hours=hours)
    ports.withdrawing.ledger.commit(after, told)


def _oldest(now: datetime, ports: CasePorts) -> timedelta:
    waiting = ports.cases.cases(CaseStage.WAITING, "", 1)
    return now - waiting[0].opened_at if waiting else timedelta(0)
