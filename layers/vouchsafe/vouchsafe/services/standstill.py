"""A certificate's wait for people: how it begins, how it goes on, how it ends without them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from ..domain.authorization import Authorization, AuthorizationStatus
from ..domain.certificate import CertificateStatus
from ..domain.gates import Gate, Verdict, proof_counts
from ..domain.lifecycle import moved
from ..domain.mailings import planned_contacts
from ..domain.order import StatusReason
from ..domain.products import PRODUCTS
from ..domain.progress import unproven
from ..domain.proofs import Proofs
from ..domain.schedule import Schedule
from ..ports import Entropy
from . import cases
from .cases import Case
from .opening import ValidationTimes, opened, with_opening

#: What a certificate ended of for which people were waited in vain: the first that was closed.
_IN_VAIN: Mapping[Gate, StatusReason] = {
    Gate.ORGANIZATION: StatusReason.ORGANIZATION_NOT_VALIDATED,
    Gate.AGREEMENT: StatusReason.AGREEMENT_NOT_ACCEPTED,
    Gate.CLEARANCE: StatusReason.REFUSED_BY_POLICY,
}


def begins(case: Case) -> bool:
    """Whether the wait for people begins now."""
    pending = case.certificate.status is CertificateStatus.PENDING
    parked = case.assessment.verdict is Verdict.PARKED
    return pending and parked and not case.certificate.waits_for_people


def is_over(case: Case) -> bool:
    """Whether people have decided everything that was waited for."""
    waits = case.certificate.waits_for_people
    return waits and case.assessment.verdict in {Verdict.READY, Verdict.WAITING}


def was_in_vain(case: Case) -> bool:
    """Whether nothing will come of the certificate: refused for good, or waited for too long."""
    verdict, wait = case.assessment.verdict, case.certificate.parked
    if verdict is Verdict.REFUSED:
        return True
    waits = case.certificate.waits_for_people and verdict is Verdict.PARKED
    return waits and wait is not None and case.now >= wait.until


def parked(case: Case, run: int, schedule: Schedule) -> Case:
    """The case as the wait begins without a look."""
    waiting = cases.parked(case, schedule)
    before, due = case.certificate, waiting.certificate.next_look_at
    recorded = cases.recorded_run(waiting.certificate, max(run, before.run), due or case.now)
    return replace(waiting, certificate=recorded)


def resumed(case: Case, run: int, *, proofs: Proofs, schedule: Schedule, entropy: Entropy) -> Case:
    """The case as its validation goes on.

    Names whose proofs lapsed meanwhile, and which none of the account's `proofs` covers, get new
    values and a new window. Where none did, only CAA is to be looked at, at once; a window that
    closed during the wait is opened anew for that.
    """
    certificate, now = case.certificate, case.now
    assert certificate.parked is not None, "only what waited goes on"
    left = replace(certificate, parked=replace(certificate.parked, left_at=now))
    opening = opened(
        certificate.identifiers,
        certificate.dcv_method,
        PRODUCTS[certificate.product_id],
        proofs=proofs,
        times=ValidationTimes(window=schedule.window, first_gap=schedule.first_gap),
        entropy=entropy,
        now=now,
        contacts=planned_contacts(case.authorizations),
    )
    pairs = tuple(zip(case.authorizations, opening.authorizations, strict=True))
    items = tuple(_renewed(old, new, now) for old, new in pairs)
    if unproven(items, now):
        begun = with_opening(cases.recorded_run(left, run, opening.next_look_at), opening)
        return replace(case, certificate=begun, authorizations=items, window=opening.window)
    window = case.window if case.window.deadline > now else opening.window
    ready = replace(cases.recorded_run(left, run, now), window=window)
    found = tuple(_found(old, new, now) for old, new in pairs)
    return replace(case, certificate=ready, authorizations=found, window=window)


def _renewed(old: Authorization, new: Authorization, now: datetime) -> Authorization:
    """What a name goes on with: its own proof while that counts, else what it is opened with."""
    return replace(old, random_value=new.random_value) if proof_counts(old, now) else new


def _found(old: Authorization, new: Authorization, now: datetime) -> Authorization:
    """What a name has where none needs a value: its own proof, else the account's newer one."""
    if proof_counts(old, now):
        return old
    return replace(old, status=new.status, method=new.method, proof=new.proof)


def ended(case: Case) -> Case:
    """The end without success: refused by the lists, or waited for in vain."""
    closed = case.assessment.closed
    refused = case.assessment.verdict is Verdict.REFUSED
    found = next((reason for gate, reason in _IN_VAIN.items() if gate in closed), None)
    reason = StatusReason.REFUSED_BY_POLICY if refused else found
    certificate = moved(case.certificate, CertificateStatus.INVALID, reason)
    return replace(
        case,
        certificate=replace(certificate, next_look_at=None),
        authorizations=tuple(_failed(one) for one in case.authorizations),
    )


def _failed(one: Authorization) -> Authorization:
    """A name nobody looks at any more can never be proven here."""
    if one.status is not AuthorizationStatus.PENDING:
        return one
    return replace(one, status=AuthorizationStatus.INVALID)
