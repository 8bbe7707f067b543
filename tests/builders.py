"""Valid objects with one call; a keyword changes one thing.

The defaults belong together: order 1001 of account 1, certificate 5001, two names, DNS TXT.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from vouchsafe.domain.accounts import Account, ApiKey, Role, User
from vouchsafe.domain.authorization import Authorization, DcvMethodName, Proof, RandomValue
from vouchsafe.domain.certificate import Certificate, CertificateStatus, Window
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.issuers import Issuer, KeyType, Trust
from vouchsafe.domain.order import Order, OrderDetails, OrderStatus
from vouchsafe.domain.requests import Request, RequestKind, RequestStatus

MOMENT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NAMES = ("www.example.com", "example.com")
TOKEN = "_" + "abcdefghijklmnopqrstuvwxyz"


def a_random_value(**changed: Any) -> RandomValue:
    """A value made at MOMENT, good for 30 days."""
    value = RandomValue(value=TOKEN, created_at=MOMENT, expires_at=MOMENT + timedelta(days=30))
    return replace(value, **changed)


def an_order(**changed: Any) -> Order:
    """A pending DV order for NAMES."""
    order = Order(
        order_id=1001,
        account_id=1,
        user_id=7,
        container_id=3,
        product_id="ssl_dv_geotrust_flex",
        status=OrderStatus.PENDING,
        common_name=NAMES[0],
        dns_names=NAMES,
        certificate_id=5001,
        created_at=MOMENT,
        term_ends_at=MOMENT + timedelta(days=365),
        details=OrderDetails(notify=("ops@example.com",), extras={"comments": "first"}),
    )
    return replace(order, **changed)


def a_certificate(**changed: Any) -> Certificate:
    """The order's certificate, pending in its window, with the value all names share."""
    certificate = Certificate(
        certificate_id=5001,
        order_id=1001,
        account_id=1,
        status=CertificateStatus.PENDING,
        product_id="ssl_dv_geotrust_flex",
        common_name=NAMES[0],
        identifiers=tuple(Identifier(name) for name in NAMES),
        csr=a_csr(*NAMES),
        dcv_method=DcvMethodName.DNS_TXT,
        random_value=a_random_value(),
        ends_at=MOMENT + timedelta(days=199),
        created_at=MOMENT,
        window=Window(opened_at=MOMENT, deadline=MOMENT + timedelta(hours=72)),
        next_look_at=MOMENT + timedelta(minutes=1),
    )
    return replace(certificate, **changed)


def an_authorization(name: str = NAMES[0], **changed: Any) -> Authorization:
    """A pending authorization of `name` by DNS TXT."""
    authorization = Authorization(
        identifier=Identifier(name),
        method=DcvMethodName.DNS_TXT,
        random_value=a_random_value(),
    )
    return replace(authorization, **changed)


def a_proof(**changed: Any) -> Proof:
    """A proof of example.com by DNS TXT, made at MOMENT, seen from everywhere."""
    proof = Proof(
        method=DcvMethodName.DNS_TXT,
        br_section="3.2.2.4.7",
        authorization_domain="example.com",
        steps=(),
        value=TOKEN,
        proven_at=MOMENT,
        quorum="6/6",
        perspectives=(),
    )
    return replace(proof, **changed)


def a_request(**changed: Any) -> Request:
    """A pending request to revoke the order's certificate."""
    request = Request(
        request_id=301,
        order_id=1001,
        account_id=1,
        certificate_ids=(5001,),
        kind=RequestKind.REVOKE,
        status=RequestStatus.PENDING,
        requester_id=7,
        created_at=MOMENT,
    )
    return replace(request, **changed)


def a_change(**changed: Any) -> Change:
    """The order was placed."""
    change = Change(
        change_id="01KAK0000000000000000000A1",
        account_id=1,
        kind=ChangeKind.ORDER_PLACED,
        at=MOMENT,
        actor="user 7",
        order_id=1001,
        certificate_id=5001,
    )
    return replace(change, **changed)


def an_account(**changed: Any) -> Account:
    """Account 1, which asks for no approvals."""
    account = Account(account_id=1, name="Example Ltd", created_at=MOMENT, root_container_id=3)
    return replace(account, **changed)


def a_user(**changed: Any) -> User:
    """User 7 of account 1, an administrator."""
    user = User(
        user_id=7,
        account_id=1,
        first_name="Ada",
        last_name="Example",
        email="ada@example.com",
        role=Role.ADMINISTRATOR,
        container_id=3,
        created_at=MOMENT,
    )
    return replace(user, **changed)


def an_api_key(secret: str = "a-key-for-tests", **changed: Any) -> ApiKey:
    """An unrestricted key of user 7, stored as the hash of `secret`."""
    key = ApiKey(
        key_id=41,
        sha256=hashlib.sha256(secret.encode()).hexdigest(),
        account_id=1,
        user_id=7,
        container_id=3,
        role=Role.ADMINISTRATOR,
        name="tests",
        created_at=MOMENT,
    )
    return replace(key, **changed)


def an_issuer_record(**changed: Any) -> Issuer:
    """A private issuer with real certificates; `a_hierarchy()` has their keys."""
    hierarchy = a_hierarchy()
    issuer = Issuer(
        issuer_id="test-ec-1",
        trust=Trust.PRIVATE,
        key_type=KeyType.EC_P256,
        key_ref="",
        certificate=hierarchy.issuing.public_bytes(Encoding.DER),
        root=hierarchy.root.public_bytes(Encoding.DER),
        shards=4,
        not_after=hierarchy.issuing.not_valid_after_utc,
        created_at=MOMENT,
    )
    return replace(issuer, **changed)


@lru_cache
def a_private_key(label: str = "subscriber") -> ec.EllipticCurvePrivateKey:
    """A P-256 key, the same one for the same label within a run."""
    assert label
    return ec.generate_private_key(ec.SECP256R1())


@lru_cache
def a_csr(*names: str) -> bytes:
    """A DER request for `names` (the first is the common name), signed with `a_private_key()`."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    request = builder.add_extension(alternatives, critical=False)
    return request.sign(a_private_key(), hashes.SHA256()).public_bytes(Encoding.DER)


@dataclass(frozen=True)
class Hierarchy:
    """A root and an issuing CA with their keys."""

    root_key: ec.EllipticCurvePrivateKey
    root: x509.Certificate
    issuing_key: ec.EllipticCurvePrivateKey
    issuing: x509.Certificate


@lru_cache
def a_hierarchy() -> Hierarchy:
    """A root valid for 20 years and an issuing CA for 8, both from a month before MOMENT."""
    root_key, issuing_key = a_private_key("root"), a_private_key("issuing")
    root_name, issuing_name = _name("Test Root"), _name("Test Issuing CA 1")
    root = _ca(root_name, root_key, root_name, root_key, years=20, path_length=None)
    issuing = _ca(issuing_name, issuing_key, root_name, root_key, years=8, path_length=0)
    return Hierarchy(root_key, root, issuing_key, issuing)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "KR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Vouchsafe Tests"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _ca(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    signer: ec.EllipticCurvePrivateKey,
    *,
    years: int,
    path_length: int | None,
) -> x509.Certificate:
    start = MOMENT - timedelta(days=30)
    usage = dict.fromkeys(_USAGES, False) | {"key_cert_sign": True, "crl_sign": True}
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    parent = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = x509.CertificateBuilder(issuer, subject, key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start)
    builder = builder.not_valid_after(start + timedelta(days=365 * years, seconds=-1))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), True)
    builder = builder.add_extension(x509.KeyUsage(**usage), True).add_extension(own, False)
    return builder.add_extension(parent, False).sign(signer, hashes.SHA256())


_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
