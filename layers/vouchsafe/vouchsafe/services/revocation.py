"""Withdrawal: asked for, and decided by a person. Recording and publishing follow elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.accounts import Principal, Role
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import Change, ChangeKind, new_change_id
from ..domain.dossier import Dossier
from ..domain.errors import Conflict, ErrorCode, VouchsafeError, not_found
from ..domain.requests import Request, RequestKind, RequestStatus
from ..domain.revocation import RevocationReason
from ..ports import Clock, Entropy, Ledger, Workflow


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

#: Whose work a not yet finished certificate is: while one is under way, nothing else is revoked.
_UNDER_WAY = {
    CertificateStatus.AWAITING_APPROVAL,
    CertificateStatus.PENDING,
    CertificateStatus.PROCESSING,
}


def request_revocation(
    target: Target,
    principal: Principal,
    *,
    reason: RevocationReason,
    comments: str,
    skip_approval: bool,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
    workflow: Workflow,
) -> Request:
    """Ask for a revocation; the request, pending or (an administrator skipping) already approved.

    Asking again for the same certificates while a request is open returns that request. Raises
    not_found, or CONFLICT when there is nothing left to revoke or a reissue is under way.
    """
    dossier = _owned(_dossier(target, ledger), target, principal)
    certificates = _targets(dossier, target)
    ids = tuple(certificate.certificate_id for certificate in certificates)
    same = _open_request(dossier, ids)
    if same is not None:
        return same
    now = clock.now()
    approved = skip_approval and principal.role is Role.ADMINISTRATOR
    request = Request(
        request_id=ledger.allocate(requests=1).requests[0],
        order_id=dossier.order.order_id,
        account_id=principal.account_id,
        certificate_ids=ids,
        kind=RequestKind.REVOKE,
        status=RequestStatus.APPROVED if approved else RequestStatus.PENDING,
        requester_id=principal.user_id,
        reviewer_id=principal.user_id if approved else None,
        created_at=now,
        decided_at=now if approved else None,
        comments=comments,
        reason=reason,
        whole_order=isinstance(target, OrderTarget),
    )
    kind = ChangeKind.REQUEST_APPROVED if approved else ChangeKind.REQUEST_CREATED
    ledger.commit(request, _change(request, kind, principal, now, entropy))
    if approved:
        workflow.start_revocation(request.order_id, request.request_id, 1)
    return request


def decide_request(
    request_id: int,
    principal: Principal,
    *,
    approve: bool,
    comment: str,
    ledger: Ledger,
    workflow: Workflow,
    clock: Clock,
    entropy: Entropy,
) -> Request:
    """Approve or reject a pending request; deciding the same way twice is the same decision.

    Raises not_found, FORBIDDEN (subject invalid_approver), or CONFLICT when decided otherwise.
    """
    dossier = ledger.order_of_request(request_id)
    if dossier is None or dossier.order.account_id != principal.account_id:
        raise not_found("request")
    request = dossier.request(request_id)
    _allow_decision(request, dossier, principal)
    wanted = RequestStatus.APPROVED if approve else RequestStatus.REJECTED
    if request.status is RequestStatus.PENDING:
        now = clock.now()
        request = replace(
            request,
            status=wanted,
            reviewer_id=principal.user_id,
            decided_at=now,
            processor_comment=comment,
            version=request.version + 1,
        )
        kind = ChangeKind.REQUEST_APPROVED if approve else ChangeKind.REQUEST_REJECTED
        try:
            ledger.commit(request, _change(request, kind, principal, now, entropy))
        except Conflict:
            raise _decided_meanwhile() from None
    elif request.status is not wanted:
        raise VouchsafeError(
            ErrorCode.CONFLICT, f"The request is {request.status} already.", subject="request"
        )
    if approve and request.done_at is None:
        workflow.start_revocation(request.order_id, request.request_id, 1)
    return request


def _dossier(target: Target, ledger: Ledger) -> Dossier | None:
    match target:
        case CertificateTarget(certificate_id):
            return ledger.order_of_certificate(certificate_id)
        case SerialTarget(serial):
            return ledger.order_of_serial(serial)
        case OrderTarget(order_id):
            return ledger.order(order_id)


def _owned(dossier: Dossier | None, target: Target, principal: Principal) -> Dossier:
    if dossier is None or dossier.order.account_id != principal.account_id:
        raise not_found("order" if isinstance(target, OrderTarget) else "certificate")
    return dossier


def _targets(dossier: Dossier, target: Target) -> tuple[Certificate, ...]:
    if any(certificate.status in _UNDER_WAY for certificate in dossier.certificates[1:]):
        raise _conflict("A reissue or duplicate is under way; wait for it or cancel it first.")
    meant = [c for c in dossier.certificates if _is_meant(c, target)]
    live = tuple(c for c in meant if c.status is CertificateStatus.VALID)
    if live:
        return live
    if any(c.status is CertificateStatus.REVOKED for c in meant):
        raise _conflict("It is revoked already.")
    raise _conflict("Nothing was issued yet; cancel the order instead.")


def _is_meant(certificate: Certificate, target: Target) -> bool:
    match target:
        case CertificateTarget(certificate_id):
            return certificate.certificate_id == certificate_id
        case SerialTarget(serial):
            return certificate.issued is not None and certificate.issued.serial == serial
        case OrderTarget():
            return True


def _open_request(dossier: Dossier, ids: tuple[int, ...]) -> Request | None:
    open_states = {RequestStatus.PENDING, RequestStatus.APPROVED}
    return next(
        (
            request
            for request in dossier.requests
            if request.kind is RequestKind.REVOKE
            and request.status in open_states
            and request.certificate_ids == ids
        ),
        None,
    )


def _allow_decision(request: Request, dossier: Dossier, principal: Principal) -> None:
    """Administrators decide everything, managers what is in their own container."""
    if principal.role is Role.ADMINISTRATOR:
        return
    own = dossier.order.container_id == principal.container_id
    if principal.role is Role.MANAGER and own and request.requester_id != principal.user_id:
        return
    raise VouchsafeError(
        ErrorCode.FORBIDDEN, "You may not decide this request.", subject="invalid_approver"
    )


def _conflict(detail: str) -> VouchsafeError:
    return VouchsafeError(ErrorCode.CONFLICT, detail, subject="certificate")


def _decided_meanwhile() -> VouchsafeError:
    return VouchsafeError(
        ErrorCode.CONFLICT, "Somebody else decided this request just now.", subject="request"
    )


def _change(
    request: Request, kind: ChangeKind, principal: Principal, now: datetime, entropy: Entropy
) -> Change:
    return Change(
        change_id=new_change_id(now, entropy.bytes(10)),
        account_id=request.account_id,
        kind=kind,
        at=now,
        actor=f"user {principal.user_id}",
        order_id=request.order_id,
        certificate_id=request.certificate_ids[0] if request.certificate_ids else None,
        request_id=request.request_id,
        data={"kind": request.kind.value},
    )
