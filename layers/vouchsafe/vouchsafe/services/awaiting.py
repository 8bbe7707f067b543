"""Waiting for a certificate that needs nobody any more: only CAA is to be looked at, now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from ..domain.certificate import Certificate, CertificateStatus
from ..domain.dossier import Dossier
from ..domain.gates import Gate, assess
from ..ports import Clock, Ledger
from .cases import waits_for_no_organization

#: How long an answer is held back for its certificate, and how often that is looked for.
PATIENCE = timedelta(seconds=20)
_INTERVAL = timedelta(milliseconds=500)
_LIVE = {CertificateStatus.PENDING, CertificateStatus.PROCESSING}


def await_certificate(
    dossier: Dossier,
    certificate_id: int,
    *,
    ledger: Ledger,
    clock: Clock,
    pause: Callable[[float], None],
) -> Dossier:
    """The order as it stands once that certificate is issued, or after PATIENCE, as just placed.

    Comes back at once where more than CAA is to be waited for, and when CAA turns out to refuse.
    `pause` sleeps for seconds.
    """
    if not _needs_caa_alone(dossier, dossier.certificate(certificate_id), clock.now()):
        return dossier
    for _ in range(PATIENCE // _INTERVAL):
        pause(_INTERVAL.total_seconds())
        dossier = ledger.order(dossier.order.order_id) or dossier
        certificate = dossier.certificate(certificate_id)
        refused = certificate.caa is not None and not certificate.caa.permitted
        if certificate.status not in _LIVE or refused:
            break
    return dossier


def _needs_caa_alone(dossier: Dossier, certificate: Certificate, now: datetime) -> bool:
    items = dossier.authorizations[certificate.certificate_id]
    no_organization = waits_for_no_organization(dossier.order)
    assessment = assess(certificate, items, now=now, organization_validated=no_organization)
    return assessment.closed == (Gate.CAA,)
