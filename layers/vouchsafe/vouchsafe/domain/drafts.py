"""A draft as the gate sees it: parsed, with its issuer and with what it is to say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .issuers import Issuer
from .organization import ValidatedIdentity


@lru_cache(maxsize=64)
def ca_certificate(encoded: bytes) -> x509.Certificate:
    """A CA's certificate from its DER bytes, parsed once: the same few are asked for every time."""
    return x509.load_der_x509_certificate(encoded)


@dataclass(frozen=True)  # no slots: what is parsed of it stays with it
class Draft:
    """A draft under a placeholder signature, with the issuer that is to sign it, and with what it
    is to say: its level, and for OV and EV the identity that was validated.
    """

    certificate: x509.Certificate
    issuer: Issuer
    issuing: x509.Certificate
    root: x509.Certificate
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
            x509.load_der_x509_certificate(encoded),
            issuer,
            ca_certificate(issuer.certificate),
            ca_certificate(issuer.root),
            level,
            identity,
        )

    @cached_property
    def extensions(self) -> x509.Extensions:
        """All of them, parsed once for all the checks of a draft."""
        return self.certificate.extensions

    def extension[T: x509.ExtensionType](self, kind: type[T]) -> T | None:
        """One extension's value, None when it is missing."""
        found = self._by_kind.get(kind)
        return found if isinstance(found, kind) else None

    @cached_property
    def _by_kind(self) -> dict[type[x509.ExtensionType], x509.ExtensionType]:
        return {type(each.value): each.value for each in self.extensions}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The dNSNames, in order."""
        found = self.extension(x509.SubjectAlternativeName)
        return () if found is None else tuple(found.get_values_for_type(x509.DNSName))

    @cached_property
    def spki(self) -> bytes:
        """The key, as DER SubjectPublicKeyInfo."""
        return spki_of(self.certificate)


@lru_cache(maxsize=64)
def spki_of(certificate: x509.Certificate) -> bytes:
    """A certificate's key as DER SubjectPublicKeyInfo, kept for the few of CAs."""
    key = certificate.public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@lru_cache(maxsize=64)
def authority_of(encoded: bytes) -> x509.AuthorityKeyIdentifier:
    """How certificates under the CA certificate in DER bytes name its key (BR 7.1.2.11.1)."""
    ca = ca_certificate(encoded).extensions
    own = ca.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier(own.digest, None, None)
