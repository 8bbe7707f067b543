"""What a customer looks at who gets a certificate, and then has it revoked: pure, over DER."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .canary import LIFE_DAYS


def chain_faults(chain: Sequence[bytes], name: str, csr: bytes, now: datetime) -> list[str]:
    """What is wrong with a chain (DER, leaf first, root last) for that name and request.

    [] for nothing. Raises ValueError for bytes that are no certificates, or no request.
    """
    found = [x509.load_der_x509_certificate(each) for each in chain]
    leaf, request = found[0], x509.load_der_x509_csr(csr)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    faults = []
    if [*names] != [x509.DNSName(name)]:
        faults.append(f"its names are not {name} alone")
    if _spki(leaf) != _spki(request):
        faults.append("it is for another key than was ordered for")
    if not _signed_in_order(found):
        faults.append("its chain does not hold")
    if any(not each.not_valid_before_utc <= now <= each.not_valid_after_utc for each in found):
        faults.append("a certificate of its chain is not valid now")
    if leaf.not_valid_after_utc > now + timedelta(days=LIFE_DAYS):
        faults.append("it is valid for longer than was ordered")
    return faults


def crl_address(leaf: bytes) -> str:
    """Where the leaf (DER) says that its revocation would be published (RFC 5280 4.2.1.13).

    Raises ValueError when it does not say.
    """
    extensions = x509.load_der_x509_certificate(leaf).extensions
    try:
        points = extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound as missing:
        raise ValueError("the certificate names no CRL") from missing
    names = [name for point in points for name in point.full_name or ()]
    if not names:
        raise ValueError("the certificate names no CRL")
    return str(names[0].value)


def listed(crl: bytes, leaf: bytes, issuer: bytes) -> bool:
    """Whether a CRL signed by the leaf's issuer names the leaf, all in DER.

    False for bytes that are no CRL, or not that issuer's.
    """
    key = x509.load_der_x509_certificate(issuer).public_key()
    serial = x509.load_der_x509_certificate(leaf).serial_number
    try:
        found = x509.load_der_x509_crl(crl)
        signed = found.is_signature_valid(key)  # type: ignore[arg-type]  # a CA's key signs
    except ValueError:
        return False
    return signed and found.get_revoked_certificate_by_serial_number(serial) is not None


def _spki(of: x509.Certificate | x509.CertificateSigningRequest) -> bytes:
    return of.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _signed_in_order(chain: Sequence[x509.Certificate]) -> bool:
    """Whether each is issued by the one after it, and the last by itself."""
    try:
        for below, above in zip(chain, [*chain[1:], chain[-1]], strict=True):
            below.verify_directly_issued_by(above)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
