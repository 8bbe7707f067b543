"""What the API's tests send, and the orders they find on record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders import (
    MOMENT,
    a_certificate,
    a_change,
    a_csr,
    a_hierarchy,
    an_authorization,
    an_issuer_record,
    an_order,
)
from tests.unit.api.driving import Api
from vouchsafe.domain.authorization import AuthorizationStatus
from vouchsafe.domain.certificate import CertificateStatus, Issued
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.dossier import Authorizations, SerialClaim, Thumbprint
from vouchsafe.domain.order import OrderStatus, StatusReason

PRODUCT = "ssl_dv_geotrust_flex"
SERIAL = 0x5A0B0C0D0E0F101112131415161718AA
THUMBPRINT = "ab" * 20


def pem_csr(*names: str) -> str:
    """A request for `names` as a client pastes it."""
    request = x509.load_der_x509_csr(a_csr(*(names or ("www.example.com",))))
    return request.public_bytes(Encoding.PEM).decode()


def order_body(**changed: Any) -> dict[str, Any]:
    """A body that makes an order; keywords named `certificate__x` change its certificate part."""
    body: dict[str, Any] = {
        "certificate": {
            "common_name": "www.example.com",
            "dns_names": ["example.com", "*.shop.example.com"],
            "csr": pem_csr(),
        },
        "order_validity": {"years": 1},
        "dcv_method": "dns-txt-token",
    }
    for name, value in changed.items():
        part, _, inner = name.rpartition("__")
        (body[part] if part else body)[inner] = value
    return body


def issue(api: Api, **changed: Any) -> None:
    """Put an issued order (1001, certificate 5001) of account 1 on record and in the store."""
    hierarchy = a_hierarchy()
    issued = Issued(
        serial=SERIAL,
        issuer_id="test-ec-1",
        shard=2,
        sha1=THUMBPRINT,
        sha256="cd" * 32,
        not_before=MOMENT,
        not_after=hierarchy.issuing.not_valid_after_utc,
        issued_at=MOMENT,
    )
    certificate = a_certificate(status=CertificateStatus.VALID, issued=issued, next_look_at=None)
    items = [
        an_authorization(name.value, status=AuthorizationStatus.VALID)
        for name in certificate.identifiers
    ]
    order = replace(an_order(status=OrderStatus.VALID), **changed)
    ids = {"order_id": 1001, "certificate_id": 5001}
    told = a_change(change_id="issued", kind=ChangeKind.CERTIFICATE_ISSUED, **ids)
    api.book.commit(
        order,
        certificate,
        Authorizations(items=tuple(items), **ids),
        SerialClaim(serial=SERIAL, **ids),
        Thumbprint(sha1=THUMBPRINT, **ids),
        told,
        an_issuer_record(),
    )
    api.store.put(5001, hierarchy.issuing.public_bytes(Encoding.DER))
    api.tripwire.calls.clear()


def timed_out(api: Api | None = None) -> Api:
    """Put order 1001, for two years, on record as one whose window is over."""
    api = api or Api()
    reason = StatusReason.TIMED_OUT
    order = an_order(status=OrderStatus.INVALID, status_reason=reason)
    extras = {"order_validity": {"years": 2}, "comments": "first"}
    api.book.commit(
        replace(order, details=replace(order.details, extras=extras)),
        a_certificate(status=CertificateStatus.INVALID, status_reason=reason, next_look_at=None),
        Authorizations(order_id=1001, certificate_id=5001, items=(an_authorization(),)),
    )
    return api
