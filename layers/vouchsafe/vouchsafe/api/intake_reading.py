"""What strangers send, read into our own words; everything wrong is told at once."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..domain.addresses import check_address
from ..domain.errors import Flaw, invalid
from ..domain.problem_reports import LONGEST_EVIDENCE, ProblemKind
from ..domain.revocation import SUBSCRIBER_REASONS, RevocationReason
from ..services.problem_reporting import Complaint, Naming

_LONGEST_CERTIFICATE = 24_000  # characters: one with 250 names and an RSA 8192 key in PEM
_LONGEST_ADDRESS = 254
_LONGEST_LOCALE = 20
_PEM = re.compile(
    r"\s*-----BEGIN CERTIFICATE-----(?P<body>[A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----"
)
_HEX = re.compile(r"[0-9a-f]+")
_SHA1, _SHA256, _LONGEST_SERIAL = 40, 64, 40
_KINDS = {kind.value: kind for kind in ProblemKind}
#: BR 7.2.2: what a subscriber may choose, by the names of RFC 5280 and by its numbers (RFC 8555).
_REASONS: dict[str, RevocationReason] = {
    reason.value: reason for reason in RevocationReason if reason in SUBSCRIBER_REASONS
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevocation:
    """What a holder of a key asks for."""

    der: bytes
    serial: int
    csr: str
    reason: RevocationReason


def read_complaint(fields: Mapping[str, str]) -> Complaint:
    """A report. Raises VouchsafeError(INVALID) naming every field at fault."""
    flaws: list[Flaw] = []
    naming = _naming(fields.get("certificate", ""), flaws)
    kind = _KINDS.get(fields.get("problem", "").strip().lower())
    if kind is None:
        flaws.append(Flaw("problem", f"must be one of {', '.join(_KINDS)}"))
    evidence = fields.get("evidence", "").strip()
    if not 1 <= len(evidence) <= LONGEST_EVIDENCE:
        flaws.append(Flaw("evidence", f"must be 1 to {LONGEST_EVIDENCE} characters long"))
    reporter = _address(fields.get("email", "").strip(), flaws)
    if flaws or kind is None:
        raise invalid(*flaws)
    return Complaint(
        naming=naming,
        kind=kind,
        evidence=_plain(evidence),
        reporter=reporter,
        locale=fields.get("locale", "").strip()[:_LONGEST_LOCALE],
        proof=fields.get("csr", "").strip(),
    )


def read_key_revocation(fields: Mapping[str, str]) -> KeyRevocation:
    """A revocation by proof of key. Raises VouchsafeError(INVALID)."""
    flaws: list[Flaw] = []
    der, serial = _certificate(fields.get("certificate", ""), flaws)
    csr = fields.get("csr", "").strip()
    if not csr:
        flaws.append(Flaw("csr", "is required: signed by the certificate's key, CN = challenge"))
    reason = _REASONS.get(fields.get("reason", "").strip() or RevocationReason.UNSPECIFIED.value)
    if reason is None:
        flaws.append(Flaw("reason", f"must be one of {', '.join(_REASONS)}"))
    if flaws or reason is None:
        raise invalid(*flaws)
    return KeyRevocation(der=der, serial=serial, csr=csr, reason=reason)


def read_serial(text: str) -> int:
    """A serial number in hexadecimal, colons allowed. Raises VouchsafeError(INVALID)."""
    digits = _digits(text)
    if not digits or len(digits) > _LONGEST_SERIAL:
        raise invalid(Flaw("serial_number", "must be a certificate's serial number, hexadecimal"))
    return int(digits, 16)


def _naming(text: str, flaws: list[Flaw]) -> tuple[Naming, ...]:
    """How the certificate is named: PEM or base64 DER, a serial number or a thumbprint."""
    digits = _digits(text[: 4 * _SHA256])
    if not digits or len(digits) > _SHA256:
        der, serial = _certificate(text, flaws)
        return (Naming(serial=serial),) if der else ()
    if len(digits) == _SHA256:
        return (Naming(digest=digits),)
    if len(digits) > _LONGEST_SERIAL:
        flaws.append(Flaw("certificate", "is neither a serial number, SHA-1, SHA-256 nor PEM"))
        return ()
    serial_number = Naming(serial=int(digits, 16))
    return (Naming(digest=digits), serial_number) if len(digits) == _SHA1 else (serial_number,)


def _digits(text: str) -> str:
    """The hexadecimal digits of a text that is nothing but those, colons and spaces; else ""."""
    compact = re.sub(r"[\s:]", "", text).lower().removeprefix("0x")
    return compact if _HEX.fullmatch(compact) else ""


def _certificate(text: str, flaws: list[Flaw]) -> tuple[bytes, int]:
    """DER and serial number of the first certificate in PEM, or of one in base64."""
    from cryptography import x509  # a large library: loaded where a certificate is read

    why = "must be a certificate, as PEM or as DER in base64"
    if 0 < len(text) <= _LONGEST_CERTIFICATE:
        found = _PEM.match(text)
        body = "".join((found["body"] if found else text).split())
        try:
            der = base64.b64decode(body, validate=True)
            return der, x509.load_der_x509_certificate(der).serial_number
        except (binascii.Error, ValueError):
            why = "cannot be read as a certificate"
    flaws.append(Flaw("certificate", why))
    return b"", 0


def _address(text: str, flaws: list[Flaw]) -> str:
    if not text:
        return ""
    try:
        check_address(text[: _LONGEST_ADDRESS + 1])
    except ValueError as error:
        flaws.append(Flaw("email", str(error)))
    return text


def _plain(text: str) -> str:
    """Without control characters, which no operator should have to look at."""
    return "".join(c for c in text if c.isprintable() or c in "\n\t")
