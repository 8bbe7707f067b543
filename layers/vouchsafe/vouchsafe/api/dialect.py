"""The vendor's words for our things, in both directions. They are used nowhere below `api`."""

from __future__ import annotations

from datetime import UTC, datetime

from ..domain.authorization import AuthorizationStatus, DcvMethodName
from ..domain.certificate import Certificate, CertificateKind, CertificateStatus
from ..domain.dossier import Dossier
from ..domain.order import OrderStatus, StatusReason
from ..domain.products import Product, ValidationLevel
from ..domain.requests import RequestKind, RequestStatus

METHODS: dict[str, DcvMethodName] = {
    "email": DcvMethodName.EMAIL,
    "dns-txt-token": DcvMethodName.DNS_TXT,
    "dns-cname-token": DcvMethodName.DNS_CNAME,
    "http-token": DcvMethodName.HTTP_FILE,
}
METHOD_WORDS = {method: word for word, method in METHODS.items()}

_ORDER_WORDS = {
    OrderStatus.AWAITING_APPROVAL: "needs_approval",
    OrderStatus.PENDING: "pending",
    OrderStatus.PROCESSING: "processing",
    OrderStatus.VALID: "issued",
    OrderStatus.INVALID: "rejected",
    OrderStatus.CANCELLED: "canceled",
    OrderStatus.REVOKED: "revoked",
    OrderStatus.EXPIRED: "expired",
}

_CERTIFICATE_WORDS = {
    CertificateStatus.AWAITING_APPROVAL: "In progress",
    CertificateStatus.PENDING: "In progress",
    CertificateStatus.PROCESSING: "In progress",
    CertificateStatus.VALID: "Normal",
    CertificateStatus.INVALID: "Failed",
    CertificateStatus.CANCELLED: "Canceled",
    CertificateStatus.REVOKED: "Revoked",
}

VALIDATION_WORDS = {
    AuthorizationStatus.PENDING: "In progress",
    AuthorizationStatus.VALID: "Succeeded",
    AuthorizationStatus.INVALID: "Failed",
    AuthorizationStatus.TIMED_OUT: "Timeout",
}

REQUEST_TYPES = {
    RequestKind.NEW: "new_request",
    RequestKind.REISSUE: "reissue",
    RequestKind.DUPLICATE: "duplicate",
    RequestKind.REVOKE: "revoke",
}

REQUEST_WORDS = {
    RequestStatus.PENDING: "pending",
    RequestStatus.APPROVED: "approved",
    RequestStatus.REJECTED: "rejected",
    RequestStatus.LAPSED: "rejected",
    RequestStatus.VOID: "rejected",
}

_UNDER_WAY = frozenset(
    {
        CertificateStatus.AWAITING_APPROVAL,
        CertificateStatus.PENDING,
        CertificateStatus.PROCESSING,
    }
)

_LEVEL_NAMES = {
    ValidationLevel.DV: ("Domain Validation", "Proof of control of every name"),
    ValidationLevel.OV: ("OV", "Normal Organization Validation"),
    ValidationLevel.EV: ("EV", "Extended Organization Validation (EV)"),
}


def timestamp(moment: datetime) -> str:
    """`2018-10-16T20:05:28+00:00`."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


def day(moment: datetime) -> str:
    """`2018-10-16`, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d}"


def order_status(dossier: Dossier, now: datetime) -> str:
    """The vendor's word for an order's status at `now`; only words that its clients know."""
    order, newest = dossier.order, dossier.newest
    if order.status is OrderStatus.VALID:
        if newest.kind is CertificateKind.REISSUE and newest.status in _UNDER_WAY:
            return "reissue_pending"
        if _all_over(dossier.certificates, now):
            return "expired"
    return _ORDER_WORDS[order.status]


def certificate_status(certificate: Certificate, now: datetime) -> str:
    """The guide's word for a certificate's status."""
    if certificate.status is CertificateStatus.VALID and _all_over((certificate,), now):
        return "Expired"
    if certificate.status_reason is StatusReason.TIMED_OUT:
        return "Timeout"
    return _CERTIFICATE_WORDS[certificate.status]


def _all_over(certificates: tuple[Certificate, ...], now: datetime) -> bool:
    ends = [c.issued.not_after for c in certificates if c.issued is not None]
    return bool(ends) and max(ends) < now


def product_summary(product: Product) -> dict[str, str]:
    """A product as orders name it."""
    name, description = _LEVEL_NAMES[product.level]
    group = "dv_ssl_certificate" if product.level is ValidationLevel.DV else "ssl_certificate"
    return {
        "name_id": product.product_id,
        "name": product.name,
        "type": group,
        "validation_type": product.level.value,
        "validation_name": name,
        "validation_description": description,
    }
