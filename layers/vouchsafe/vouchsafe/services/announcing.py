"""Telling of revocations: after the CRL that holds them, never before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..domain.certificate import Certificate, CertificateStatus, Revoked
from ..domain.changes import ChangeKind
from ..domain.requests import Request
from ..domain.traces import subject_of
from ..ports import Clock, Entropy, Ledger
from .attempts import undisturbed
from .change_records import certificate_change
from .on_record import order_on_record

_ATTEMPTS = 6


def announce_revocation(
    order_id: int, request_id: int, *, ledger: Ledger, clock: Clock, entropy: Entropy
) -> None:
    """Write down that the request's revocations stand in a published CRL, and tell. Once each.

    Raises Unavailable while others write the same order.
    """

    def attempt() -> None:
        dossier = order_on_record(order_id, ledger=ledger)
        request = dossier.request(request_id)
        for certificate_id in request.certificate_ids:
            certificate = dossier.certificate(certificate_id)
            _announce(certificate, request, ledger, clock.now(), entropy)
        if request.done_at is None:
            done = replace(request, done_at=clock.now(), version=request.version + 1)
            ledger.commit(done)

    undisturbed(attempt, what=f"order {order_id}", attempts=_ATTEMPTS)


def _announce(
    certificate: Certificate, request: Request, ledger: Ledger, now: datetime, entropy: Entropy
) -> None:
    revoked = certificate.revoked
    if certificate.status is not CertificateStatus.REVOKED or revoked is None:
        return
    if revoked.published_at is not None:
        return
    told = replace(
        certificate,
        revoked=replace(revoked, published_at=now),
        version=certificate.version + 1,
    )
    change = certificate_change(
        ChangeKind.CERTIFICATE_REVOKED,
        certificate,
        {"reason": revoked.reason.value, "revoked_at": revoked.revoked_at.isoformat()},
        now=now,
        entropy=entropy,
        actor=f"user {request.reviewer_id}",
        subject=subject_of(certificate),
    )
    after = {"status": CertificateStatus.REVOKED.value, "reason": revoked.reason.value}
    change = replace(change, request_id=request.request_id, before=_before(revoked), after=after)
    ledger.commit(told, change)


def _before(revoked: Revoked) -> dict[str, str]:
    """What stood before: a valid certificate, or one revoked for another reason."""
    if revoked.was is None:
        return {"status": CertificateStatus.VALID.value}
    return {"status": CertificateStatus.REVOKED.value, "reason": revoked.was.value}
