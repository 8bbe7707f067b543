"""A draft as the gate sees it: parsed, with its issuer and with what it is to say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cryptography import x509

from .issuers import Issuer
from .organization import ValidatedIdentity


@lru_cache(maxsize=64)
def ca_certificate(encoded: bytes) -> x509.Certificate:
    """A CA's certificate from its DER bytes, parsed once: the same few are asked for every time."""
    return x509.load_der_x509_certificate(encoded)


@dataclass(frozen=True, slots=True)
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

    def extension[T: x509.ExtensionType](self, kind: type[T]) -> T | None:
        """One extension's value, None when it is missing."""
        found = _extensions_of(self.certificate).get(kind)
        return found if isinstance(found, kind) else None

    @property
    def names(self) -> list[str]:
        """The dNSNames, in order."""
        return list(_names_of(self.certificate))


@lru_cache(maxsize=4)
def _extensions_of(
    certificate: x509.Certificate,
) -> dict[type[x509.ExtensionType], x509.ExtensionType]:
    """Each extension's value by its type, found once for all the checks of a draft."""
    return {type(each.value): each.value for each in certificate.extensions}


@lru_cache(maxsize=4)
def _names_of(certificate: x509.Certificate) -> tuple[str, ...]:
    found = _extensions_of(certificate).get(x509.SubjectAlternativeName)
    if not isinstance(found, x509.SubjectAlternativeName):
        return ()
    return tuple(found.get_values_for_type(x509.DNSName))
