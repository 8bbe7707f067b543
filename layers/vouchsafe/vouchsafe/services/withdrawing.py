"""Revoking on the CA's own account: by a sweep or a bulk revocation, without anybody's request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import ChangeKind
from ..domain.dossier import Dossier
from ..domain.requests import Request, RequestKind, RequestStatus
from ..domain.revocation import RevocationReason, outranks
from ..ports import Clock, Entropy, Ledger, Workflow
from .asking import request_change
from .attempts import undisturbed
from .on_record import order_on_record

#: Stands as requester and reviewer where no person of the account asked or decided.
NOBODY = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Why certificates are revoked, in whose name ("system", "operator 9"), said to customers."""

    reason: RevocationReason
    comments: str
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalPorts:
    """What revoking needs."""

    ledger: Ledger
    workflow: Workflow
    clock: Clock
    entropy: Entropy


def withdraw_certificate(
    order_id: int, certificate_id: int, wish: Withdrawal, ports: WithdrawalPorts
) -> bool:
    """Have one certificate revoked by the revocation machine; whether there was anything to do.

    A certificate that is revoked, has expired or never was issued is left alone; one whose
    revocation is under way is not asked for again. Raises Unavailable for trouble that may pass.
    """

    def attempt() -> bool:
        dossier = order_on_record(order_id, ledger=ports.ledger)
        certificate = dossier.certificate(certificate_id)
        now = ports.clock.now()
        if not (is_revocable(certificate, now) or _becomes_worse(certificate, wish, now)):
            return False
        request = _under_way(dossier, certificate_id, wish)
        request = request or _asked(dossier, certificate, wish, now, ports)
        ports.workflow.start_revocation(order_id, request.request_id, 1)
        return True

    return undisturbed(attempt, what=f"order {order_id}")


def is_revocable(certificate: Certificate, now: datetime) -> bool:
    """Whether the certificate is valid at `now`: issued, not revoked, not expired."""
    issued = certificate.issued
    valid = certificate.status is CertificateStatus.VALID and issued is not None
    return valid and issued is not None and issued.not_after >= now


def _becomes_worse(certificate: Certificate, wish: Withdrawal, now: datetime) -> bool:
    """Whether it is revoked for another reason and has not expired, and its key is known to be
    compromised now (BR 7.2.2).
    """
    issued, revoked = certificate.issued, certificate.revoked
    lives = issued is not None and issued.not_after >= now
    return lives and revoked is not None and outranks(wish.reason, revoked.reason)


def _under_way(dossier: Dossier, certificate_id: int, wish: Withdrawal) -> Request | None:
    """An approved revocation of the certificate that was not carried out yet and does as well."""
    return next(
        (
            request
            for request in dossier.requests
            if request.kind is RequestKind.REVOKE
            and request.status is RequestStatus.APPROVED
            and request.done_at is None
            and certificate_id in request.certificate_ids
            and not outranks(wish.reason, request.reason)
        ),
        None,
    )


def _asked(
    dossier: Dossier,
    certificate: Certificate,
    wish: Withdrawal,
    now: datetime,
    ports: WithdrawalPorts,
) -> Request:
    """An approved request on record. Raises Conflict when the order moved on."""
    order = dossier.order
    request = Request(
        request_id=ports.ledger.allocate(requests=1).requests[0],
        order_id=order.order_id,
        account_id=order.account_id,
        certificate_ids=(certificate.certificate_id,),
        kind=RequestKind.REVOKE,
        status=RequestStatus.APPROVED,
        requester_id=NOBODY,
        reviewer_id=NOBODY,
        created_at=now,
        decided_at=now,
        comments=wish.comments,
        reason=wish.reason,
    )
    told = request_change(request, ChangeKind.REQUEST_APPROVED, wish.actor, now, ports.entropy)
    ports.ledger.commit(request, replace(order, version=order.version + 1), told)
    return request
