"""The validation authority: looks when it is time, records what it saw, says what is next.

The state machine obeys the verdict. Everything is loaded anew, written under a version condition,
and may be repeated at any point: a task that runs twice finds its work done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched

from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import NOISE_BYTES, Change, ChangeKind, new_change_id
from ..domain.dossier import Authorizations, LookRecord
from ..domain.errors import Conflict, Unavailable
from ..domain.gates import Verdict
from ..domain.lifecycle import end_told, followed
from ..domain.progress import Look, look_results
from ..domain.proofs import PROOFS_A_COMMIT, DomainProof, fresh_proofs
from ..domain.schedule import Schedule, seconds_until
from ..domain.waiting import told_cause, told_phase
from ..ports import Clock, Entropy, Ledger, Looker, Looks, Perspectives
from . import cases
from .cases import Case
from .looking import Eyes, ValidationPolicy, look_at

__all__ = ["CheckOutcome", "ValidationPolicy", "check_order"]

_ATTEMPTS = 6  # commits tried against others who write the same certificate
_FIRST_RUN = 1
#: A look may begin this much before it is due: clocks differ, and it is not worth another loop.
_EARLY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """What the state machine is told; `phase` and `cause` are for who reads its history."""

    verdict: Verdict
    wait_seconds: int = 0
    phase: str
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One CheckOrder task with what it was given."""

    order_id: int
    certificate_id: int
    run: int
    ledger: Ledger
    looks: Looks
    eyes: Eyes
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
    clock: Clock,
    entropy: Entropy,
    schedule: Schedule,
    policy: ValidationPolicy,
) -> CheckOutcome:
    """Look at what is unproven, if it is time; record it; say what is next.

    A certificate whose window is over is closed, once. Raises Unavailable for trouble of our own.
    """
    eyes = Eyes(looker=looker, perspectives=perspectives, clock=clock, policy=policy)
    task = _Task(
        order_id=order_id,
        certificate_id=certificate_id,
        run=run,
        ledger=ledger,
        looks=looks,
        eyes=eyes,
        entropy=entropy,
        schedule=schedule,
    )
    return _checked(task)


def _checked(task: _Task) -> CheckOutcome:
    look: Look | None = None
    for _ in range(_ATTEMPTS):
        case = _load(task)
        try:
            if settled := _settled(task, case):
                return settled
            if look is None and not case.too_late_to_look:
                due = _due(task, case)
                if case.now < due - _EARLY:
                    return _wait(task, case, due)
                look = _look(task, case)
            return _record(task, case, look)
        except Conflict:
            continue  # somebody wrote first: decide again, with what was seen already
    raise Unavailable(f"certificate {task.certificate_id} is being changed by others")


def _load(task: _Task) -> Case:
    dossier = task.ledger.order(task.order_id)
    if dossier is None:
        raise Unavailable(f"order {task.order_id} cannot be read")
    return cases.case_of(dossier, task.certificate_id, task.eyes.clock.now(), task.schedule)


def _settled(task: _Task, case: Case) -> CheckOutcome | None:
    """The answer when there is nothing to look at. Raises Conflict."""
    verdict = case.assessment.verdict
    if verdict is not Verdict.DONE and task.run < case.certificate.run:
        phase = f"run {case.certificate.run} has taken over"
        return CheckOutcome(verdict=Verdict.SUPERSEDED, phase=phase)
    if verdict is Verdict.WAITING:
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
    known = case.organization_validated
    return look_at(case.certificate, case.authorizations, eyes=task.eyes, caa_when_proven=known)


def _record(task: _Task, case: Case, look: Look | None) -> CheckOutcome:
    """Write what was seen, or that the window is over; say what is next.

    Raises Conflict when somebody wrote first.
    """
    if look is None:
        after = cases.closed_unlooked(case)
    else:
        after = cases.looked_at(case, look, task.run, task.schedule)
        task.looks.add(_look_record(task, case, after, look))
    records: list[Certificate | Authorizations] = [after.certificate]
    if after.authorizations != case.authorizations:
        records.append(
            Authorizations(
                order_id=task.order_id,
                certificate_id=task.certificate_id,
                items=after.authorizations,
            )
        )
    order = followed(case.dossier.order, after.certificate)
    first, *others = _proofs(case, after)
    for some in others:
        task.ledger.commit(*some)  # more than one transaction takes; each is true by itself
    task.ledger.commit(*records, *order, *_changes(task, case, after), *first)
    return _outcome(after, wait_seconds=_seconds_to_wait(after))


def _proofs(before: Case, after: Case) -> list[tuple[DomainProof, ...]]:
    """What the account may use again, in as many parts as commits need; the first may be empty."""
    certificate = after.certificate
    found = fresh_proofs(
        certificate.account_id,
        certificate.order_id,
        certificate.certificate_id,
        before=before.authorizations,
        after=after.authorizations,
    )
    return [*batched(found, PROOFS_A_COMMIT, strict=False)] or [()]


def _look_record(task: _Task, before: Case, after: Case, look: Look) -> LookRecord:
    return LookRecord(
        order_id=task.order_id,
        certificate_id=task.certificate_id,
        number=after.certificate.looks,
        run=task.run,
        looked_at=look.finished_at,
        results=look_results(before.authorizations, after.authorizations, look),
    )


def _changes(task: _Task, before: Case, after: Case) -> list[Change]:
    """One change for all names proven in this look, one for the end of the window."""
    changes = []
    if proven := cases.newly_proven(before, after):
        changes.append(_change(task, after, ChangeKind.NAME_PROVEN, {"names": proven}))
    if after.certificate.status is CertificateStatus.INVALID:
        ended = after.certificate
        data: dict[str, object] = {"kind": str(ended.kind), "reason": str(ended.status_reason)}
        changes.append(_change(task, after, end_told(ended), data))
    return changes


def _change(task: _Task, case: Case, kind: ChangeKind, data: dict[str, object]) -> Change:
    return Change(
        change_id=new_change_id(case.now, task.entropy.bytes(NOISE_BYTES)),
        account_id=case.certificate.account_id,
        kind=kind,
        at=case.now,
        actor="system",
        order_id=task.order_id,
        certificate_id=task.certificate_id,
        data=data,
    )


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
    )
