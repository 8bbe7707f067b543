"""Issued orders whose key the service made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key

from tests.builders import (
    MOMENT,
    a_certificate,
    a_hierarchy,
    an_authorization,
    an_order,
)
from tests.fake_managed_keys import FakeKeyService
from tests.fakes import FakeBook, FakeStore
from vouchsafe.domain.authorization import AuthorizationStatus
from vouchsafe.domain.certificate import CertificateStatus, Issued
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.managed_keys import ManagedKey, context_of, public_part, request_for
from vouchsafe.domain.order import OrderStatus

PRODUCT = "cloud_basic"
PASSPHRASE = "correct horse battery"
CERTIFICATE = 5006
ORDER = 1006


@dataclass(frozen=True)
class Shelf:
    """Where an issued order stands."""

    book: FakeBook
    store: FakeStore
    keys: FakeKeyService


def a_managed_key(keys: FakeKeyService, *, order_id: int, certificate_id: int) -> ManagedKey:
    """A key of account 1, or of whoever is named later; the last of `keys.made`."""
    pair = keys.make(context_of(order_id, certificate_id))
    return ManagedKey(
        certificate_id=certificate_id,
        order_id=order_id,
        account_id=1,
        wrapped=pair.wrapped,
        key_ref=pair.key_ref,
        made_at=MOMENT,
    )


def a_leaf(public_key: bytes) -> x509.Certificate:
    """A certificate for a key (DER SPKI) by the test hierarchy."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "www.example.com")])
    hierarchy = a_hierarchy()
    builder = x509.CertificateBuilder(hierarchy.issuing.subject, name)
    key: Any = load_der_public_key(public_key)
    builder = builder.public_key(key).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(MOMENT).not_valid_after(MOMENT + timedelta(days=90))
    return builder.sign(hierarchy.issuing_key, SHA256())


def issue_managed(
    shelf: Shelf,
    *,
    order_id: int = ORDER,
    certificate_id: int = CERTIFICATE,
    order: dict[str, Any] | None = None,
    **certificate: Any,
) -> bytes:
    """Put an issued order of account 1 on record with its key; the private key."""
    ids = {"order_id": order_id, "certificate_id": certificate_id}
    kept = a_managed_key(shelf.keys, **ids)
    private = shelf.keys.made[-1]
    leaf = a_leaf(public_part(private))
    der = leaf.public_bytes(Encoding.DER)
    issued = Issued(
        serial=leaf.serial_number,
        issuer_id="test-ec-1",
        shard=2,
        sha1=leaf.fingerprint(SHA1()).hex(),  # noqa: S303 (the vendor's thumbprint)
        sha256=hashlib.sha256(der).hexdigest(),
        not_before=MOMENT,
        not_after=leaf.not_valid_after_utc,
        issued_at=MOMENT,
    )
    made = a_certificate(
        **ids,
        product_id=PRODUCT,
        csr=request_for(private, "www.example.com"),
        status=CertificateStatus.VALID,
        issued=issued,
        next_look_at=None,
    )
    items = tuple(
        an_authorization(name.value, status=AuthorizationStatus.VALID) for name in made.identifiers
    )
    named = an_order(
        **ids, status=OrderStatus.VALID, product_id=PRODUCT, certificate_name="web-shop"
    )
    shelf.book.commit(
        replace(named, **(order or {})),
        replace(made, **certificate),
        Authorizations(items=items, **ids),
        kept,
    )
    shelf.store.put(certificate_id, der)
    return private
