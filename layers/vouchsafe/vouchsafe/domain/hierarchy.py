"""Root and issuing certificates: what the ceremony signs (BR 7.1.2.1, 7.1.2.6, 7.1.2.10)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from . import der
from .issuers import KeyType, Trust, crl_url
from .profiles import SERVER_AUTH, key_usage
from .signatures import algorithm_for
from .tbs import crl_pointer, encoded, issuer_pointer, policies, tbs_certificate

ROOT_LIFE = timedelta(days=7305)  # 20 years; BR 7.1.2.1.1 allows 2,922 to 9,132 days
ISSUING_LIFE = timedelta(days=1095)  # three years, Chrome Root Program Policy 1.8
#: BR 7.1.2.10.1 lets a CA certificate start up to a day back: room for leaves that start earlier.
BACKDATE = timedelta(hours=12)
ROOT_CRL_LIFE = timedelta(days=364)  # BR 4.9.7: at most twelve months
#: A root CRL with less life than this is made anew.
ROOT_CRL_RENEWAL = timedelta(days=90)

#: Who the CAs say they are, unless the operator says otherwise.
ORGANIZATION = "Vouchsafe"
COUNTRY = "KR"

#: BR 7.1.2.10.5: the leaf says the level; more than one reserved policy would be a fault here.
_ANY_POLICY = "2.5.29.32.0"
_CA_USAGES = frozenset({"key_cert_sign", "crl_sign"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HierarchyConfig:
    """What an operator says about one root and its one issuing CA. URLs and ids are derived."""

    publication_url: str
    root_key_ref: str
    issuing_key_ref: str
    issuing_key_type: KeyType = KeyType.EC_P256
    trust: Trust = Trust.PRIVATE
    shards: int = 16
    issuer_id: str = "e1"
    root_name: str = "Vouchsafe Root R1"
    issuing_name: str = "Vouchsafe Issuing E1"
    organization: str = ORGANIZATION
    country: str = COUNTRY
    parent: str = ""  # the issuer whose root signs this one, too; "" for the first under a root

    @property
    def root_id(self) -> str:
        """The name under which the root's certificate and CRL are published."""
        return f"root-{self.parent or self.issuer_id}"

    @property
    def root_url(self) -> str:
        """Where the root certificate is published."""
        return f"{self.publication_url}/ca/{self.root_id}.cer"

    @property
    def issuing_url(self) -> str:
        """Where the issuing certificate is published."""
        return f"{self.publication_url}/ca/{self.issuer_id}.cer"

    @property
    def root_crl_url(self) -> str:
        """Where the root's CRL is published; it has one shard."""
        return crl_url(self.publication_url, self.root_id, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaKey:
    """A CA's public key and its type."""

    key_type: KeyType
    public_key: bytes  # DER SubjectPublicKeyInfo

    @property
    def identifier(self) -> bytes:
        """160 bits of SHA-256 over the key's bits (RFC 7093 2, method 1)."""
        return hashlib.sha256(_key_bits(self.public_key)).digest()[:20]


def _key_bits(spki: bytes) -> bytes:
    """The subjectPublicKey without tag, length and unused-bits octet (RFC 5280 4.2.1.2)."""
    return [content for tag, _, content in der.children(spki) if tag == der.BIT_STRING][0][1:]


def canonical_key(spki: bytes) -> bytes:
    """A public key in the one encoding that certificates hold (BR 7.1.3.1)."""
    key = load_der_public_key(spki)
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def ca_serial(random: bytes) -> int:
    """A positive serial of fixed length from 16 random bytes (BR 7.1.2.10: 64 bits of a CSPRNG)."""
    return int.from_bytes(b"\x01" + random)


def root_tbs(config: HierarchyConfig, key: CaKey, *, serial: int, now: datetime) -> bytes:
    """The root's TBSCertificate, which names itself as its issuer."""
    name = _name(config, config.root_name).public_bytes()
    start = _start(now)
    extensions = [
        encoded(x509.BasicConstraints(ca=True, path_length=None), critical=True),
        encoded(key_usage(_CA_USAGES), critical=True),
        encoded(x509.SubjectKeyIdentifier(key.identifier), critical=False),
        encoded(x509.AuthorityKeyIdentifier(key.identifier, None, None), critical=False),
    ]
    return tbs_certificate(
        serial=serial,
        algorithm=algorithm_for(key.key_type),
        issuer=name,
        validity=(start, _end(start, ROOT_LIFE)),
        subject=name,
        public_key=key.public_key,
        extensions=extensions,
    )


def issuing_tbs(
    config: HierarchyConfig,
    key: CaKey,
    root: x509.Certificate,
    root_key: CaKey,
    *,
    serial: int,
    now: datetime | None = None,
) -> bytes:
    """The issuing CA's TBSCertificate under `root`, which it does not outlive.

    It starts with the root, or just before `now` where it is made later.
    """
    start = max(_start(now), root.not_valid_before_utc) if now else root.not_valid_before_utc
    end = min(_end(start, ISSUING_LIFE), root.not_valid_after_utc)
    extensions = [
        encoded(x509.BasicConstraints(ca=True, path_length=0), critical=True),
        encoded(key_usage(_CA_USAGES), critical=True),
        encoded(x509.ExtendedKeyUsage([SERVER_AUTH]), critical=False),
        encoded(policies(_ANY_POLICY), critical=False),
        encoded(x509.SubjectKeyIdentifier(key.identifier), critical=False),
        encoded(x509.AuthorityKeyIdentifier(root_key.identifier, None, None), critical=False),
        encoded(issuer_pointer(config.root_url), critical=False),
        encoded(crl_pointer(config.root_crl_url), critical=False),
    ]
    return tbs_certificate(
        serial=serial,
        algorithm=algorithm_for(root_key.key_type),
        issuer=root.subject.public_bytes(),
        validity=(start, end),
        subject=_name(config, config.issuing_name).public_bytes(),
        public_key=key.public_key,
        extensions=extensions,
    )


def _start(now: datetime) -> datetime:
    return now.replace(microsecond=0) - BACKDATE


def _end(start: datetime, life: timedelta) -> datetime:
    """The last second of a life of whole days; both ends count (BR 6.3.2)."""
    return start + life - timedelta(seconds=1)


def _name(config: HierarchyConfig, common_name: str) -> x509.Name:
    return ca_name(config.country, config.organization, common_name)


def ca_name(country: str, organization: str, common_name: str) -> x509.Name:
    """C, O, CN in that order (BR 7.1.2.10.2, 7.1.4.2). Raises ValueError for unfit values."""
    return x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name),
        ]
    )
