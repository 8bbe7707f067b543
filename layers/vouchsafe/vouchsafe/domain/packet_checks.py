"""Whether what an evidence packet holds fits together, for whoever verifies one offline."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .audit import FIELDS, hash_of


class Contradiction(Exception):
    """Two parts of a packet cannot both be true."""


def findings(packet: Mapping[str, Any]) -> list[str]:
    """What the packet says of its certificate, in sentences, when nothing contradicts it.

    Raises Contradiction with the first flaw; KeyError, TypeError, AttributeError or ValueError for
    what is no packet.
    """
    facts = _Facts(packet)
    for check in _CHECKS:
        check(facts)
    return list(facts.told())


class _Facts:
    """The packet's parts, parsed once."""

    def __init__(self, packet: Mapping[str, Any]) -> None:
        self.packet = packet
        self.certificate = _parsed(packet["certificate"]["der"])
        self.issuing = _parsed(packet["issuer"]["certificate"])
        self.root = _parsed(packet["issuer"]["root"])
        self.recorded_at = datetime.fromisoformat(packet["intent"]["recorded_at"])
        self.issued_at = datetime.fromisoformat(packet["certificate"]["issued_at"])

    @property
    def names(self) -> list[str]:
        """The dNSNames of the certificate."""
        extension = self.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        return extension.value.get_values_for_type(x509.DNSName)

    def told(self) -> Iterator[str]:
        """What was checked, in sentences."""
        order, certificate = self.packet["order"], self.certificate
        yield (
            f"Certificate {order['certificate_id']} of order {order['order_id']}: serial"
            f" {certificate.serial_number:x}, valid {certificate.not_valid_before_utc:%Y-%m-%d}"
            f" to {certificate.not_valid_after_utc:%Y-%m-%d},"
            f" issued {self.issued_at:%Y-%m-%d %H:%M:%S} UTC."
        )
        yield "It is signed by the issuing certificate in the packet, and that by its root."
        yield "It is byte for byte what was recorded before it was signed."
        yield "Its key is the request's."
        for each in self.packet["names"]:
            yield _told_of(each)
        yield (
            f"CAA permitted issue for every name, checked {self.packet['caa']['checked_at']}"
            f" and good until {self.packet['caa']['good_until']}."
        )
        if named := self.packet["organization"]:
            yield f"It names organization {named['organization_id']}, validated before."
        remarks = len(self.packet["lint"]["remarks"])
        yield f"The linter passed the draft, with {remarks} accepted remarks."
        for each in self.packet["requests"]:
            yield f"Request {each['request_id']} ({each['kind']}): {each['status']}."
        changes = self.packet["changes"]
        yield f"{len(changes)} entries of the audit log have the hashes that they say."


def _told_of(name: dict[str, Any]) -> str:
    proof = name["proof"]
    return (
        f"{name['name']}: proven by {proof['method']} (BR {proof['br_section']}) at"
        f" {proof['authorization_domain']}, {proof['proven_at']}, seen by {proof['quorum']}."
    )


def _parsed(text: str) -> x509.Certificate:
    return x509.load_der_x509_certificate(base64.b64decode(text, validate=True))


def _check_chain(facts: _Facts) -> None:
    try:
        facts.certificate.verify_directly_issued_by(facts.issuing)
        facts.issuing.verify_directly_issued_by(facts.root)
    except (InvalidSignature, TypeError, ValueError):
        raise Contradiction(
            "the certificate is not signed by its issuer, or that by the root"
        ) from (None)


def _check_certificate(facts: _Facts) -> None:
    certificate, said = facts.certificate, facts.packet["certificate"]
    if hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest() != said["sha256"]:
        raise Contradiction("the certificate is not the one on record")
    if f"{certificate.serial_number:x}" != said["serial"]:
        raise Contradiction("the certificate has another serial number than the record")
    csr = x509.load_der_x509_csr(base64.b64decode(facts.packet["order"]["csr"], validate=True))
    if _key_of(csr) != _key_of(certificate):
        raise Contradiction("the certificate's key is not the request's")


def _key_of(thing: x509.Certificate | x509.CertificateSigningRequest) -> bytes:
    return thing.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _check_intent(facts: _Facts) -> None:
    certificate, intent = facts.certificate, facts.packet["intent"]
    if hashlib.sha256(certificate.tbs_certificate_bytes).hexdigest() != intent["tbs_sha256"]:
        raise Contradiction("what was signed is not what was recorded before")
    dates = [datetime.fromisoformat(intent[name]) for name in ("not_before", "not_after")]
    if dates != [certificate.not_valid_before_utc, certificate.not_valid_after_utc]:
        raise Contradiction("the certificate has other dates than its intent")
    if intent["serial"] != f"{certificate.serial_number:x}":
        raise Contradiction("the certificate has another serial number than its intent")
    if facts.recorded_at > facts.issued_at:
        raise Contradiction("the intent was recorded after the issue")


def _check_names(facts: _Facts) -> None:
    said = [each["name"] for each in facts.packet["names"]]
    if sorted(said) != sorted(facts.names):
        raise Contradiction("the names of the certificate are not those that were proven")
    for each in facts.packet["names"]:
        proof = each["proof"]
        if each["status"] != "valid" or proof is None:
            raise Contradiction(f"there is no proof for {each['name']}")
        if datetime.fromisoformat(proof["proven_at"]) > facts.recorded_at:
            raise Contradiction(f"{each['name']} was proven after the certificate was made")
        if not any("CNAME followed" in step for step in proof["steps"]):
            _check_covers(each["name"], proof["authorization_domain"])


def _check_covers(name: str, domain: str) -> None:
    """BR 3.2.2.4: without an alias, the authorization domain is the name or one above it."""
    bare = name.removeprefix("*.")
    if bare != domain and not bare.endswith(f".{domain}"):
        raise Contradiction(f"a proof for {domain} says nothing about {name}")


def _check_caa(facts: _Facts) -> None:
    caa = facts.packet["caa"]
    if caa is None or not caa["permitted"]:
        raise Contradiction("CAA did not permit the issue")
    checked = datetime.fromisoformat(caa["checked_at"])
    if not checked <= facts.recorded_at <= datetime.fromisoformat(caa["good_until"]):
        raise Contradiction("CAA was not checked in time before the issue")
    refused = [each["name"] for each in caa["findings"] if not each["permitted"]]
    if refused:
        raise Contradiction(f"CAA did not permit the issue for {refused[0]}")


def _check_lint(facts: _Facts) -> None:
    if facts.packet["lint"]["passed"] is not True:
        raise Contradiction("the linter did not pass the draft")


def _check_changes(facts: _Facts) -> None:
    """The entries of the audit log, each as it was hashed; the issue is the last of them."""
    rows, last = facts.packet["changes"], 0
    for row in rows:
        fields = FIELDS[row["format"] or 1]
        if set(row) != {*fields, "number", "previous", "format", "hash"} or row["number"] <= last:
            raise Contradiction("the entries of the audit log are not in their form or order")
        if row["format"] and hash_of({n: v for n, v in row.items() if n != "hash"}) != row["hash"]:
            raise Contradiction(f"entry {row['number']} of the audit log was changed")
        last = row["number"]
    wanted = facts.packet["order"]["certificate_id"]
    if not rows or (rows[-1]["kind"], rows[-1]["certificate_id"]) != ("certificate_issued", wanted):
        raise Contradiction("the issue is not the last of the entries of the audit log")


_CHECKS = (
    _check_chain,
    _check_certificate,
    _check_intent,
    _check_names,
    _check_caa,
    _check_lint,
    _check_changes,
)
