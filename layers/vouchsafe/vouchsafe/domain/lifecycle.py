"""How an order follows its certificates: one place that keeps the two status words together."""

from __future__ import annotations

from dataclasses import replace

from .certificate import TRANSITIONS, Certificate, CertificateKind, CertificateStatus
from .changes import ChangeKind
from .order import Glance, Order, OrderStatus, StatusReason

_ORDER_STATUS: dict[CertificateStatus, OrderStatus] = {
    CertificateStatus.AWAITING_APPROVAL: OrderStatus.AWAITING_APPROVAL,
    CertificateStatus.PENDING: OrderStatus.PENDING,
    CertificateStatus.PROCESSING: OrderStatus.PROCESSING,
    CertificateStatus.VALID: OrderStatus.VALID,
    CertificateStatus.INVALID: OrderStatus.INVALID,
    CertificateStatus.CANCELLED: OrderStatus.CANCELLED,
}

#: Ends of a certificate id at which nothing was issued.
ENDED_WITHOUT = frozenset({CertificateStatus.INVALID, CertificateStatus.CANCELLED})


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
    """The order record to commit with `certificate`: none when the order itself stays as it is.

    A reissue or duplicate never changes its order's status: the order was issued and stays so. One
    that ends without a certificate gives the order back the certificate it followed; a reissue that
    is issued gives the order its names.
    """
    if certificate.kind is not CertificateKind.NEW:
        return _followed_again(order, certificate)
    status = _ORDER_STATUS.get(certificate.status)
    if status is None or status is order.status:
        return ()
    return (
        replace(order.moved(status, certificate.status_reason), issued=glance(order, certificate)),
    )


def end_told(certificate: Certificate) -> ChangeKind:
    """What is told of a certificate id that ended without a certificate."""
    if certificate.kind is not CertificateKind.NEW:
        return ChangeKind.REISSUE_ENDED
    if certificate.status is CertificateStatus.CANCELLED:
        return ChangeKind.ORDER_CANCELLED
    timed_out = certificate.status_reason is StatusReason.TIMED_OUT
    return ChangeKind.ORDER_TIMED_OUT if timed_out else ChangeKind.ORDER_REJECTED


def _followed_again(order: Order, certificate: Certificate) -> tuple[Order, ...]:
    if certificate.kind is CertificateKind.DUPLICATE:
        return ()
    if certificate.status is CertificateStatus.VALID:
        names = tuple(identifier.value for identifier in certificate.identifiers)
        after = replace(
            order,
            common_name=certificate.common_name,
            dns_names=names,
            signature_hash=certificate.signature_hash,
            issued=glance(order, certificate),
        )
    elif certificate.status in ENDED_WITHOUT and certificate.follows is not None:
        after = replace(order, certificate_id=certificate.follows)
    else:
        return ()
    return (replace(after, version=order.version + 1),)


def glance(order: Order, certificate: Certificate) -> Glance | None:
    """What lists show of the order's issued certificate, once `certificate` stands as it does."""
    issued = certificate.issued
    if certificate.status is not CertificateStatus.VALID or issued is None:
        return order.issued
    return Glance(
        certificate_id=certificate.certificate_id,
        serial=issued.serial,
        not_before=issued.not_before,
        not_after=issued.not_after,
    )
