"""Waiting for a certificate that needs nobody any more: only CAA is to be looked at, now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from ..domain.certificate import Certificate, CertificateStatus
from ..domain.dossier import Dossier
from ..domain.gates import Gate, assess
from ..ports import Clock, Ledger

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

    Comes back at once where names are to be proven, and as soon as it turns out that CAA refuses or
    that people are waited for. `pause` sleeps for seconds.
    """
    if not _needs_no_name(dossier, dossier.certificate(certificate_id), clock.now()):
        return dossier
    for _ in range(PATIENCE // _INTERVAL):
        pause(_INTERVAL.total_seconds())
        dossier = ledger.order(dossier.order.order_id) or dossier
        certificate = dossier.certificate(certificate_id)
        refused = certificate.caa is not None and not certificate.caa.permitted
        if certificate.status not in _LIVE or refused or certificate.waits_for_people:
            break
    return dossier


def _needs_no_name(dossier: Dossier, certificate: Certificate, now: datetime) -> bool:
    """Whether nothing but CAA is to be looked at. People are asked by the run that was started."""
    items = dossier.authorizations[certificate.certificate_id]
    return assess(certificate, items, now=now).closed == (Gate.CAA,)
