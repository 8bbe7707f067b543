"""Reissues and duplicates as rows of their lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..domain.certificate import Certificate, CertificateStatus
from .order_info import certificate_info

_WORDS = {
    CertificateStatus.AWAITING_APPROVAL: "needs_approval",
    CertificateStatus.PENDING: "pending",
    CertificateStatus.PROCESSING: "processing",
    CertificateStatus.VALID: "approved",
    CertificateStatus.INVALID: "rejected",
    CertificateStatus.CANCELLED: "canceled",
    CertificateStatus.REVOKED: "revoked",
}


def again_row(certificate: Certificate, position: int, *, now: datetime) -> dict[str, Any]:
    """One row; `sub_id` counts within the list, from 001."""
    row = certificate_info(certificate, {}, now) | {
        "status": _WORDS[certificate.status],
        "sub_id": f"{position:03}",
        "public_id": str(certificate.certificate_id),
    }
    if certificate.status_reason is not None:
        row["status_reason"] = certificate.status_reason.value
    return row
