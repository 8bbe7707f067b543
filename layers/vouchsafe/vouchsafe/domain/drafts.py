"""A draft as the gate sees it: parsed, with its issuer and with what it is to say."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509

from .issuers import Issuer
from .organization import ValidatedIdentity


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
            x509.load_der_x509_certificate(issuer.certificate),
            x509.load_der_x509_certificate(issuer.root),
            level,
            identity,
        )

    def extension[T: x509.ExtensionType](self, kind: type[T]) -> T | None:
        """One extension's value, None when it is missing."""
        try:
            return self.certificate.extensions.get_extension_for_class(kind).value
        except x509.ExtensionNotFound:
            return None

    @property
    def names(self) -> list[str]:
        """The dNSNames, in order."""
        found = self.extension(x509.SubjectAlternativeName)
        return found.get_values_for_type(x509.DNSName) if found else []
