"""Requests for somebody's decision, as they are made, and what is told of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from ..domain.accounts import Account, Principal
from ..domain.approvals import frozen_copy, lapses_at, may_skip, reminders
from ..domain.certificate import Certificate, CertificateKind
from ..domain.changes import NOISE_BYTES, Change, ChangeKind, new_change_id
from ..domain.dossier import Dossier
from ..domain.requests import Request, RequestKind, RequestStatus
from ..domain.traces import traced
from ..ports import Entropy

_KINDS = {
    CertificateKind.NEW: RequestKind.NEW,
    CertificateKind.REISSUE: RequestKind.REISSUE,
    CertificateKind.DUPLICATE: RequestKind.DUPLICATE,
}


def asked(
    certificate: Certificate,
    request_id: int,
    principal: Principal,
    *,
    approved: bool,
    comments: str,
    now: datetime,
) -> Request:
    """The request for a certificate's issue; `approved` where the call itself is the approval."""
    kind = _KINDS[certificate.kind]
    return Request(
        request_id=request_id,
        order_id=certificate.order_id,
        account_id=certificate.account_id,
        certificate_ids=(certificate.certificate_id,),
        kind=kind,
        status=RequestStatus.APPROVED if approved else RequestStatus.PENDING,
        requester_id=principal.user_id,
        reviewer_id=principal.user_id if approved else None,
        created_at=now,
        decided_at=now if approved else None,
        done_at=now if approved else None,
        comments=comments,
        frozen=frozen_copy(certificate),
        reminders=reminders(kind, now),
        lapses_at=lapses_at(kind, now),
    )


def voided(dossier: Dossier, certificate_id: int, now: datetime) -> tuple[Request, ...]:
    """The undecided requests for that certificate, ended because it changed or ended."""
    return tuple(
        replace(
            request,
            status=RequestStatus.VOID,
            decided_at=now,
            done_at=now,
            version=request.version + 1,
        )
        for request in dossier.requests
        if request.status is RequestStatus.PENDING
        and request.kind is not RequestKind.REVOKE
        and request.certificate_ids == (certificate_id,)
    )


def void_changes(
    requests: Iterable[Request], principal: Principal, now: datetime, entropy: Entropy
) -> tuple[Change, ...]:
    """What is told of requests that `voided` ended."""
    actor = f"user {principal.user_id}"
    return tuple(
        request_change(
            request,
            ChangeKind.REQUEST_VOIDED,
            actor,
            now,
            entropy,
            was=replace(request, status=RequestStatus.PENDING),
        )
        for request in requests
    )


def skips(wanted: bool, principal: Principal, account: Account | None) -> tuple[bool, str]:
    """Whether a wish to skip the approval is granted, and the remark when it is not."""
    if not wanted:
        return False, ""
    if may_skip(principal, account):
        return True, ""
    return False, "skip_approval: is ignored: this key or account may not skip the approval"


def request_change(
    request: Request,
    kind: ChangeKind,
    actor: str,
    now: datetime,
    entropy: Entropy,
    *,
    was: Request | None = None,
) -> Change:
    """The change record of what happened to a request; `actor` is "user 7" or "system".

    `was` is the request before; None for a new one.
    """
    change = Change(
        change_id=new_change_id(now, entropy.bytes(NOISE_BYTES)),
        account_id=request.account_id,
        kind=kind,
        at=now,
        actor=actor,
        order_id=request.order_id,
        certificate_id=request.certificate_ids[0] if request.certificate_ids else None,
        request_id=request.request_id,
        data={"kind": request.kind.value},
    )
    return traced(change, was, request)


def created(request: Request, principal: Principal, now: datetime, entropy: Entropy) -> Change:
    """What is told of a request as it is made."""
    approved = request.status is RequestStatus.APPROVED
    kind = ChangeKind.REQUEST_APPROVED if approved else ChangeKind.REQUEST_CREATED
    return request_change(request, kind, f"user {principal.user_id}", now, entropy)
