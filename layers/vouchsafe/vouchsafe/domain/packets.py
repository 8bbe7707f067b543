"""Evidence packets: all that led to one certificate, in one signed file (BR 5.4.1, 5.5.2).

docs/evidence.md specifies the file, so that anybody can check one without us; `vouchsafe.evidence`
does.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from .audit import canonical, moment_text, row_of
from .authorization import Authorization
from .certificate import Certificate, Intent, Issued
from .changes import ChangeKind, NumberedChange
from .dossier import Dossier
from .issuers import Issuer
from .linting import REVIEWED_WARNINGS
from .requests import Request

#: The form of the file; the verifier knows the forms it can read.
FORMAT = 1
#: How the file is signed: ECDSA over SHA-256 (FIPS 186-5), the signature in DER.
ALGORITHM = "ecdsa-p256-sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketKey:
    """The public key that packets are signed for, and where it is published."""

    public_key: bytes  # DER SubjectPublicKeyInfo
    url: str

    @property
    def sha256(self) -> str:
        """The key's fingerprint: SHA-256 of its SubjectPublicKeyInfo, hex."""
        return hashlib.sha256(self.public_key).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedListing:
    """That a certificate was issued, and when: what is walked by time, packed once."""

    order_id: int
    certificate_id: int
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a packet is made of. `changes` are those of the order, numbered, oldest first."""

    dossier: Dossier
    certificate: Certificate
    der: bytes  # as the store has it
    issuer: Issuer
    changes: Sequence[NumberedChange]
    key: PacketKey
    made_at: datetime


def packet_of(material: Material) -> dict[str, Any]:
    """The packet without its signature: plain JSON values.

    Raises ValueError for a certificate that was not issued.
    """
    certificate, issuer = material.certificate, material.issuer
    if certificate.issued is None or certificate.intent is None:
        raise ValueError(f"certificate {certificate.certificate_id} was not issued")
    authorizations = material.dossier.authorizations[certificate.certificate_id]
    return {
        "evidence": FORMAT,
        "made_at": moment_text(material.made_at),
        "key": {
            "algorithm": ALGORITHM,
            "public_key": _base64(material.key.public_key),
            "sha256": material.key.sha256,
            "url": material.key.url,
        },
        "order": _order(material),
        "names": [_name(each) for each in authorizations],
        "caa": plain(certificate.caa),
        "requests": [_request(each) for each in _requests(material)],
        "organization": plain(certificate.named),
        "lint": _lint(certificate.intent),
        "intent": _intent(certificate.intent),
        "certificate": _certificate(certificate.issued, material.der),
        "issuer": {
            "issuer_id": issuer.issuer_id,
            "trust": issuer.trust.value,
            "certificate": _base64(issuer.certificate),
            "root": _base64(issuer.root),
        },
        "changes": [row_of(each) for each in _told(material)],
    }


def to_be_signed(packet: Mapping[str, Any]) -> bytes:
    """What the signature is over: the canonical encoding of everything but the signature."""
    return canonical({name: value for name, value in packet.items() if name != "signature"})


def sealed(packet: Mapping[str, Any], signature: bytes) -> bytes:
    """The whole file: canonical JSON and one line end."""
    return canonical({**packet, "signature": signature.hex()}) + b"\n"


def issued_change(changes: Sequence[NumberedChange], certificate_id: int) -> NumberedChange | None:
    """The change that told of the certificate's issue, if it is among them."""
    issued = ChangeKind.CERTIFICATE_ISSUED
    for each in changes:
        if each.change.kind is issued and each.change.certificate_id == certificate_id:
            return each
    return None


def plain(value: Any) -> Any:
    """A record's fields as plain JSON values; moments as texts, bytes as base64."""
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, bytes):
        return _base64(value)
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def _order(material: Material) -> dict[str, Any]:
    order, certificate = material.dossier.order, material.certificate
    return {
        "order_id": order.order_id,
        "account_id": order.account_id,
        "user_id": order.user_id,
        "organization_id": order.organization_id,
        "created_at": moment_text(order.created_at),
        "certificate_id": certificate.certificate_id,
        "certificate_created_at": moment_text(certificate.created_at),
        "kind": certificate.kind.value,
        "product_id": certificate.product_id,
        "common_name": certificate.common_name,
        "csr": _base64(certificate.csr),
        "ends_at": moment_text(certificate.ends_at),
    }


def _name(authorization: Authorization) -> dict[str, Any]:
    return {
        "name": authorization.identifier.value,
        "method": authorization.method.value,
        "status": authorization.status.value,
        "proof": plain(authorization.proof),
    }


def _requests(material: Material) -> list[Request]:
    wanted = material.certificate.certificate_id
    return [each for each in material.dossier.requests if wanted in each.certificate_ids]


def _request(request: Request) -> dict[str, Any]:
    """Who asked and who decided, when; not what they wrote to each other."""
    return {
        "request_id": request.request_id,
        "kind": request.kind.value,
        "status": request.status.value,
        "requester_id": request.requester_id,
        "reviewer_id": request.reviewer_id,
        "created_at": moment_text(request.created_at),
        "decided_at": plain(request.decided_at),
        "frozen": request.frozen,
    }


def _lint(intent: Intent) -> dict[str, Any]:
    """That the draft passed, and what was remarked all the same, with why that is accepted."""
    remarks = [
        {"remark": remark, "accepted": REVIEWED_WARNINGS.get(remark.partition(" ")[2], "")}
        for remark in intent.lint
    ]
    return {"passed": True, "remarks": remarks}  # there is no intent without


def _intent(intent: Intent) -> dict[str, Any]:
    return {
        "serial": f"{intent.serial:x}",
        "issuer_id": intent.issuer_id,
        "crl_shard": intent.shard,
        "tbs_sha256": hashlib.sha256(intent.tbs).hexdigest(),
        "not_before": moment_text(intent.not_before),
        "not_after": moment_text(intent.not_after),
        "recorded_at": moment_text(intent.recorded_at),
    }


def _certificate(issued: Issued, der: bytes) -> dict[str, Any]:
    return {
        "der": _base64(der),
        "sha256": issued.sha256,
        "serial": f"{issued.serial:x}",
        "issued_at": moment_text(issued.issued_at),
    }


def _told(material: Material) -> list[NumberedChange]:
    """The changes about this certificate or the order as a whole, up to its issue."""
    wanted = material.certificate.certificate_id
    issued = issued_change(material.changes, wanted)
    last = issued.number if issued else 0
    return [
        each
        for each in material.changes
        if each.number <= last and each.change.certificate_id in (None, wanted)
    ]


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def packet_signature_fits(content: bytes, signature: bytes, public_key: bytes) -> bool:
    """Whether the P-256 key (DER SubjectPublicKeyInfo) signed exactly `content`.

    Raises ValueError for bytes that are no such key.
    """
    try:
        key = load_der_public_key(public_key)
    except UnsupportedAlgorithm as error:
        raise ValueError("not a P-256 key") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a P-256 key")
    try:
        key.verify(signature, content, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
