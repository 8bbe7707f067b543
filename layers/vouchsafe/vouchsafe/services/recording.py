"""Recording a withdrawal: certificate by certificate, each with its CRL line in one write."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from ..domain import drafting
from ..domain.certificate import Certificate, CertificateStatus, Issued, Revoked
from ..domain.dossier import Dossier
from ..domain.order import OrderStatus
from ..domain.requests import Request, RequestStatus
from ..domain.revocation import RevocationReason, RevokedSerial, outranks
from ..ports import Clock, Ledger
from .attempts import undisturbed
from .on_record import order_on_record


def record_revocation(
    order_id: int, request_id: int, *, ledger: Ledger, clock: Clock
) -> dict[str, Any]:
    """Write an approved request's revocations down, certificate by certificate.

    Returns the ids and the CRL shards to publish: `{"order_id", "request_id", "shards": [...]}`.
    Repeating it finds the work done and returns the same. Raises Unavailable while others write.
    """

    def attempt() -> list[dict[str, Any]]:
        dossier = order_on_record(order_id, ledger=ledger)
        request = dossier.request(request_id)
        if request.status is not RequestStatus.APPROVED:
            return []
        _record_all(dossier, request, ledger, clock.now())
        return _shards(dossier, request)

    shards = undisturbed(attempt, what=f"order {order_id}")
    return {"order_id": order_id, "request_id": request_id, "shards": shards}


def _record_all(dossier: Dossier, request: Request, ledger: Ledger, now: datetime) -> None:
    for certificate_id in request.certificate_ids:
        certificate = dossier.certificate(certificate_id)
        if certificate.status is CertificateStatus.VALID:
            ledger.commit(*_revoked(certificate, request, now))
        elif certificate.revoked and outranks(request.reason, certificate.revoked.reason):
            ledger.commit(*_compromised(certificate, certificate.revoked, request))
    if request.whole_order and dossier.order.status is not OrderStatus.REVOKED:
        ledger.commit(dossier.order.moved(OrderStatus.REVOKED))


def _revoked(
    certificate: Certificate, request: Request, now: datetime
) -> tuple[Certificate, RevokedSerial]:
    issued = certificate.issued
    reason = request.reason or RevocationReason.UNSPECIFIED
    assert issued is not None, "a valid certificate was issued"
    revoked = replace(
        certificate,
        status=CertificateStatus.REVOKED,
        revoked=Revoked(revoked_at=now, reason=reason, request_id=request.request_id),
        version=certificate.version + 1,
    )
    return revoked, _line(certificate, issued, now, reason)


def _compromised(
    certificate: Certificate, standing: Revoked, request: Request
) -> tuple[Certificate, RevokedSerial]:
    """The same revocation for keyCompromise: told anew, of the date that it had.

    A line changes this once, so it is at its second version then.
    """
    issued, reason = certificate.issued, RevocationReason.KEY_COMPROMISE
    assert issued is not None, "a revoked certificate was issued"
    worse = replace(
        standing,
        reason=reason,
        request_id=request.request_id,
        published_at=None,
        was=standing.reason,
    )
    changed = replace(certificate, revoked=worse, version=certificate.version + 1)
    line = _line(certificate, issued, standing.revoked_at, reason)
    return changed, replace(line, version=2)


def _line(
    certificate: Certificate, issued: Issued, revoked_at: datetime, reason: RevocationReason
) -> RevokedSerial:
    return RevokedSerial(
        issuer_id=issued.issuer_id,
        shard=issued.shard,
        serial=issued.serial,
        revoked_at=revoked_at,
        reason=reason,
        not_after=issued.not_after,
        certificate_id=certificate.certificate_id,
        entry=drafting.revoked_entry(issued.serial, revoked_at, reason),
    )


def _shards(dossier: Dossier, request: Request) -> list[dict[str, Any]]:
    pairs = {
        (issued.issuer_id, issued.shard)
        for certificate_id in request.certificate_ids
        if (issued := dossier.certificate(certificate_id).issued) is not None
    }
    return [{"issuer_id": issuer_id, "shard": shard} for issuer_id, shard in sorted(pairs)]
