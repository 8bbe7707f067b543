"""What clients are told about an order: the vendor's fields, and how its validation stands."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from ..domain.authorization import (
    Authorization,
    AuthorizationStatus,
)
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.dossier import Dossier
from ..domain.order import Order
from ..domain.products import PRODUCTS, KeySource
from .caa_words import caa_standing
from .dialect import (
    METHOD_WORDS,
    VALIDATION_WORDS,
    day,
    order_status,
    product_summary,
    timestamp,
)
from .guide_words import guide_words
from .named_words import named_words
from .platforms import platform_of
from .record_words import look_words, proof_words, record_words
from .request_info import note_row, request_summary
from .waiting_words import waiting_for

if TYPE_CHECKING:
    from cryptography import x509

#: Given back as they came in.
_ECHOED = (
    "comments",
    "custom_fields",
    "payment_method",
    "auto_renew",
    "auto_reissue",
    "dcv_emails",
    "processor_comment",
    "renewed_thumbprint",
    "cs_provisioning_method",
    "custom_renewal_message",
    "alternative_order_id",
    "technical_contact",
    "disable_ct",
    "order_validity",
)


def order_info(dossier: Dossier, *, dcv_domain: str, now: datetime) -> dict[str, Any]:
    """Everything about an order. Fields that have no value yet are left out."""
    order, certificate = dossier.order, dossier.newest
    extras = order.details.extras
    info: dict[str, Any] = {
        "id": order.order_id,
        "certificate": certificate_info(certificate, extras, now),
        "status": order_status(dossier, now),
        "status_reason": order.status_reason.value if order.status_reason else None,
        **guide_words(dossier, now),
        "certificate_name": order.certificate_name,
        "is_renewal": "renewal_of_order_id" in extras,
        "is_renewed": order.renewed_by is not None,
        "renewed_order_id": extras.get("renewal_of_order_id"),
        "date_created": timestamp(order.created_at),
        "order_valid_till": day(order.term_ends_at),
        "validity_years": extras.get("order_validity", {}).get("years"),
        "disable_renewal_notifications": order.details.quiet,
        "locale": order.details.locale,
        "additional_emails": list(order.details.notify) or None,
        **whose(order),
        "product": product_summary(PRODUCTS[order.product_id]),
        "user": {"id": order.user_id},
        "allow_duplicates": True,
        "purchased_dns_names": len(order.dns_names) - 1,
        "price": 0,
        "requests": [request_summary(request) for request in dossier.requests],
        "dcv_method": METHOD_WORDS[certificate.dcv_method],
        "waiting_for": waiting_for(dossier) or None,
        "validations": _validations(dossier, dcv_domain),
        "warnings": list(order.details.warnings),
        "notes": [note_row(note) for note in dossier.notes.notes] if dossier.notes else [],
        **{name: extras[name] for name in _ECHOED if name in extras},
    }
    return _without_nothing(info)


def whose(order: Order) -> dict[str, Any]:
    """The order's container, and its organization if it has one, by number and name."""
    container: dict[str, Any] = {"id": order.container_id, "is_active": True}
    if order.container_name:
        container["name"] = order.container_name
    if order.organization_id is None:
        return {"container": container}
    organization = {"id": order.organization_id, "name": order.organization_name}
    return {"container": container, "organization": organization}


def _without_nothing(info: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in info.items() if value is not None}


def hexadecimal(number: int) -> str:
    """A serial number as the vendor prints it: capital hexadecimal, whole octets."""
    text = f"{number:X}"
    return text if len(text) % 2 == 0 else f"0{text}"


def certificate_info(
    certificate: Certificate, extras: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """A certificate id with its request; serial, thumbprint and dates once it is issued."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    made_here = PRODUCTS[certificate.product_id].key_source is KeySource.MANAGED
    request = x509.load_der_x509_csr(certificate.csr) if certificate.csr else None
    sent = None if made_here else request
    platform = certificate.platform or extras.get("server_platform_id")
    info: dict[str, Any] = {
        "id": certificate.certificate_id,
        "common_name": certificate.common_name,
        "dns_names": [identifier.value for identifier in certificate.identifiers],
        "date_created": timestamp(certificate.created_at),
        "csr": sent.public_bytes(Encoding.PEM).decode("ascii") if sent else None,
        "signature_hash": certificate.signature_hash,
        "key_size": _key_size(request),
        "server_platform": None if platform is None else server_platform(platform),
        "cert_validity": extras.get("cert_validity") if certificate.follows is None else None,
        "organization": named_words(certificate),
    }
    return _without_nothing(info | _issued(certificate, now))


def server_platform(number: int) -> dict[str, Any]:
    """A server software by number and name; numbers we do not know are kept as they came."""
    return {"id": number, "name": platform_of(number).name}


def _key_size(request: x509.CertificateSigningRequest | None) -> int | None:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    key = request.public_key() if request else None
    if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return key.key_size
    return None


def _issued(certificate: Certificate, now: datetime) -> dict[str, Any]:
    issued = certificate.issued
    if issued is None:
        return {}
    return {
        "thumbprint": issued.sha1.upper(),
        "serial_number": hexadecimal(issued.serial),
        "date_issued": timestamp(issued.issued_at),
        "valid_from": day(issued.not_before),
        "valid_till": day(issued.not_after),
        "days_remaining": (issued.not_after.date() - now.date()).days,
        "ca_cert": {"id": issued.issuer_id, "name": issued.issuer_id},
    }


def _validations(dossier: Dossier, dcv_domain: str) -> list[dict[str, Any]]:
    certificate = dossier.newest
    items = dossier.authorizations.get(certificate.certificate_id, ())
    row = partial(_validation, certificate=certificate, dcv_domain=dcv_domain)
    return [row(item) for item in items]


def _validation(
    item: Authorization, *, certificate: Certificate, dcv_domain: str
) -> dict[str, Any]:
    """How one name stands: what to publish, what was seen, what happens next and until when."""
    row: dict[str, Any] = {
        "dns_name": item.identifier.value,
        "method": METHOD_WORDS[item.method],
        "validation_status": VALIDATION_WORDS[item.status],
        **record_words(item, dcv_domain),
        "addresses": [each.contact.address for each in item.mailings] or None,
        **(look_words(item.last_look) if item.last_look else {"perspectives": []}),
    }
    if item.proof is not None:
        row |= proof_words(item.proof)
    row |= caa_standing(certificate, item.identifier)
    waiting = certificate.status is CertificateStatus.PENDING
    if waiting and item.status is AuthorizationStatus.PENDING:
        if item.last_look is not None and certificate.looked_at is not None:
            # a look that saw nothing new is noted on the certificate alone
            row["last_look"] = timestamp(certificate.looked_at)
            row["unchanged_since"] = timestamp(item.last_look.looked_at)
        if certificate.next_look_at is not None:
            row["next_look"] = timestamp(certificate.next_look_at)
        if certificate.window is not None:
            row["deadline"] = timestamp(certificate.window.deadline)
    return _without_nothing(row)


def check_result(
    dossier: Dossier, certificate_id: int, names: list[str], now: datetime
) -> dict[str, Any]:
    """The answer to a check of one certificate: how its names (all, or those given) stand now.

    Names that were not looked at by now are pending.
    """
    items = dossier.authorizations.get(certificate_id, ())
    proven = {i.identifier.value: i.status is AuthorizationStatus.VALID for i in items}
    wanted = names or list(proven)
    return {
        "order_status": order_status(dossier, now),
        "certificate_id": certificate_id,
        "dcv_status": "complete" if all(proven.values()) else "pending",
        "dns_name_validations": [
            {"dns_name": name, "status": "approved" if proven[name] else "pending"}
            for name in wanted
        ],
    }
