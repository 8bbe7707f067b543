"""A certificate as it stands at one moment, and how a look or the window's end changes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.authorization import Authorization, AuthorizationStatus
from ..domain.cause import CauseCode
from ..domain.certificate import Certificate, CertificateStatus, Window
from ..domain.dossier import Dossier
from ..domain.gates import Assessment, Gate, Verdict, assess
from ..domain.grounds import OPEN_GROUNDS, Grounds
from ..domain.lifecycle import moved
from ..domain.nudging import nudges_due
from ..domain.order import StatusReason
from ..domain.parking import OPENED_BY_PEOPLE, Parked
from ..domain.progress import Look, Seen, after_look, unproven
from ..domain.schedule import FINAL_LOOK_GRACE, LAST_LOOK_AGAIN, LAST_LOOK_PATIENCE, Schedule

#: How long a certificate that waits for a person lies before it is looked at all the same.
PARKED_LOOK = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A certificate with its names, judged at `now`.

    `grounds` are what people decided; None where nobody was asked, because names are unproven and
    come first.
    """

    dossier: Dossier
    certificate: Certificate
    authorizations: tuple[Authorization, ...]
    window: Window
    now: datetime
    grounds: Grounds | None = None

    @property
    def assessment(self) -> Assessment:
        """Which gates are still closed. Raises ValueError where people were to be asked first."""
        if self.grounds is None and self.people_decide:
            raise ValueError("what people decided is not known")
        grounds = self.grounds or OPEN_GROUNDS
        return assess(self.certificate, self.authorizations, now=self.now, grounds=grounds)

    @property
    def people_decide(self) -> bool:
        """Whether what people decided makes a difference now: no name is before them."""
        pending = self.certificate.status is CertificateStatus.PENDING
        return pending and (self.names_proven or self.certificate.waits_for_people)

    @property
    def names_proven(self) -> bool:
        """Whether no name waits for a proof."""
        return not unproven(self.authorizations, self.now)

    @property
    def too_late_to_look(self) -> bool:
        """Whether names are unproven and even the final look's time is over."""
        return self.now > self.window.deadline + FINAL_LOOK_GRACE and not self.names_proven


def has_ended(certificate: Certificate) -> bool:
    """Whether nothing is left to do for the certificate id."""
    return assess(certificate, (), now=certificate.created_at).verdict is Verdict.DONE


def case_of(dossier: Dossier, certificate_id: int, now: datetime, schedule: Schedule) -> Case:
    """The certificate as it stands. One without a window has had its own since it was made."""
    certificate = dossier.certificate(certificate_id)
    window = certificate.window or Window(
        opened_at=certificate.created_at, deadline=certificate.created_at + schedule.window
    )
    return Case(
        dossier=dossier,
        certificate=certificate,
        authorizations=dossier.authorizations[certificate_id],
        window=window,
        now=now,
    )


def looked_at(case: Case, look: Look, run: int, schedule: Schedule) -> Case:
    """The case after a look made by `run`; closed if that was the final one and not all is open."""
    before, now = case.certificate, look.finished_at
    looked = replace(
        before,
        run=max(before.run, run),
        looks=before.looks + 1,
        looked_at=now,
        next_look_at=schedule.next_look(now, before.looks + 1, case.window.deadline),
        caa=look.caa or before.caa,
        version=before.version + 1,
    )
    after = replace(
        case, certificate=looked, authorizations=after_look(case.authorizations, look), now=now
    )
    verdict = after.assessment.verdict
    # A look that began before the deadline is not the final one: that begins on the deadline.
    over = look.started_at >= case.window.deadline
    if over and verdict is Verdict.WAITING:
        if (
            any(map(_spoilt, look.seen.values()))
            and now < case.window.deadline + LAST_LOOK_PATIENCE
        ):
            return replace(after, certificate=replace(looked, next_look_at=now + LAST_LOOK_AGAIN))
        return _ended(after, before.version + 1)
    return parked(after, schedule) if verdict is Verdict.PARKED else after


def nudged(case: Case) -> Case:
    """The case with every reminder of missing proofs that is due counted as given."""
    waiting = case.assessment.verdict is Verdict.WAITING and not case.names_proven
    due = nudges_due(case.window, case.now)
    if not waiting or due <= case.certificate.nudges:
        return case
    return replace(case, certificate=replace(case.certificate, nudges=due))


def _spoilt(seen: Seen) -> bool:
    """Whether trouble of our own may have kept a name from being proven: we could not look, or saw
    the value and had no answer from enough of our other places."""
    if seen.corroboration is not None:
        return seen.corroboration.cause is CauseCode.TOO_FEW_PERSPECTIVES
    return seen.answer.cause == CauseCode.OWN_TROUBLE


def recorded_run(certificate: Certificate, run: int, next_look_at: datetime) -> Certificate:
    """The certificate with its newest run, which ends every older one, and its next look."""
    return replace(
        certificate,
        run=max(certificate.run, run),
        next_look_at=next_look_at,
        version=certificate.version + 1,
    )


def parked(case: Case, schedule: Schedule) -> Case:
    """The case as its validation stops, because it waits for nobody but people."""
    wait = Parked(
        since=case.now,
        until=case.now + schedule.people_wait,
        gates=_peoples(case.assessment),
        organization_id=case.dossier.order.organization_id,
    )
    certificate = replace(case.certificate, parked=wait, next_look_at=_parked_look(wait, case.now))
    return replace(case, certificate=certificate)


def _peoples(assessment: Assessment) -> tuple[Gate, ...]:
    return tuple(gate for gate in assessment.closed if gate in OPENED_BY_PEOPLE)


def _parked_look(wait: Parked, now: datetime) -> datetime:
    """Nothing is overdue; but what no decision woke is looked at a day later, or at its end."""
    return min(now + PARKED_LOOK, wait.until)


def noted_unlooked(case: Case, run: int) -> Certificate | None:
    """What to write when `run` finds nothing to look at; None: nothing.

    The run that issues is on record, so that nobody takes it for lost and starts another. What
    waits for people says for whom, and when somebody sees whether it still waits.
    """
    certificate, assessment = case.certificate, case.assessment
    newer = run > certificate.run
    if assessment.verdict is Verdict.READY and newer:
        return replace(certificate, run=run, version=certificate.version + 1)
    wait = certificate.parked
    if assessment.verdict is not Verdict.PARKED or wait is None or not certificate.waits_for_people:
        return None
    gates, due = _peoples(assessment), _parked_look(wait, case.now)
    planned = certificate.next_look_at or case.now
    early = planned < min(case.now + PARKED_LOOK / 2, wait.until)
    if not newer and not early and gates == wait.gates:
        return None
    recorded = recorded_run(certificate, run, due)
    return replace(recorded, parked=replace(wait, gates=gates))


def closed_unlooked(case: Case) -> Case:
    """The case closed as it stands, long after its deadline."""
    return _ended(case, case.certificate.version + 1)


def newly_proven(before: Case, after: Case) -> list[str]:
    """The names that `after` has a proof for and `before` had not."""
    waited = {one.identifier for one in unproven(before.authorizations, after.now)}
    still = {one.identifier for one in unproven(after.authorizations, after.now)}
    return [
        one.identifier.value for one in after.authorizations if one.identifier in waited - still
    ]


def _ended(case: Case, version: int) -> Case:
    """The end without success: names still unproven are timed out, proven ones stay proven."""
    caa = case.certificate.caa
    refused = caa is not None and any(one.completed and not one.permitted for one in caa.findings)
    by_caa = refused and Gate.DOMAINS not in case.assessment.closed
    reason = StatusReason.REFUSED_BY_CAA if by_caa else StatusReason.TIMED_OUT
    ended = moved(case.certificate, CertificateStatus.INVALID, reason)
    return replace(
        case,
        certificate=replace(ended, next_look_at=None, version=version),
        authorizations=tuple(_timed_out(one) for one in case.authorizations),
    )


def _timed_out(one: Authorization) -> Authorization:
    if one.status is not AuthorizationStatus.PENDING:
        return one
    return replace(one, status=AuthorizationStatus.TIMED_OUT)
