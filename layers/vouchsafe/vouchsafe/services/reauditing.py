"""The re-audit: whatever was issued since the last time is looked at again, as an auditor would."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ..domain.blocked_keys import key_hash
from ..domain.changes import Change, ChangeKind
from ..domain.dossier import Dossier
from ..domain.errors import Conflict
from ..domain.packets import IssuedListing
from ..domain.reaudit import AuditCursor, Exhibit, Fault, audit
from ..packet_ports import IssuedList
from ..ports import CertificateStore, Clock, Entropy, Issuers, KeyBook, Ledger, Linter
from .change_records import operators_change
from .key_gate import key_use

#: What is younger may still be on its way into the list, and is looked at the next time.
_YOUNG = timedelta(minutes=5)
#: So many in one commit, each with a change at most.
_PAGE = 30
#: Of one certificate's faults the change tells so many; the log has them all.
_TOLD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What the re-audit needs; it signs nothing, and writes its cursor and missing uses of keys."""

    ledger: Ledger
    issued: IssuedList
    keys: KeyBook
    issuers: Issuers
    store: CertificateStore
    linter: Linter
    clock: Clock
    entropy: Entropy
    publication_url: str


@dataclass(slots=True, kw_only=True)
class Audited:
    """What a run came to: how many were looked at, and the faults of those that have any."""

    seen: int = 0
    faults: dict[int, tuple[Fault, ...]] = field(default_factory=dict)


def audit_issued(limit: int, *, ports: Ports) -> Audited:
    """Look at everything issued since the last run, about `limit` certificates at most.

    The cursor moves in one write with the changes that tell of faults: cut anywhere, the next run
    begins where this one had got to, and every fault is told once. A twin that was faster ends it.
    Raises Unavailable for trouble that may pass.
    """
    audited, until = Audited(), ports.clock.now() - _YOUNG
    while audited.seen < limit:
        cursor = ports.issued.cursor() or _beginning(ports)
        rows, reached = ports.issued.since(cursor, until, _PAGE)
        if (reached.at, reached.certificate_id) == (cursor.at, cursor.certificate_id):
            break
        found = {row.certificate_id: faults for row in rows if (faults := _look(row, ports))}
        told = [_told(row, found[row.certificate_id], ports) for row in rows if _has(found, row)]
        try:
            ports.ledger.commit(replace(reached, version=cursor.version + 1), *told)
        except Conflict:
            break
        audited.seen += len(rows)
        audited.faults |= found
    return audited


def _has(found: dict[int, tuple[Fault, ...]], row: IssuedListing) -> bool:
    return row.certificate_id in found


def _beginning(ports: Ports) -> AuditCursor:
    """Nothing was issued before the first issuer was made. Version 0: it is not on record."""
    made = [issuer.created_at for issuer in ports.issuers.all()]
    return AuditCursor(at=min(made, default=ports.clock.now() - _YOUNG), version=0)


def _look(row: IssuedListing, ports: Ports) -> tuple[Fault, ...]:
    """Everything that is wrong with one certificate; what cannot even be read is a fault, too."""
    dossier = ports.ledger.order(row.order_id)
    try:
        exhibit = _exhibit(row, dossier, ports)
        if exhibit is None:
            return (_incomplete("a part of its record is missing"),)
        return *audit(exhibit), *_listed_by_key(exhibit, ports)
    except (LookupError, ValueError, x509.ExtensionNotFound) as error:
        return (_incomplete(f"it cannot be looked at: {error}"),)


def _listed_by_key(exhibit: Exhibit, ports: Ports) -> tuple[Fault, ...]:
    """Write the row that a sweep finds it by, where it is missing; a fault if that cannot be done.

    It stands at once, before the fault is told: a block from now on finds the certificate.
    """
    if exhibit.found_by_key:
        return ()
    use = key_use(exhibit.certificate, exhibit.intent, _spki(exhibit.parsed))
    try:
        ports.ledger.commit(use)
    except Conflict:
        detail = "its key is blocked already, and its row was not written: revoke it"
        return (Fault(check="use", detail=detail, clause="BR 4.9.1.1"),)
    return ()


def _leads_to(certificate_id: int, parsed: x509.Certificate, keys: KeyBook) -> bool:
    uses = keys.uses_of_key(key_hash(_spki(parsed)), certificate_id - 1, 1)
    return any(use.certificate_id == certificate_id for use in uses)


def _spki(parsed: x509.Certificate) -> bytes:
    return parsed.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _incomplete(detail: str) -> Fault:
    return Fault(check="complete", detail=detail, clause="BR 5.4.1")


def _exhibit(row: IssuedListing, dossier: Dossier | None, ports: Ports) -> Exhibit | None:
    """What is held about the certificate; None when a part is missing. Raises KeyError."""
    if dossier is None:
        return None
    certificate = dossier.certificate(row.certificate_id)
    intent, issued = certificate.intent, certificate.issued
    stored = ports.store.get(row.certificate_id)
    issuer = ports.issuers.get(issued.issuer_id) if issued else None
    if intent is None or issued is None or stored is None or issuer is None:
        return None
    parsed = x509.load_der_x509_certificate(stored)
    return Exhibit(
        certificate=certificate,
        intent=intent,
        issued=issued,
        authorizations=dossier.authorizations[row.certificate_id],
        stored=stored,
        parsed=parsed,
        issuer=issuer,
        serial_order=_id_of(ports.ledger.order_of_serial(issued.serial)),
        thumbprint_order=_id_of(ports.ledger.order_of_thumbprint(issued.sha1)),
        found_by_key=_leads_to(row.certificate_id, parsed, ports.keys),
        lint=ports.linter.certificate(stored),
        publication_url=ports.publication_url,
    )


def _id_of(dossier: Dossier | None) -> int | None:
    return dossier.order.order_id if dossier else None


def _told(row: IssuedListing, faults: tuple[Fault, ...], ports: Ports) -> Change:
    """For the operators alone: it names the order in its data, so that no order's log has it."""
    told = [f"{each.check}: {each.detail} ({each.clause})" for each in faults[:_TOLD]]
    return operators_change(
        ChangeKind.REAUDIT_FOUND,
        f"certificate {row.certificate_id}",
        {"order_id": row.order_id, "faults": told},
        actor="system",
        now=ports.clock.now(),
        entropy=ports.entropy,
    )
