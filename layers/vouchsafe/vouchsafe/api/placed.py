"""The answer to an order that was just placed."""

from __future__ import annotations

from typing import Any

from ..domain.authorization import Authorization, AuthorizationStatus, DcvMethodName
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.dossier import Dossier
from ..domain.grounds import names_organization
from .dialect import timestamp
from .request_info import request_summary


def placed(
    dossier: Dossier,
    *,
    certificate_id: int | None = None,
    warnings: tuple[str, ...] | None = None,
    chain: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """The answer to a placed order, reissue or duplicate: its ids, and what to publish.

    Before an approval there is nothing to publish, and no certificate id. `certificate_id` is the
    newest one unless given; `warnings` are the order's own unless given.
    """
    certificate = dossier.certificate(certificate_id or dossier.order.certificate_id)
    answer: dict[str, Any] = {
        "id": dossier.order.order_id,
        "requests": [
            request_summary(request)
            for request in dossier.requests
            if request.certificate_ids == (certificate.certificate_id,)
        ],
    }
    if certificate.status is not CertificateStatus.AWAITING_APPROVAL:
        answer["certificate_id"] = certificate.certificate_id
        answer |= _to_publish(dossier, certificate)
    order = dossier.order
    if order.organization_id is not None and names_organization(certificate):
        answer["organization"] = {"id": order.organization_id}
    if chain is not None:
        answer["certificate_chain"] = chain
    remarks = dossier.order.details.warnings if warnings is None else warnings
    if remarks:
        answer["warnings"] = list(remarks)
    return answer


def _to_publish(dossier: Dossier, certificate: Certificate) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    by_mail = certificate.dcv_method is DcvMethodName.EMAIL  # such a value is never told
    if certificate.random_value is not None and not by_mail:
        answer["dcv_random_value"] = certificate.random_value.value
    answer["domains"] = _domains(dossier.authorizations[certificate.certificate_id])
    return answer


def _domains(authorizations: tuple[Authorization, ...]) -> list[dict[str, Any]]:
    """One row per record to publish; a wildcard's stands at its base. `id` counts the rows."""
    rows = {
        (item.identifier.base, item.random_value.value): item
        for item in authorizations
        if item.random_value is not None and item.method is not DcvMethodName.EMAIL
    }
    return [
        {
            "id": position,
            "name": base,
            "dns_name": base,
            "dcv_token": {
                "token": token,
                "status": "active" if item.status is AuthorizationStatus.VALID else "pending",
                "expiration_date": timestamp(item.random_value.expires_at),
            },
        }
        for position, ((base, token), item) in enumerate(rows.items(), 1)
        if item.random_value is not None
    ]
