"""Keys that exist while they sign one request, and no longer."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding


class OneTimeKeys:
    """Port RequestMaker: P-256, never encoded, never handed on."""

    def request(self, name: str) -> str:
        """The request names `name` as an alternative name alone, as nobody reads subjects."""
        names = x509.SubjectAlternativeName([x509.DNSName(name)])
        asking = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        asking = asking.add_extension(names, critical=False)
        made = asking.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
        return made.public_bytes(Encoding.PEM).decode()
