"""TBSCertificate (RFC 5280 4.1) from its parts, the same way for leaves and CA certificates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from . import der
from .signatures import SignatureAlgorithm

_V3 = der.explicit(0, der.integer(2))


def tbs_certificate(
    *,
    serial: int,
    algorithm: SignatureAlgorithm,
    issuer: bytes,
    validity: tuple[datetime, datetime],
    subject: bytes,
    public_key: bytes,
    extensions: Sequence[bytes],
) -> bytes:
    """The bytes to be signed of a v3 certificate; the extensions keep their order.

    `validity` is aware, whole seconds, both ends inclusive; `issuer`, `subject` (Name),
    `public_key` (SubjectPublicKeyInfo) and each of `extensions` are DER. Raises ValueError for a
    moment with a fraction of a second.
    """
    return der.sequence(
        _V3,
        der.integer(serial),
        algorithm.identifier,
        issuer,
        der.sequence(*(der.time(moment) for moment in validity)),
        subject,
        public_key,
        der.explicit(3, der.sequence(*extensions)),
    )


def encoded(value: x509.ExtensionType, *, critical: bool) -> bytes:
    """An extension as DER."""
    return der.extension(value.oid.dotted_string, value.public_bytes(), critical=critical)


def policies(*oids: str) -> x509.CertificatePolicies:
    """certificatePolicies without qualifiers."""
    return x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in oids]
    )


def issuer_pointer(url: str) -> x509.AuthorityInformationAccess:
    """authorityInfoAccess with one caIssuers URI."""
    location = x509.UniformResourceIdentifier(url)
    access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, location)
    return x509.AuthorityInformationAccess([access])


def crl_pointer(url: str) -> x509.CRLDistributionPoints:
    """cRLDistributionPoints with one point, one fullName URI (BR 7.1.2.11.2)."""
    name = x509.UniformResourceIdentifier(url)
    return x509.CRLDistributionPoints([x509.DistributionPoint([name], None, None, None)])
