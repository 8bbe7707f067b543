"""A certificate as it stands at one moment, and how a look or the window's end changes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.authorization import Authorization, AuthorizationStatus
from ..domain.certificate import Certificate, CertificateStatus, Window
from ..domain.dossier import Dossier
from ..domain.gates import Assessment, Gate, Verdict, assess
from ..domain.lifecycle import moved
from ..domain.order import Order, StatusReason
from ..domain.products import PRODUCTS, ValidationLevel
from ..domain.progress import Look, after_look, unproven
from ..domain.schedule import FINAL_LOOK_GRACE, Schedule

#: How long a certificate that waits for a person lies before it is looked at all the same.
PARKED_LOOK = timedelta(days=1)


def waits_for_no_organization(order: Order) -> bool:
    """Whether the order's certificates name no organization: it names none, or they are DV."""
    return order.organization_id is None or PRODUCTS[order.product_id].level is ValidationLevel.DV


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A certificate with its names, judged at `now`."""

    dossier: Dossier
    certificate: Certificate
    authorizations: tuple[Authorization, ...]
    window: Window
    now: datetime

    @property
    def assessment(self) -> Assessment:
        """Which gates are still closed."""
        return assess(
            self.certificate,
            self.authorizations,
            now=self.now,
            organization_validated=self.organization_validated,
        )

    @property
    def organization_validated(self) -> bool:
        """Whether no organization is waited for."""
        return waits_for_no_organization(self.dossier.order)

    @property
    def names_proven(self) -> bool:
        """Whether no name waits for a proof."""
        return not unproven(self.authorizations, self.now)

    @property
    def too_late_to_look(self) -> bool:
        """Whether names are unproven and even the final look's time is over."""
        return self.now > self.window.deadline + FINAL_LOOK_GRACE and not self.names_proven


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
    # A look that began before the deadline is not the final one: that begins on the deadline.
    over = look.started_at >= case.window.deadline
    if over and after.assessment.verdict is Verdict.WAITING:
        return _ended(after, before.version + 1)
    if after.assessment.verdict is Verdict.PARKED:
        return replace(after, certificate=replace(looked, next_look_at=now + PARKED_LOOK))
    return after


def recorded_run(certificate: Certificate, run: int, next_look_at: datetime) -> Certificate:
    """The certificate with its newest run, which ends every older one, and its next look."""
    return replace(
        certificate,
        run=max(certificate.run, run),
        next_look_at=next_look_at,
        version=certificate.version + 1,
    )


def noted_unlooked(case: Case, run: int) -> Certificate | None:
    """What to write when `run` finds nothing to look at; None: nothing.

    The run that issues is on record, so that nobody takes it for lost and starts another. What
    waits for a person is not overdue: a day later somebody sees whether it still waits.
    """
    certificate, verdict = case.certificate, case.assessment.verdict
    planned = certificate.next_look_at or case.now
    if verdict is Verdict.READY and run > certificate.run:
        return replace(certificate, run=run, version=certificate.version + 1)
    parked = verdict is Verdict.PARKED and certificate.status is CertificateStatus.PENDING
    if parked and (run > certificate.run or planned < case.now + PARKED_LOOK / 2):
        return recorded_run(certificate, run, case.now + PARKED_LOOK)
    return None


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
