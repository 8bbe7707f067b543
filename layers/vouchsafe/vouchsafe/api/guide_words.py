"""How an order stands in the words and numbers of the console guide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ..domain.authorization import Authorization, AuthorizationStatus
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.dossier import Dossier
from ..domain.order import StatusReason
from .dialect import VALIDATION_WORDS, certificate_status

#: The guide's number of each word; a canceled order has none there.
_CODES = {
    "In progress": 0,
    "Normal": 1,
    "Expired": -2,
    "Failed": -3,
    "Timeout": -4,
    "Revoked": -5,
}
_FAILED_LINT = -11
#: No validation is spoken of before it begins, and after a revocation.
_SILENT = frozenset({CertificateStatus.AWAITING_APPROVAL, CertificateStatus.REVOKED})
#: The first of these that any name shows is the whole's.
_WORST_FIRST = (
    AuthorizationStatus.INVALID,
    AuthorizationStatus.TIMED_OUT,
    AuthorizationStatus.PENDING,
    AuthorizationStatus.VALID,
)


def guide_words(dossier: Dossier, now: datetime) -> dict[str, Any]:
    """`certificate_status`, its code, and `validation_status`, of its newest certificate."""
    certificate = dossier.newest
    word = certificate_status(certificate, now)
    items = dossier.authorizations.get(certificate.certificate_id, ())
    by_lint = certificate.status_reason is StatusReason.REFUSED_BY_LINT
    silent = certificate.status in _SILENT or word == "Expired"
    return {
        "certificate_status": word,
        "certificate_status_code": _FAILED_LINT if by_lint else _CODES.get(word),
        "validation_status": None if silent else _validation_status(certificate, items),
    }


def _validation_status(certificate: Certificate, items: Iterable[Authorization]) -> str | None:
    """The worst of the names; with all of them proven, what became of the organization counts."""
    if certificate.waits_for_people:
        return VALIDATION_WORDS[AuthorizationStatus.PENDING]
    if certificate.status_reason is StatusReason.ORGANIZATION_NOT_VALIDATED:
        return VALIDATION_WORDS[AuthorizationStatus.INVALID]
    found = {item.status for item in items}
    return next((VALIDATION_WORDS[status] for status in _WORST_FIRST if status in found), None)
