"""Packing evidence: one signed file for each certificate, made soon after its issue, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from ..domain.certificate import Certificate
from ..domain.dossier import Dossier
from ..domain.errors import Unavailable
from ..domain.packets import (
    IssuedListing,
    Material,
    PacketKey,
    issued_change,
    packet_of,
    sealed,
    to_be_signed,
)
from ..packet_ports import IssuedList, OrderLog, PacketKeyPublication, PacketSigner, PacketStore
from ..ports import CertificateStore, Clock, Issuers, Ledger
from .on_record import order_on_record

#: A certificate that has no packet after this long was missed, not just late.
MISSED_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What packing needs. `publication_url` is where the key is published, below `/ca`."""

    ledger: Ledger
    log: OrderLog
    issuers: Issuers
    store: CertificateStore
    packets: PacketStore
    issued: IssuedList
    signer: PacketSigner
    publication: PacketKeyPublication
    clock: Clock
    publication_url: str


def publish_key(ports: Ports) -> None:
    """Put the public key beside the CA certificates. Raises Unavailable."""
    key = load_der_public_key(ports.signer.public_key())
    ports.publication.publish(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def pack_evidence(order_id: int, certificate_id: int, *, ports: Ports) -> bool:
    """Make the packet of an issued certificate and keep it; whether it is this one that stands.

    Doing it twice, or late, or by twins is harmless: the first that is stored stays. Raises
    Unavailable when something is not there yet that will be.
    """
    dossier = order_on_record(order_id, ledger=ports.ledger)
    certificate = dossier.certificate(certificate_id)
    if certificate.issued is None:
        raise Unavailable(f"certificate {certificate_id} is not on record as issued")
    made = False
    if ports.packets.get(certificate_id) is None:
        content = _sealed(dossier, certificate, ports)
        made = ports.packets.put(certificate_id, content) == content
    ports.issued.packed(
        IssuedListing(
            order_id=order_id,
            certificate_id=certificate_id,
            issued_at=certificate.issued.issued_at,
        )
    )
    return made


def pack_missed(limit: int, *, ports: Ports) -> int:
    """Pack at most `limit` of those that were missed; how many.

    One that cannot be packed stops none behind it; all such trouble is raised at the end.
    """
    missed = ports.issued.unpacked(ports.clock.now() - MISSED_AFTER, limit)
    troubles: list[Exception] = []
    for each in missed:
        try:
            pack_evidence(each.order_id, each.certificate_id, ports=ports)
        except (Unavailable, LookupError, ValueError) as trouble:
            troubles.append(trouble)
    if troubles:
        raise ExceptionGroup(f"{len(troubles)} of {len(missed)} packets are missing", troubles)
    return len(missed)


def _sealed(dossier: Dossier, certificate: Certificate, ports: Ports) -> bytes:
    packet = packet_of(_material(dossier, certificate, ports))
    return sealed(packet, ports.signer.sign(to_be_signed(packet)))


def _material(dossier: Dossier, certificate: Certificate, ports: Ports) -> Material:
    assert certificate.issued is not None, "asked before"
    der = ports.store.get(certificate.certificate_id)
    issuer = ports.issuers.get(certificate.issued.issuer_id)
    if der is None or issuer is None:
        raise Unavailable(f"certificate {certificate.certificate_id} cannot be read")
    changes = ports.log.of_order(certificate.order_id)
    if issued_change(changes, certificate.certificate_id) is None:
        raise Unavailable(f"the issue of {certificate.certificate_id} is not in the log yet")
    return Material(
        dossier=dossier,
        certificate=certificate,
        der=der,
        issuer=issuer,
        changes=changes,
        key=PacketKey(
            public_key=ports.signer.public_key(), url=f"{ports.publication_url}/ca/evidence.pem"
        ),
        made_at=ports.clock.now(),
    )
