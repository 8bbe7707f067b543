"""How an order follows its certificates: one place that keeps the two status words together."""

from __future__ import annotations

from dataclasses import replace

from .certificate import TRANSITIONS, Certificate, CertificateKind, CertificateStatus
from .order import Order, OrderStatus, StatusReason

_ORDER_STATUS: dict[CertificateStatus, OrderStatus] = {
    CertificateStatus.AWAITING_APPROVAL: OrderStatus.AWAITING_APPROVAL,
    CertificateStatus.PENDING: OrderStatus.PENDING,
    CertificateStatus.PROCESSING: OrderStatus.PROCESSING,
    CertificateStatus.VALID: OrderStatus.VALID,
    CertificateStatus.INVALID: OrderStatus.INVALID,
    CertificateStatus.CANCELLED: OrderStatus.CANCELLED,
}


def moved(
    certificate: Certificate, status: CertificateStatus, reason: StatusReason | None = None
) -> Certificate:
    """The certificate in another status, one version on. Raises ValueError for an illegal step."""
    if status not in TRANSITIONS[certificate.status]:
        raise ValueError(f"a {certificate.status} certificate cannot become {status}")
    return replace(
        certificate, status=status, status_reason=reason, version=certificate.version + 1
    )


def followed(order: Order, certificate: Certificate) -> tuple[Order, ...]:
    """The order record to commit with `certificate`: none when the order's own status stays.

    A reissue or duplicate never changes its order's status: the order was issued and stays so.
    """
    if certificate.kind is not CertificateKind.NEW:
        return ()
    status = _ORDER_STATUS.get(certificate.status)
    if status is None or status is order.status:
        return ()
    return (order.moved(status, certificate.status_reason),)
