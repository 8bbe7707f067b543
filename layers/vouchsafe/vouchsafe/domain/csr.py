"""PKCS #10 certificate requests (RFC 2986) in every spelling clients send, as one checked value."""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec

from .csr_findings import CsrFinding
from .der import elements
from .errors import Flaw, invalid
from .keys import canonical, check_key, describe_key, public_key
from .plain_names import common_name_in, requested_in

#: Where a client finds the fault; every refusal here is about this field.
FIELD = "certificate.csr"
_LONGEST_TEXT = 65_536  # characters; a request with an RSA 8192 key and 250 names takes 20,000
_SIGNATURE_HASHES = {"sha256", "sha384", "sha512"}  # BR 7.1.3.2.1: SHA-2 only

_ARMOUR = re.compile(
    r"-----BEGIN (?P<label>(?:NEW )?CERTIFICATE REQUEST)-----"
    r"(?P<body>[^-]*(?:-(?!----)[^-]*)*)"
    r"-----END (?P=label)-----"
)
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Csr:
    """A request whose signature was verified and whose key may be certified.

    `subject` and `requested_names` are what the client wrote there; they decide nothing here.
    """

    der: bytes
    public_key: bytes  # DER SubjectPublicKeyInfo
    key: str  # "EC P-256", "RSA 2048"
    signature_hash: str  # "sha256"
    subject: tuple[tuple[str, str], ...]  # ("CN", "www.example.com"), dotted where unnamed
    requested_names: tuple[str, ...]  # CN, then dNSNames, as written, without repeats

    def subject_values(self, attribute: str) -> tuple[str, ...]:
        """All values of one subject attribute, by its short name (CN, O, C, ST, L)."""
        return tuple(value for name, value in self.subject if name == attribute)


@dataclass(frozen=True, slots=True, kw_only=True)
class CsrReading:
    """What was read of a request and everything that is wrong with it; `csr` is None if nothing
    could be read."""

    csr: Csr | None = None
    findings: tuple[CsrFinding, ...] = ()


def parse_csr(text: str) -> Csr:
    """The request in `text`: PEM with or without line breaks, or bare base64 or base64url DER.

    Raises VouchsafeError (invalid, field `certificate.csr`) for anything else, for a signature that
    does not verify (RFC 2986 4.2) and for a key that must not be certified (BR 6.1.1.3, 6.1.5).
    """
    reading = inspect_csr(text)
    if reading.csr is None or reading.findings:
        raise invalid(*(Flaw(FIELD, finding.message) for finding in reading.findings))
    return reading.csr


def inspect_csr(text: str) -> CsrReading:
    """Like parse_csr, but everything that is wrong is told at once, and nothing is raised."""
    try:
        return _inspected(_to_der(text))
    except _Unreadable as error:
        return CsrReading(findings=(_unreadable(str(error)),))
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        return CsrReading(findings=(_unreadable("it cannot be read as a certificate request"),))


class _Unreadable(Exception):
    """The text is no request; the message says why."""


def _unreadable(reason: str) -> CsrFinding:
    return CsrFinding(field="csr", found="", expected="a PKCS #10 request", message=reason)


def _flawed(reason: str) -> _Unreadable:
    return _Unreadable(reason)


def _to_der(text: str) -> bytes:
    if len(text) > _LONGEST_TEXT:
        raise _flawed(f"it is longer than {_LONGEST_TEXT} characters")
    stripped = text.strip()
    if not stripped:
        raise _flawed("it is empty")
    if "PRIVATE KEY-----" in stripped:
        raise _flawed("it holds a private key: never send one, and treat this one as compromised")
    return _decode(_body(stripped) if "-----" in stripped else stripped)


def _body(armoured: str) -> str:
    """What stands between the lines of one PEM block and nothing else (RFC 7468)."""
    found = _ARMOUR.fullmatch(armoured)
    if found is None:
        raise _flawed("it must be exactly one CERTIFICATE REQUEST block, with nothing around it")
    return found["body"]


def _decode(body: str) -> bytes:
    """Base64 or base64url, line breaks and missing padding forgiven."""
    compact = "".join(body.split()).replace("-", "+").replace("_", "/")
    unpadded = compact.rstrip("=")
    try:
        return binascii.a2b_base64(unpadded + "=" * (-len(unpadded) % 4), strict_mode=True)
    except ValueError as error:
        foreign = _NOT_BASE64.search(compact)
        reason = "it is neither PEM nor base64" if foreign else "its base64 is damaged"
        raise _flawed(reason) from error


def _inspected(der: bytes) -> CsrReading:
    request = x509.load_der_x509_csr(der)
    _, named, spki, *attributes = elements(request.tbs_certrequest_bytes)  # RFC 2986 4.1
    spki = canonical(spki)
    algorithm = request.signature_hash_algorithm
    subject = _subject(request, named)
    csr = Csr(
        der=der,
        public_key=spki,
        key=describe_key(spki),
        signature_hash=algorithm.name if algorithm is not None else "",
        subject=subject,
        requested_names=_requested_names(request, attributes, subject),
    )
    return CsrReading(csr=csr, findings=(*_key_findings(csr), *_signature_findings(request, csr)))


def _key_findings(csr: Csr) -> list[CsrFinding]:
    expected = "RSA of 2048 to 8192 bits, or EC P-256, P-384, P-521"
    return [
        CsrFinding(field="key", found=csr.key, expected=expected, message=finding.message)
        for finding in check_key(csr.public_key)
    ]


def _signature_findings(request: x509.CertificateSigningRequest, csr: Csr) -> list[CsrFinding]:
    found = []
    if csr.signature_hash not in _SIGNATURE_HASHES:
        message = "it must be signed with SHA-256, SHA-384 or SHA-512"
        expected = ", ".join(sorted(_SIGNATURE_HASHES))
        found.append((csr.signature_hash, expected, message))
    elif not _verifies(request, csr.public_key):
        message = "its signature does not fit its public key"
        found.append(("", "a signature by its own key", message))
    return [
        CsrFinding(field="signature", found=given, expected=expected, message=message)
        for given, expected, message in found
    ]


def _verifies(request: x509.CertificateSigningRequest, spki: bytes) -> bool:
    """Whether the request is signed by its own key (RFC 2986 4.2); not if the key cannot verify.

    What the library does for this reads the key once more; under ECDSA that is not needed.
    """
    try:
        scheme = request.signature_algorithm_parameters
        key = public_key(spki)
        if not (isinstance(scheme, ec.ECDSA) and isinstance(key, ec.EllipticCurvePublicKey)):
            return request.is_signature_valid
        key.verify(request.signature, request.tbs_certrequest_bytes, scheme)
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature):
        return False
    return True


def _subject(request: x509.CertificateSigningRequest, named: bytes) -> tuple[tuple[str, str], ...]:
    alone = common_name_in(named)
    if alone is not None:
        return (("CN", alone),)
    return tuple(
        (attribute.rfc4514_attribute_name, _as_text(attribute.value))
        for attribute in request.subject
    )


def _as_text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.hex()


def _requested_names(
    request: x509.CertificateSigningRequest,
    attributes: Sequence[bytes],
    subject: tuple[tuple[str, str], ...],
) -> tuple[str, ...]:
    names = [value for name, value in subject if name == "CN"]
    plain = requested_in(attributes[0]) if len(attributes) == 1 else None
    if plain is not None:
        return tuple(dict.fromkeys((*names, *plain)))
    try:
        extension = request.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return tuple(dict.fromkeys(names))
    except (x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise _flawed("its extensions cannot be read") from error
    names.extend(extension.value.get_values_for_type(x509.DNSName))
    return tuple(dict.fromkeys(names))
