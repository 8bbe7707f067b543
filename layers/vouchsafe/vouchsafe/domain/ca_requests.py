"""Certificate requests of our own issuing keys, for a CA elsewhere to sign (RFC 2986)."""

from __future__ import annotations

from cryptography import x509

from . import der
from .hierarchy import CaKey
from .signatures import algorithm_for


def request_info(name: x509.Name, key: CaKey) -> bytes:
    """CertificationRequestInfo (RFC 2986 4.1) without attributes: the signer decides the rest."""
    return der.sequence(der.integer(0), name.public_bytes(), key.public_key, der.explicit(0))


def request_of(info: bytes, signature: bytes, key: CaKey) -> x509.CertificateSigningRequest:
    """The signed request. Raises ValueError when the signature is not of that key."""
    algorithm = algorithm_for(key.key_type).identifier
    encoded = der.sequence(info, algorithm, der.bit_string(signature))
    request = x509.load_der_x509_csr(encoded)
    if not request.is_signature_valid:
        raise ValueError("the key signed with something else than it shows")
    return request
