"""Withdrawal: asked for, and decided by a person. Recording and publishing follow elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.accounts import Principal
from ..domain.approvals import reminders
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.dossier import Dossier
from ..domain.errors import ErrorCode, VouchsafeError
from ..domain.requests import Request, RequestKind, RequestStatus
from ..domain.revocation import RevocationReason, outranks
from ..ports import Clock, Entropy, Ledger, Workflow
from .asking import created, skips
from .attempts import undisturbed
from .idempotency import OnceOnly, used
from .ownership import owned


@dataclass(frozen=True, slots=True)
class CertificateTarget:
    """Revoke the certificate of this id."""

    certificate_id: int


@dataclass(frozen=True, slots=True)
class SerialTarget:
    """Revoke the certificate with this serial number."""

    serial: int


@dataclass(frozen=True, slots=True)
class OrderTarget:
    """Revoke everything an order ever issued."""

    order_id: int


Target = CertificateTarget | SerialTarget | OrderTarget

#: What an unknown target is called, and a foreign one.
_SUBJECTS = {CertificateTarget: "certificate", SerialTarget: "certificate", OrderTarget: "order"}


def request_revocation(
    target: Target,
    principal: Principal,
    *,
    reason: RevocationReason,
    comments: str,
    skip_approval: bool,
    once: OnceOnly[Request] | None = None,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
    workflow: Workflow,
) -> Request:
    """Ask for a revocation; the request, pending or (an administrator skipping) already approved.

    Asking again while a request is open returns it; skipping approves it. Raises not_found, or
    CONFLICT: nothing is left to revoke, or the whole order is meant during a reissue.
    """

    def attempt() -> Request:
        dossier = owned(_dossier(target, ledger), principal, _SUBJECTS[type(target)])
        account = ledger.standing(principal.account_id).account if skip_approval else None
        approved, _remark = skips(skip_approval, principal, account)
        asked_for = _Asked(
            dossier=dossier,
            certificate_ids=tuple(c.certificate_id for c in _targets(dossier, target, reason)),
            whole_order=isinstance(target, OrderTarget),
            reason=reason,
            comments=comments,
            approved=approved,
            now=clock.now(),
        )
        request = _request(asked_for, principal, once, ledger, entropy)
        if approved and request.done_at is None:
            workflow.start_revocation(request.order_id, request.request_id, 1)
        return request

    # under a key every Conflict is final: perhaps it was a twin's
    return undisturbed(attempt, what="the order", final=lambda: once is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One call for a revocation, over the order as it stands."""

    dossier: Dossier
    certificate_ids: tuple[int, ...]
    whole_order: bool
    reason: RevocationReason
    comments: str
    approved: bool
    now: datetime


def _request(
    asked_for: _Asked,
    principal: Principal,
    once: OnceOnly[Request] | None,
    ledger: Ledger,
    entropy: Entropy,
) -> Request:
    """The open request for the same, approved now if that is meant; or a new one, written."""
    same = _open_request(asked_for)
    if same is not None and not (asked_for.approved and same.status is RequestStatus.PENDING):
        if once is not None:
            ledger.commit(*used(once, same, asked_for.now, order_id=same.order_id))
        return same
    order, now = asked_for.dossier.order, asked_for.now
    request = _approved(same, principal, now) if same else _new(asked_for, principal, ledger)
    # Writing the order, too, lets no twin and no reissue slip in between.
    ledger.commit(
        request,
        replace(order, version=order.version + 1),
        created(request, principal, now, entropy),
        *used(once, request, now, order_id=request.order_id),
    )
    return request


def _approved(request: Request, principal: Principal, now: datetime) -> Request:
    return replace(
        request,
        status=RequestStatus.APPROVED,
        reviewer_id=principal.user_id,
        decided_at=now,
        version=request.version + 1,
    )


def _new(asked_for: _Asked, principal: Principal, ledger: Ledger) -> Request:
    order, now, approved = asked_for.dossier.order, asked_for.now, asked_for.approved
    return Request(
        request_id=ledger.allocate(requests=1).requests[0],
        order_id=order.order_id,
        account_id=principal.account_id,
        certificate_ids=asked_for.certificate_ids,
        kind=RequestKind.REVOKE,
        status=RequestStatus.APPROVED if approved else RequestStatus.PENDING,
        requester_id=principal.user_id,
        reviewer_id=principal.user_id if approved else None,
        created_at=now,
        decided_at=now if approved else None,
        comments=asked_for.comments,
        reason=asked_for.reason,
        whole_order=asked_for.whole_order,
        reminders=reminders(RequestKind.REVOKE, now),
    )


def _dossier(target: Target, ledger: Ledger) -> Dossier | None:
    match target:
        case CertificateTarget(certificate_id):
            return ledger.order_of_certificate(certificate_id)
        case SerialTarget(serial):
            return ledger.order_of_serial(serial)
        case OrderTarget(order_id):
            return ledger.order(order_id)


def _targets(dossier: Dossier, target: Target, reason: RevocationReason) -> tuple[Certificate, ...]:
    again = dossier.under_way is not None and len(dossier.certificates) > 1
    if again and isinstance(target, OrderTarget):
        raise _conflict("A reissue or duplicate is under way; wait for it or cancel it first.")
    meant = [c for c in dossier.certificates if _is_meant(c, target)]
    live = tuple(c for c in meant if c.status is CertificateStatus.VALID or _worse(c, reason))
    if live:
        return live
    if any(c.status is CertificateStatus.REVOKED for c in meant):
        raise _conflict("It is revoked already.")
    raise _conflict("Nothing was issued yet; cancel the order instead.")


def _worse(certificate: Certificate, reason: RevocationReason) -> bool:
    """Whether its revocation, for another reason, becomes one for keyCompromise."""
    return certificate.revoked is not None and outranks(reason, certificate.revoked.reason)


def _is_meant(certificate: Certificate, target: Target) -> bool:
    match target:
        case CertificateTarget(certificate_id):
            return certificate.certificate_id == certificate_id
        case SerialTarget(serial):
            return certificate.issued is not None and certificate.issued.serial == serial
        case OrderTarget():
            return True


def _open_request(asked_for: _Asked) -> Request | None:
    """An open request that covers the same certificates, and the whole order if that is meant."""
    open_states = {RequestStatus.PENDING, RequestStatus.APPROVED}
    return next(
        (
            request
            for request in asked_for.dossier.requests
            if request.kind is RequestKind.REVOKE
            and request.status in open_states
            and request.done_at is None
            and not outranks(asked_for.reason, request.reason)
            and set(asked_for.certificate_ids) <= set(request.certificate_ids)
            and (request.whole_order or not asked_for.whole_order)
        ),
        None,
    )


def _conflict(detail: str) -> VouchsafeError:
    return VouchsafeError(ErrorCode.CONFLICT, detail, subject="certificate")
