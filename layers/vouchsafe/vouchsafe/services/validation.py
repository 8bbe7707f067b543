"""The validation authority: looks when it is time, records what it saw, says what is next.

The state machine obeys the verdict. Everything is loaded anew, written under a version condition,
and may be repeated at any point: a task that runs twice finds its work done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.desk import Hint, hint_of
from ..domain.errors import Conflict, Unavailable
from ..domain.gates import Verdict
from ..domain.progress import Look, after_look, unproven
from ..domain.proofs import domains_to_ask
from ..domain.schedule import Schedule, seconds_until
from ..domain.waiting import told_cause, told_phase
from ..ports import Clock, Entropy, Ledger, Looker, Looks, Perspectives, Policies
from . import cases, check_records, standstill
from .admission import Admission
from .cases import Case
from .looking import Eyes, ValidationPolicy, look_at

__all__ = ["CheckOutcome", "ValidationPolicy", "check_order"]

_ATTEMPTS = 8  # commits tried against others who write the same certificate
_FIRST_RUN = 1
#: After a look that ends so, what is next is decided by what stands then.
_DECIDED_ANEW = frozenset({Verdict.PARKED, Verdict.REFUSED})
#: A look may begin this much before it is due: clocks differ, and it is not worth another loop.
_EARLY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """What the state machine is told; `phase` and `cause` are for who reads its history."""

    verdict: Verdict
    wait_seconds: int = 0
    phase: str
    cause: str = ""
    hint: Hint = Hint()  # what the issue, if it is next, reads along


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One CheckOrder task with what it was given."""

    order_id: int
    certificate_id: int
    run: int
    ledger: Ledger
    looks: Looks
    eyes: Eyes
    admission: Admission
    entropy: Entropy
    schedule: Schedule


def check_order(  # noqa: PLR0913 (the ports of one authority, by keyword)
    order_id: int,
    certificate_id: int,
    run: int,
    *,
    ledger: Ledger,
    looks: Looks,
    looker: Looker,
    perspectives: Perspectives,
    policies: Policies,
    clock: Clock,
    entropy: Entropy,
    schedule: Schedule,
    policy: ValidationPolicy,
) -> CheckOutcome:
    """Look at what is unproven, if it is time; record it; say what is next.

    A certificate whose window is over is closed, once; one that waits for nobody but people is
    parked, and goes on when they have decided. Raises Unavailable for trouble of our own.
    """
    eyes = Eyes(looker=looker, perspectives=perspectives, clock=clock, policy=policy)
    task = _Task(
        order_id=order_id,
        certificate_id=certificate_id,
        run=run,
        ledger=ledger,
        looks=looks,
        eyes=eyes,
        admission=Admission(ledger=ledger, policies=policies, agreement=policy.agreement),
        entropy=entropy,
        schedule=schedule,
    )
    return _checked(task)


def _checked(task: _Task) -> CheckOutcome:
    look: Look | None = None
    for _ in range(_ATTEMPTS):
        case = _load(task)
        try:
            if outcome := _superseded(task, case):
                return outcome
            if _moved_on(task, case):
                continue  # decide again, as things stand now
            if settled := _settled(task, case):
                return settled
            if look is None and not case.too_late_to_look:
                due = _due(task, case)
                if case.now < due - _EARLY:
                    return _wait(task, case, due)
                look = _look(task, case)
            after = _record(task, case, look)
        except Conflict:
            continue  # somebody wrote first: decide again, with what was seen already
        if after.assessment.verdict not in _DECIDED_ANEW:
            return _outcome(after, wait_seconds=_seconds_to_wait(after))
        look = None
    raise Unavailable(f"certificate {task.certificate_id} is being changed by others")


def _load(task: _Task) -> Case:
    """The certificate as it stands, with what people decided where that makes a difference.

    A first look at the certificate asks people, too: what is refused is refused at once.
    """
    dossier = task.ledger.order(task.order_id)
    if dossier is None:
        raise Unavailable(f"order {task.order_id} cannot be read")
    case = cases.case_of(dossier, task.certificate_id, task.eyes.clock.now(), task.schedule)
    return _asked(task, case) if case.people_decide or case.certificate.run == 0 else case


def _asked(task: _Task, case: Case) -> Case:
    grounds = task.admission.grounds(case.dossier.order, case.certificate, case.now)
    return replace(case, grounds=grounds)


def _superseded(task: _Task, case: Case) -> CheckOutcome | None:
    if cases.has_ended(case.certificate) or task.run >= case.certificate.run:
        return None
    return CheckOutcome(verdict=Verdict.SUPERSEDED, phase=f"run {case.certificate.run} took over")


def _moved_on(task: _Task, case: Case) -> bool:
    """Whether people's decisions, or their absence, changed the case, which is written then.

    A wait that begins is on record before people are asked once more: whoever decides later finds
    it, and nothing that was decided meanwhile is missed. Raises Conflict.
    """
    if standstill.was_in_vain(case):
        after = standstill.ended(case)
    elif standstill.begins(case):
        after = standstill.parked(case, task.run, task.schedule)
    elif standstill.is_over(case):
        return _gone_on(task, case)
    else:
        return False
    told = check_records.changes(case, after, task.entropy)
    task.ledger.commit(*check_records.moved_records(case, after), *told)
    return True


def _gone_on(task: _Task, case: Case) -> bool:
    certificate = case.certificate
    lapsed = [one.identifier for one in unproven(case.authorizations, case.now)]
    standing = task.ledger.standing(certificate.account_id, domains_to_ask(lapsed))
    after = standstill.resumed(
        case, task.run, proofs=standing.proofs, schedule=task.schedule, entropy=task.entropy
    )
    told = () if after.names_proven else (check_records.begun_anew(after, task.entropy),)
    task.ledger.commit(*check_records.moved_records(case, after), *told)
    return True


def _settled(task: _Task, case: Case) -> CheckOutcome | None:
    """The answer when there is nothing to look at. Raises Conflict."""
    if case.assessment.verdict is Verdict.WAITING:
        return None
    if noted := cases.noted_unlooked(case, task.run):
        task.ledger.commit(noted)
    return _outcome(case)


def _due(task: _Task, case: Case) -> datetime:
    """When this run looks next."""
    certificate = case.certificate
    if task.run > max(certificate.run, _FIRST_RUN):
        return case.now  # somebody woke us
    if certificate.looks == 0 and case.names_proven:
        return case.now  # nothing was to be published: only CAA is to be looked at
    if certificate.next_look_at is not None:
        return certificate.next_look_at
    return case.now if case.names_proven else case.window.opened_at + task.schedule.gap_after(0)


def _wait(task: _Task, case: Case, due: datetime) -> CheckOutcome:
    """Not yet. A run's first task records itself, which ends every older run."""
    if task.run > case.certificate.run:
        recorded = cases.recorded_run(case.certificate, task.run, due)
        task.ledger.commit(recorded)
        case = replace(case, certificate=recorded)
    return _outcome(case, wait_seconds=seconds_until(due, case.now))


def _look(task: _Task, case: Case) -> Look:
    def people_decided() -> bool:
        grounds = task.admission.grounds(case.dossier.order, case.certificate, case.now)
        return not grounds.closed

    return look_at(
        case.certificate, case.authorizations, eyes=task.eyes, caa_when_proven=people_decided
    )


def _record(task: _Task, case: Case, look: Look | None) -> Case:
    """Write what was seen, or that the window is over; the case then.

    Raises Conflict when somebody wrote first.
    """
    if look is None:
        after = cases.closed_unlooked(case)
    else:
        if not unproven(after_look(case.authorizations, look), look.finished_at):
            case = _asked(task, case)
        after = cases.nudged(cases.looked_at(case, look, task.run, task.schedule))
        task.looks.add(check_records.look_record(case, after, look, task.run))
    records = check_records.moved_records(case, after)
    first, *others = check_records.fresh_parts(case, after)
    for some in others:
        task.ledger.commit(*some)  # more than one transaction takes; each is true by itself
    task.ledger.commit(*records, *check_records.changes(case, after, task.entropy), *first)
    return after


def _seconds_to_wait(case: Case) -> int:
    due = case.certificate.next_look_at
    if case.assessment.verdict is not Verdict.WAITING or due is None:
        return 0
    return seconds_until(due, case.now)


def _outcome(case: Case, wait_seconds: int = 0) -> CheckOutcome:
    parts = (case.certificate, case.authorizations, case.assessment, case.now)
    return CheckOutcome(
        verdict=case.assessment.verdict,
        wait_seconds=wait_seconds,
        phase=told_phase(*parts),
        cause=told_cause(*parts),
        hint=hint_of(case.dossier.order),
    )
