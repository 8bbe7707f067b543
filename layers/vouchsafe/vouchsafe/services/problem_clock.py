"""The clock of reported problems: reminders, revocations that were set, the age of the oldest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.errors import Conflict, Unavailable, VouchsafeError
from ..domain.problem_reports import REMINDERS, CaseStage, ProblemCase
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
    reminded = carried_out = 0
    troubles = list[Exception]()
    for case in ports.cases.cases_due(now + timedelta(seconds=1), limit):
        try:
            if case.decision is not None:
                carry_out(case, ports)
                carried_out += 1
            else:
                _remind(case, now, ports)
                reminded += 1
        except Conflict:
            continue  # a twin is at it, or an operator
        except (Unavailable, VouchsafeError) as trouble:
            troubles.append(trouble)
    return Attended(
        reminded=reminded,
        carried_out=carried_out,
        oldest=_oldest(now, ports),
        troubles=tuple(troubles),
    )


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
