"""When unfinished things are owed attention: what the reconciler's list is sorted by."""

from __future__ import annotations

from datetime import datetime, timedelta

from .certificate import Certificate, CertificateStatus
from .requests import Request, RequestKind, RequestStatus

#: How long something without a planned moment may lie before it counts as forgotten.
PATIENCE = timedelta(minutes=1)


def certificate_due(certificate: Certificate) -> datetime | None:
    """When an unfinished certificate is due (UTC): its next look, or a minute after it last moved.

    None for a certificate that waits for nobody here: finished, or awaiting a person's approval.
    """
    if certificate.status is CertificateStatus.PROCESSING:
        since = certificate.intent.recorded_at if certificate.intent else certificate.created_at
        return max(since, certificate.looked_at or since) + PATIENCE
    if certificate.status is CertificateStatus.PENDING:
        fallback = (certificate.looked_at or certificate.created_at) + PATIENCE
        return certificate.next_look_at or fallback
    return None


def request_due(request: Request) -> datetime | None:
    """When a request is owed attention (UTC): an approved revocation that was not carried out yet,
    an undecided request for its next reminder or its lapse; None for every other request.
    """
    if request.status is RequestStatus.PENDING:
        ahead = request.reminders[request.reminded :]
        moments = [*ahead[:1], *([request.lapses_at] if request.lapses_at else [])]
        return min(moments, default=None)
    approved = request.status is RequestStatus.APPROVED and request.kind is RequestKind.REVOKE
    if not approved or request.done_at is not None:
        return None
    return (request.decided_at or request.created_at) + PATIENCE


def undecided_since(request: Request) -> datetime | None:
    """When a revocation was asked for that nobody decided although the last reminder was given;
    None for every other request. BR 4.9.1.1 leaves 24 hours for most.
    """
    waits = request.status is RequestStatus.PENDING and request.kind is RequestKind.REVOKE
    over = waits and request_due(request) is None
    return request.created_at if over else None
