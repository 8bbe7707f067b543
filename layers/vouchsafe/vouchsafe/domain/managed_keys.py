"""Keys that the service makes for its subscribers: what is kept of them, and under which context.

A publicly trusted CA makes no subscriber keys (BR 6.1.1.3): only products of private trust have
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
)

from .issuers import Trust
from .products import KeySource, ManagedKeyType, Product

#: RFC 5280 appendix A.1, ub-common-name.
_LONGEST_COMMON_NAME = 64

__all__ = [
    "ManagedKey",
    "ManagedKeyType",
    "NewKey",
    "context_of",
    "is_managed",
    "may_be_made",
    "public_part",
    "request_for",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key pair as it was just made; it lives in memory and goes nowhere as it is.

    `private` is PKCS #8 in DER, `wrapped` the same encrypted for one certificate id by `key_ref`.
    """

    private: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)
    key_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedKey:
    """What is kept of the one key of a certificate id; it is written once and never changes."""

    certificate_id: int
    order_id: int
    account_id: int
    wrapped: bytes = field(repr=False)  # can be opened with `key_ref` and `context_of` alone
    key_ref: str
    made_at: datetime


def is_managed(product: Product) -> bool:
    """Whether the service makes this product's keys."""
    return product.key_source is KeySource.MANAGED


def may_be_made(product: Product) -> bool:
    """Whether a key of ours may be certified under this product (BR 6.1.1.3)."""
    return is_managed(product) and product.trust is Trust.PRIVATE


def context_of(order_id: int, certificate_id: int) -> Mapping[str, str]:
    """What a private key is bound to as it is encrypted; not secret, and logged by whoever opens
    it.
    """
    return {"order": str(order_id), "certificate": str(certificate_id)}


def public_part(private: bytes) -> bytes:
    """The DER SubjectPublicKeyInfo of a private key (PKCS #8, DER)."""
    key = load_der_private_key(private, password=None)
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def request_for(private: bytes, common_name: str) -> bytes:
    """A request (PKCS #10, DER) signed by that key, the proof that it belongs to its public part.

    Everything after it goes as with a request that a customer sent. Raises ValueError for a key
    that is neither RSA nor on a curve.
    """
    key = load_der_private_key(private, password=None)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ValueError("a managed key is an RSA or an EC key")
    named = [] if len(common_name) > _LONGEST_COMMON_NAME else [common_name]
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name) for name in named])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, SHA256())
    return request.public_bytes(Encoding.DER)
