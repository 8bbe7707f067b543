"""Deciding about requests: by a person who may, or by time. Revocations, orders, reissues alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.accounts import Account, Principal
from ..domain.approvals import frozen_copy
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import ChangeKind
from ..domain.dossier import Authorizations, Dossier
from ..domain.errors import ErrorCode, Unavailable, VouchsafeError
from ..domain.lifecycle import end_told, followed, moved
from ..domain.mailings import planned_contacts
from ..domain.order import StatusReason
from ..domain.privileges import Action, Scope, reach
from ..domain.products import PRODUCTS
from ..domain.proofs import domains_to_ask
from ..domain.requests import Request, RequestKind, RequestStatus
from ..domain.traces import traced
from ..ports import Clock, Entropy, Ledger, Policies, Record, Workflow
from .asking import request_change
from .attempts import undisturbed
from .denials import refuse_denied_request
from .opening import ValidationTimes, opened, with_opening
from .ownership import owned
from .runs import FIRST_RUN, start_next_run

_TOLD = {
    RequestStatus.APPROVED: ChangeKind.REQUEST_APPROVED,
    RequestStatus.REJECTED: ChangeKind.REQUEST_REJECTED,
    RequestStatus.LAPSED: ChangeKind.REQUEST_LAPSED,
    RequestStatus.VOID: ChangeKind.REQUEST_VOIDED,
}
_REASONS = {
    RequestStatus.REJECTED: StatusReason.APPROVAL_REJECTED,
    RequestStatus.LAPSED: StatusReason.APPROVAL_LAPSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """How a request was decided: by `reviewer_id`, or by time where that is None."""

    status: RequestStatus
    reviewer_id: int | None
    comment: str
    now: datetime

    @property
    def actor(self) -> str:
        """As changes name who acted."""
        return "system" if self.reviewer_id is None else f"user {self.reviewer_id}"


def decide_request(
    request_id: int,
    principal: Principal,
    *,
    approve: bool,
    comment: str,
    times: ValidationTimes,
    policies: Policies,
    ledger: Ledger,
    workflow: Workflow,
    clock: Clock,
    entropy: Entropy,
) -> Request:
    """Approve or reject a pending request; deciding the same way twice is the same decision.

    An approved order or reissue gets its values and its window now, and its run starts; an approved
    revocation starts. Raises not_found, FORBIDDEN (subject invalid_approver), or CONFLICT when it
    was decided otherwise, asks for something that has changed since, or is denied (subject policy).
    """
    wanted = RequestStatus.APPROVED if approve else RequestStatus.REJECTED

    def attempt() -> Request:
        dossier = owned(ledger.order_of_request(request_id), principal, "request")
        request = dossier.request(request_id)
        _allow_decision(request, dossier, principal, ledger)
        if request.status is RequestStatus.PENDING:
            if approve and request.kind is not RequestKind.REVOKE:
                refuse_denied_request(dossier, request, ledger=ledger, policies=policies)
            ruling = Ruling(
                status=wanted, reviewer_id=principal.user_id, comment=comment, now=clock.now()
            )
            request = settle(dossier, request, ruling, times=times, ledger=ledger, entropy=entropy)
        elif request.status is not wanted:
            raise _conflict(f"The request is {request.status} already.")
        if approve:
            _carry_out(request, dossier, ledger, workflow)
        return request

    what = f"request {request_id}"
    return undisturbed(attempt, what=what, meanwhile="is being decided by others")


def settle(
    dossier: Dossier,
    request: Request,
    ruling: Ruling,
    *,
    times: ValidationTimes | None,
    ledger: Ledger,
    entropy: Entropy,
) -> Request:
    """Write a decision with all that follows from it, in one commit; the request as decided.

    `times` is needed for approvals. Raises Conflict when somebody wrote first, and
    VouchsafeError(CONFLICT) when what was asked for is not there any more.
    """
    revocation = request.kind is RequestKind.REVOKE
    approved = ruling.status is RequestStatus.APPROVED
    decided = replace(
        request,
        status=ruling.status,
        reviewer_id=ruling.reviewer_id,
        decided_at=ruling.now,
        done_at=None if revocation and approved else ruling.now,
        processor_comment=ruling.comment,
        version=request.version + 1,
    )
    told = request_change(
        decided, _TOLD[ruling.status], ruling.actor, ruling.now, entropy, was=request
    )
    records: tuple[Record, ...] = ()
    if not revocation and approved:
        assert times is not None, "an approval opens a window"
        records = _opened(dossier, request, ruling, times=times, ledger=ledger, entropy=entropy)
    elif not revocation:
        records = _ended(dossier, request, ruling, entropy)
    ledger.commit(decided, told, *records)
    return decided


def _opened(
    dossier: Dossier,
    request: Request,
    ruling: Ruling,
    *,
    times: ValidationTimes,
    ledger: Ledger,
    entropy: Entropy,
) -> tuple[Record, ...]:
    """The certificate as its validation begins, if it is still what was asked for."""
    certificate = _awaiting(dossier, request)
    if frozen_copy(certificate) != request.frozen:
        raise _conflict("What the request asks for has changed; it takes a new request.")
    domains = domains_to_ask(certificate.identifiers)
    opening = opened(
        certificate.identifiers,
        certificate.dcv_method,
        PRODUCTS[certificate.product_id],
        proofs=ledger.standing(certificate.account_id, domains).proofs,
        times=times,
        entropy=entropy,
        now=ruling.now,
        contacts=planned_contacts(dossier.authorizations[certificate.certificate_id]),
    )
    pending = with_opening(moved(certificate, CertificateStatus.PENDING), opening)
    pack = Authorizations(
        order_id=certificate.order_id,
        certificate_id=certificate.certificate_id,
        items=opening.authorizations,
    )
    begun = request_change(request, ChangeKind.VALIDATION_BEGUN, ruling.actor, ruling.now, entropy)
    return pending, pack, *followed(dossier.order, pending), traced(begun, certificate, pending)


def _ended(
    dossier: Dossier, request: Request, ruling: Ruling, entropy: Entropy
) -> tuple[Record, ...]:
    """The certificate as it ends without an approval; its order with it, or back where it was."""
    certificate = _awaiting(dossier, request)
    ended = moved(certificate, CertificateStatus.INVALID, _REASONS[ruling.status])
    told = request_change(request, end_told(ended), ruling.actor, ruling.now, entropy)
    data = {"kind": str(ended.kind), "reason": str(ended.status_reason)}
    told = traced(replace(told, data=data), certificate, ended)
    return ended, *followed(dossier.order, ended), told


def _awaiting(dossier: Dossier, request: Request) -> Certificate:
    certificate = dossier.certificate(request.certificate_ids[0])
    if certificate.status is not CertificateStatus.AWAITING_APPROVAL:
        raise _conflict("What the request asks for waits for no approval any more.")
    return certificate


def _carry_out(request: Request, dossier: Dossier, ledger: Ledger, workflow: Workflow) -> None:
    """Start what was approved. A certificate's run is started by the reconciler where this fails.

    Repeated for a decision made before, it starts a revocation that was not carried out yet.
    """
    if request.kind is RequestKind.REVOKE:
        if request.done_at is None:
            workflow.start_revocation(request.order_id, request.request_id, 1)
        return
    certificate = dossier.certificate(request.certificate_ids[0])
    if certificate.status is not CertificateStatus.AWAITING_APPROVAL:
        return  # decided earlier
    try:
        if certificate.run:
            start_next_run(certificate, ledger=ledger, workflow=workflow)
        else:
            workflow.start_order(request.order_id, certificate.certificate_id, FIRST_RUN)
    except Unavailable:
        return


def _allow_decision(
    request: Request, dossier: Dossier, principal: Principal, ledger: Ledger
) -> None:
    """Administrators decide everything, managers what others ask for in their own containers.

    A manager's are the one he stands in and all below it. Nobody decides his own request in an
    account that wants a second person.
    """
    own = request.requester_id == principal.user_id
    scope = reach(principal, Action.DECIDE)
    if scope is Scope.EVERYTHING:
        account = ledger.standing(principal.account_id).account if own else None
        allowed = not own or not _wants_two(account)
    else:
        inside = scope is Scope.CONTAINERS and not own
        allowed = inside and _lies_below(dossier.order.container_id, principal, ledger)
    if not allowed:
        raise VouchsafeError(
            ErrorCode.FORBIDDEN, "You may not decide this request.", subject="invalid_approver"
        )


def _lies_below(container_id: int, principal: Principal, ledger: Ledger) -> bool:
    if container_id == principal.container_id:
        return True
    line = ledger.standing(principal.account_id, container_id=container_id).line
    return any(each.container_id == principal.container_id for each in line)


def _wants_two(account: Account | None) -> bool:
    return account is not None and account.two_person


def _conflict(detail: str) -> VouchsafeError:
    return VouchsafeError(ErrorCode.CONFLICT, detail, subject="request")
