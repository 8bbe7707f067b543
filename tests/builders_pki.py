"""Keys, requests and whole hierarchies, valid by default; one keyword changes one thing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from tests.fakes_pki import PrivateKey, key_type_of, sign_with, spki_of
from vouchsafe.domain.drafting import IssuanceRequest
from vouchsafe.domain.hierarchy import CaKey, HierarchyConfig, ca_serial, issuing_tbs, root_tbs
from vouchsafe.domain.identifiers import parse_identifier
from vouchsafe.domain.issuers import Issuer, Trust, crl_url
from vouchsafe.domain.signatures import assemble

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
PUBLICATION_URL = "http://ca.example.org"

_CURVES: dict[str, ec.EllipticCurve] = {
    "p256": ec.SECP256R1(),
    "p384": ec.SECP384R1(),
    "p521": ec.SECP521R1(),
}


@lru_cache(maxsize=64)
def a_key(kind: str = "p256", label: str = "subscriber") -> PrivateKey:
    """A private key: `p256`, `p384`, `p521`, `rsa2048` …; the same for the same kind and label.

    EC keys are the same in every run, so that what is made of them can be compared with a file.
    """
    if kind in _CURVES:
        secret = int.from_bytes(hashlib.sha256(f"{kind} {label}".encode()).digest())
        return ec.derive_private_key(secret >> 1, _CURVES[kind])
    return rsa.generate_private_key(65537, int(kind.removeprefix("rsa")))


def a_csr(
    names: Sequence[str] = ("www.example.com",), **changed: Any
) -> x509.CertificateSigningRequest:
    """A request; `key`, `subject` (a Name) and `digest` may be changed. No names: no CN, no SAN."""
    key = changed.pop("key", None) or a_key()
    digest = changed.pop("digest", hashes.SHA256())
    common_name = [x509.NameAttribute(x509.NameOID.COMMON_NAME, name) for name in names[:1]]
    subject = changed.pop("subject", x509.Name(common_name))
    assert not changed
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    if names:
        alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
    return builder.sign(key, digest)


def a_csr_pem(names: Sequence[str] = ("www.example.com",), **changed: Any) -> str:
    """The same as PEM text."""
    return a_csr(names, **changed).public_bytes(Encoding.PEM).decode()


def a_config(**changed: Any) -> HierarchyConfig:
    """A private hierarchy published at PUBLICATION_URL."""
    config = HierarchyConfig(
        publication_url=PUBLICATION_URL, root_key_ref="root-key", issuing_key_ref="issuing-key"
    )
    return replace(config, **changed)


@lru_cache(maxsize=32)
def an_issuer(
    kind: str = "p256", root_kind: str = "p384", made_at: datetime = NOW, issuer_id: str = "e1"
) -> Issuer:
    """An issuer with real certificates; its keys: `issuing_key(kind, issuer_id)`, `root_key()`."""
    config = a_config(issuer_id=issuer_id, issuing_name=f"Vouchsafe Issuing {issuer_id.upper()}")
    root_private, private = root_key(root_kind), issuing_key(kind, issuer_id)
    root_ca, ca = _ca_key(root_private), _ca_key(private)
    root_bytes = root_tbs(config, root_ca, serial=ca_serial(b"R" * 16), now=made_at)
    root = assemble(root_bytes, sign_with(root_private, root_bytes))
    parsed_root = x509.load_der_x509_certificate(root)
    tbs = issuing_tbs(config, ca, parsed_root, root_ca, serial=ca_serial(b"I" * 16))
    certificate = assemble(tbs, sign_with(root_private, tbs))
    return Issuer(
        issuer_id=config.issuer_id,
        trust=Trust.PRIVATE,
        key_type=ca.key_type,
        key_ref=config.issuing_key_ref,
        certificate=certificate,
        root=root,
        shards=config.shards,
        not_after=x509.load_der_x509_certificate(certificate).not_valid_after_utc,
        created_at=made_at,
    )


def root_key(kind: str = "p384") -> PrivateKey:
    """The key of an issuer's root."""
    return a_key(kind, "root")


def issuing_key(kind: str = "p256", issuer_id: str = "e1") -> PrivateKey:
    """The key of an issuer."""
    return a_key(kind, f"issuing {issuer_id}")


def _ca_key(key: PrivateKey) -> CaKey:
    return CaKey(key_type=key_type_of(key), public_key=spki_of(key))


def an_issuance_request(
    names: Sequence[str] = ("www.example.com", "*.example.com"), **changed: Any
) -> IssuanceRequest:
    """A DV request under `an_issuer()` for 90 days from NOW; `key` (private) may be given."""
    key = changed.pop("key", None) or a_key()
    issuer = changed.pop("issuer", None) or an_issuer()
    request = IssuanceRequest(
        level="dv",
        issuer=issuer,
        serial=0x6F1C2D3E4F5061728394A5B6C7D8E9FA,
        not_before=NOW,
        not_after=NOW + timedelta(days=90, seconds=-1),
        common_name=names[0],
        identifiers=tuple(parse_identifier(name) for name in names),
        public_key=spki_of(key),
        crl_url=crl_url(PUBLICATION_URL, issuer.issuer_id, 3),
        ca_url=f"{PUBLICATION_URL}/ca/{issuer.issuer_id}.cer",
    )
    return replace(request, **changed)
