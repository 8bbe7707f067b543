"""What orders need as items, issuers, CRL lines and changes; and the table of what writes what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...domain.certificate import Certificate
from ...domain.certificate_name import CertificateName
from ...domain.changes import Change
from ...domain.dossier import Authorizations, IdempotencyRecord, SerialClaim, Thumbprint
from ...domain.issuers import Issuer
from ...domain.notes import OrderNotes
from ...domain.order import Order
from ...domain.packets import IssuedListing
from ...domain.proofs import DomainProof
from ...domain.requests import Request
from ...domain.revocation import CrlState, RevokedSerial
from ...ports import Record
from . import account_keys, issued_keys, keys
from .attributes import encode
from .domain_writes import proof_writes
from .orders import (
    authorization_writes,
    certificate_writes,
    idempotency_writes,
    notes_writes,
    order_writes,
    request_writes,
    serial_writes,
    thumbprint_writes,
)
from .writes import AUTHORIZED, Write, Writer, write


def _issued(listing: IssuedListing) -> tuple[Write, ...]:
    """The certificate among those issued in its hour, in the index of those without a packet."""
    at, number = listing.issued_at, listing.certificate_id
    waiting = issued_keys.unpacked(at, number)
    return (write("issued", issued_keys.issued(at, number), listing, waiting),)


def _revoked(line: RevokedSerial) -> tuple[Write, ...]:
    return (write("revoked", keys.revoked(line.issuer_id, line.shard, line.serial), line),)


def _crl_state(state: CrlState) -> tuple[Write, ...]:
    return (write("crl_state", keys.crl_state(state.issuer_id, state.shard), state),)


def _issuer(issuer: Issuer) -> tuple[Write, ...]:
    return (write("issuer", keys.issuer(issuer.issuer_id), issuer),)


def _change(change: Change) -> tuple[Write, ...]:
    """The change, in the index of those that were not passed on yet."""
    waiting = keys.unnumbered(change.change_id, change.at)
    return (write("change", keys.change(change.change_id), change, waiting),)


def _certificate_name(taken: CertificateName) -> tuple[Write, ...]:
    key = account_keys.certificate_name(taken.account_id, taken.name)
    return (write("certificate_name", key, taken),)


_WRITERS: dict[type, Writer] = {
    Order: order_writes,
    Certificate: certificate_writes,
    Request: request_writes,
    OrderNotes: notes_writes,
    IdempotencyRecord: idempotency_writes,
    SerialClaim: serial_writes,
    Thumbprint: thumbprint_writes,
    IssuedListing: _issued,
    RevokedSerial: _revoked,
    CrlState: _crl_state,
    Issuer: _issuer,
    Change: _change,
    CertificateName: _certificate_name,
    DomainProof: proof_writes,
}


def _writer(kind: type) -> Writer:
    """What writes records of that kind; those that few functions write are loaded then."""
    known = _WRITERS.get(kind)
    if known is None:
        from .registers_further import WRITERS

        known = WRITERS[kind]
    return known


def to_writes(records: Sequence[Record]) -> list[Write]:
    """The items of one commit. Raises ValueError for authorizations without their certificate."""
    packs = {r.certificate_id: r for r in records if isinstance(r, Authorizations)}
    writes: list[Write] = []
    for record in records:
        if isinstance(record, Authorizations):
            continue
        first, *others = _writer(type(record))(record)
        if isinstance(record, Certificate) and record.certificate_id in packs:
            version = {AUTHORIZED: encode(record.version)}
            first = replace(first, item=first.item | version)
            others += authorization_writes(packs.pop(record.certificate_id), record.version)
        writes += [first, *others]
    if packs:
        raise ValueError("authorizations are written together with their certificate")
    return writes
