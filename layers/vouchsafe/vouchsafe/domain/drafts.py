"""A draft as the gate sees it: parsed, with its issuer and with what it is to say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import cast

from cryptography import x509

from . import der
from .issuers import Issuer
from .organization import ValidatedIdentity


@dataclass(frozen=True, slots=True)
class Parts:
    """Elements of a certificate's TBSCertificate, each as the DER that stands there."""

    algorithm: bytes  # AlgorithmIdentifier
    issuer: bytes  # Name
    subject: bytes  # Name
    spki: bytes  # SubjectPublicKeyInfo


_VERSION = 0xA0  # [0] EXPLICIT; left out for version 1 (RFC 5280 4.1)


def parts_of(encoded: bytes) -> Parts:
    """Those parts of a certificate in DER bytes that were parsed before.

    Raises ValueError for bytes that hold fewer.
    """
    found = der.elements(der.elements(encoded)[0])
    if found[:1] and found[0][0] == _VERSION:
        del found[0]
    _, algorithm, issuer, _, subject, spki, *_ = found
    return Parts(algorithm, issuer, subject, spki)


@lru_cache(maxsize=64)
def ca_parts(encoded: bytes) -> Parts:
    """The same of a CA's certificate, which is asked for every time."""
    return parts_of(encoded)


@dataclass(frozen=True)  # no slots: what is parsed of it stays with it
class Draft:
    """A draft under a placeholder signature, with the issuer that is to sign it, and with what it
    is to say: its level, and for OV and EV the identity that was validated.
    """

    encoded: bytes
    certificate: x509.Certificate
    issuer: Issuer
    level: str
    identity: ValidatedIdentity | None

    @classmethod
    def of(
        cls,
        encoded: bytes,
        issuer: Issuer,
        *,
        level: str = "dv",
        identity: ValidatedIdentity | None = None,
    ) -> Draft:
        """The draft in DER bytes. Raises ValueError when they are no certificate."""
        return cls(
            encoded,
            x509.load_der_x509_certificate(encoded),
            issuer,
            level,
            identity,
        )

    @cached_property
    def extensions(self) -> x509.Extensions:
        """All of them, parsed once for all the checks of a draft."""
        return self.certificate.extensions

    def extension[T: x509.ExtensionType](self, kind: type[T]) -> T | None:
        """One extension's value, None when it is missing."""
        return cast("T | None", self._by_kind.get(kind))

    @cached_property
    def _by_kind(self) -> dict[type[x509.ExtensionType], x509.ExtensionType]:
        return {type(each.value): each.value for each in self.extensions}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The dNSNames, in order."""
        found = self.extension(x509.SubjectAlternativeName)
        return tuple(name.value for name in found or () if type(name) is x509.DNSName)

    @cached_property
    def parts(self) -> Parts:
        """What stands in it byte for byte, as no library has understood it."""
        return parts_of(self.encoded)


@lru_cache(maxsize=64)
def authority_of(encoded: bytes) -> x509.AuthorityKeyIdentifier:
    """How certificates under the CA certificate in DER bytes name its key (BR 7.1.2.11.1)."""
    ca = x509.load_der_x509_certificate(encoded).extensions
    own = ca.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier(own.digest, None, None)
