"""Orders and all that belongs to them as items, and a partition of items as a dossier."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import batched

from ...domain.authorization import Authorization
from ...domain.certificate import Certificate, CertificateStatus
from ...domain.dossier import (
    Authorizations,
    Dossier,
    IdempotencyRecord,
    SerialClaim,
    Thumbprint,
)
from ...domain.due import certificate_due, request_due, undecided_since
from ...domain.notes import OrderNotes
from ...domain.order import Order, OrderStatus
from ...domain.parking import ParkedCertificate
from ...domain.requests import Request
from ...domain.tallies import listed_status
from . import account_keys, clock_keys, keys, list_keys
from .attributes import Attribute, Item, decode_fields, encode, encode_fields
from .writes import AUTHORIZED, ENTITY, Write, follower, pointer, removed, write

#: So many authorizations in one item: with evidence, some 10 KB each at worst, far from 400 KB.
AUTHORIZATIONS_AN_ITEM = 25


def order_writes(order: Order) -> tuple[Write, ...]:
    """The order, listed by account and by status, and by the day its term ends once it is valid."""
    listed = keys.by_account(order.account_id, "ORDERS", order.created_at, order.order_id)
    grouped = keys.by_status(
        order.account_id, "ORDERS", listed_status(order), order.created_at, order.order_id
    )
    valid = order.status is OrderStatus.VALID
    term = keys.on_day("TERM", order.term_ends_at, order.order_id) if valid else {}
    return (write("order", keys.order(order.order_id), order, listed, grouped, term),)


def certificate_writes(certificate: Certificate) -> tuple[Write, ...]:
    """The certificate, in the index of what is due and among those that wait for people; the first
    time with its pointer.
    """
    order_id, certificate_id = certificate.order_id, certificate.certificate_id
    key = keys.certificate(order_id, certificate_id)
    record = write("certificate", key, certificate, _owed(certificate))
    if certificate.version > 1:
        return record, *_parked(certificate)
    return record, pointer(keys.certificate_pointer(certificate_id), order_id)


def _parked(certificate: Certificate) -> tuple[Write, ...]:
    """The row that says that it waits; taken away in every write since it does not any more."""
    if certificate.parked is None:
        return ()
    key = account_keys.parked(certificate.account_id, certificate.certificate_id)
    if not certificate.waits_for_people:
        return (removed(key),)
    row = ParkedCertificate(
        account_id=certificate.account_id,
        order_id=certificate.order_id,
        certificate_id=certificate.certificate_id,
        organization_id=certificate.parked.organization_id,
    )
    return (follower("parked", key, encode_fields(row)),)


def _owed(certificate: Certificate) -> Item:
    """Index 3: unfinished ones by their next moment, valid ones by the day they expire."""
    due = certificate_due(certificate)
    if due is not None:
        return keys.work(certificate.order_id, due, certificate.certificate_id)
    if certificate.status is CertificateStatus.VALID and certificate.issued is not None:
        return keys.on_day("EXPIRY", certificate.issued.not_after, certificate.certificate_id)
    return {}


def request_writes(request: Request) -> tuple[Write, ...]:
    """The request, listed by account and by status; the first time with its pointer."""
    due, since = request_due(request), undecided_since(request)
    account, number = request.account_id, request.request_id
    extra = (
        keys.by_account(account, "REQUESTS", request.created_at, number),
        keys.by_status(account, "REQUESTS", request.status, request.created_at, number),
        keys.work(request.order_id, due, number) if due else {},
        clock_keys.undecided(since, number) if since else {},
    )
    record = write("request", keys.request(request.order_id, number), request, *extra)
    if request.version > 1:
        return (record,)
    return record, pointer(keys.request_pointer(number), request.order_id)


def authorization_writes(pack: Authorizations, version: int) -> tuple[Write, ...]:
    """The authorizations, 25 to an item, each item naming the certificate version it belongs to."""
    chunks = list(batched(pack.items, AUTHORIZATIONS_AN_ITEM, strict=False)) or [()]
    return tuple(
        follower(
            "authorizations",
            keys.authorizations(pack.order_id, pack.certificate_id, number),
            {
                "certificate_id": encode(pack.certificate_id),
                "chunk": encode(number),
                "chunks": encode(len(chunks)),
                AUTHORIZED: encode(version),
                "items": encode(items),
            },
        )
        for number, items in enumerate(chunks)
    )


def serial_writes(claim: SerialClaim) -> tuple[Write, ...]:
    """The serial number, taken for good."""
    return (write("serial", keys.serial(claim.serial), claim),)


def thumbprint_writes(thumbprint: Thumbprint) -> tuple[Write, ...]:
    """The SHA-1 fingerprint as a way to its order."""
    return (write("thumbprint", keys.thumbprint(thumbprint.sha1), thumbprint),)


def idempotency_writes(record: IdempotencyRecord) -> tuple[Write, ...]:
    """The used idempotency key."""
    key = keys.idempotency(record.account_id, record.key)
    return (write("idempotency", key, record),)


def notes_writes(notes: OrderNotes) -> tuple[Write, ...]:
    """The notes beside an order, all in one item."""
    return (write("notes", list_keys.notes(notes.order_id), notes),)


def to_dossier(items: Iterable[Item]) -> Dossier | None:
    """The order whose whole partition `items` is; None when there is no order in it."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(_entity(item), []).append(item)
    if "order" not in found:
        return None
    certificates = [decode_fields(Certificate, item) for item in found.get("certificate", ())]
    requests = [decode_fields(Request, item) for item in found.get("request", ())]
    beside = found.get("notes")
    return Dossier(
        order=decode_fields(Order, found["order"][0]),
        certificates=tuple(sorted(certificates, key=lambda c: c.certificate_id)),
        authorizations=_unpacked(found.get("authorizations", ())),
        requests=tuple(sorted(requests, key=lambda r: r.request_id)),
        notes=decode_fields(OrderNotes, beside[0]) if beside else None,
    )


def _unpacked(items: Iterable[Item]) -> dict[int, tuple[Authorization, ...]]:
    unpacked: dict[int, tuple[Authorization, ...]] = {}
    for item in sorted(items, key=lambda item: int(item["chunk"]["N"])):
        owner = int(item["certificate_id"]["N"])
        chunk = tuple(decode_fields(Authorization, each["M"]) for each in item["items"]["L"])
        unpacked[owner] = unpacked.get(owner, ()) + chunk
    return unpacked


def torn(items: Iterable[Item]) -> bool:
    """Whether the items come from both sides of a commit.

    A Query is no snapshot: a commit that lands while it runs may show its certificate without its
    authorizations, or the other way round.
    """
    packs: dict[str, list[Item]] = {}
    expected: dict[str, Attribute | None] = {}
    for item in items:
        if _entity(item) == "certificate":
            expected[item["certificate_id"]["N"]] = item.get(AUTHORIZED)
        elif _entity(item) == "authorizations":
            packs.setdefault(item["certificate_id"]["N"], []).append(item)
    authorized = {owner for owner, version in expected.items() if version is not None}
    return authorized != packs.keys() or any(
        item[AUTHORIZED] != expected[owner] or item["chunks"]["N"] != str(len(pack))
        for owner, pack in packs.items()
        for item in pack
    )


def _entity(item: Item) -> str:
    """What kind of item this is; "" for a bare counter."""
    return str(item.get(ENTITY, {"S": ""})["S"])
