"""Reading what is not an order: looks, accounts, issuers, due work, CRL lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from heapq import merge
from itertools import batched, groupby, islice

from ...domain.dossier import LookRecord, Work
from ...domain.errors import Conflict
from ...domain.issuers import Issuer
from ...domain.revocation import CrlLine, CrlState, RevokedSerial
from . import clock_keys, keys
from .attributes import Item, decode_fields, encode, encode_fields, plain, stamp
from .table import Table
from .writes import ENTITY

#: So many names' results in one item of a look; each is some 2 KB at worst.
RESULTS_AN_ITEM = 50


class DynamoLooks:
    """Port Looks: one partition a certificate, a look's results 50 to an item."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def add(self, look: LookRecord) -> None:
        """Keep the look. Evidence is never replaced: the same number and run again is ignored."""
        chunks = list(batched(look.results, RESULTS_AN_ITEM, strict=False)) or [()]
        head = encode_fields(look) | {ENTITY: encode("look")}
        for number, results in enumerate(chunks):
            key = keys.look(look.certificate_id, look.number, look.run, number)
            item = keys.primary(key) | head | {"results": encode(results)}
            try:
                self._table.put(item, "attribute_not_exists(pk)")
            except Conflict:
                continue

    def newest(self, certificate_id: int, limit: int) -> Sequence[LookRecord]:
        """The newest `limit` looks, newest first."""
        items = self._table.partition(keys.looks_partition(certificate_id), newest_first=True)
        looks = groupby(items, key=lambda item: item["sk"]["S"].rpartition("#")[0])
        return [_look(list(chunks)) for _, chunks in islice(looks, limit)]


def _look(newest_first: list[Item]) -> LookRecord:
    results = [each for item in reversed(newest_first) for each in plain(item["results"])]
    return decode_fields(LookRecord, newest_first[0] | {"results": encode(results)})


class DynamoIssuers:
    """Port Issuers: all of them in one partition."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def get(self, issuer_id: str) -> Issuer | None:
        """The issuer of that id, or None."""
        return _one(Issuer, self._table.get(keys.issuer(issuer_id)))

    def all(self) -> Sequence[Issuer]:
        """Every issuer, by id."""
        return [decode_fields(Issuer, item) for item in self._table.partition(keys.ISSUERS)]


class DynamoRevocations:
    """Port RevocationLedger: a partition a CRL shard."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def lines(self, issuer_id: str, shard: int) -> Sequence[CrlLine]:
        """Every line of the shard, by serial number; of each only what a list needs.

        A spoilt row comes without entry. Rows are read whole and sent in part, a megabyte a call.
        """
        items = self._table.partition(
            keys.crl_partition(issuer_id, shard),
            prefix=keys.REVOKED_PREFIX,
            ProjectionExpression="sk, #entry, not_after",
            ExpressionAttributeNames={"#entry": "entry"},
        )
        return [_crl_line(item) for item in items]

    def line(self, issuer_id: str, shard: int, serial: int) -> RevokedSerial | None:
        """One line with all its fields; None where there is none, or none that can be read."""
        item = self._table.get(keys.revoked(issuer_id, shard, serial))
        try:
            return _one(RevokedSerial, item)
        except _SPOILT:
            return None

    def state(self, issuer_id: str, shard: int) -> CrlState | None:
        """The shard's numbers, or None before its first CRL."""
        return _one(CrlState, self._table.get(keys.crl_state(issuer_id, shard)))


#: What decoding an item raises that was not written by us, or was spoilt.
_SPOILT = (KeyError, TypeError, ValueError)


def _crl_line(item: Item) -> CrlLine:
    serial = int(item["sk"]["S"].rpartition("#")[2], 16)
    try:
        entry, end = bytes(item["entry"]["B"]), datetime.fromisoformat(item["not_after"]["S"])
    except _SPOILT:
        return CrlLine(serial=serial, entry=b"", not_after=None)
    return CrlLine(serial=serial, entry=entry, not_after=end)


class DynamoWorkList:
    """Ports WorkList and UndecidedRevocations: the time index. It may lag by a moment."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def due(self, before: datetime, limit: int) -> Sequence[Work]:
        """At most `limit` things due earlier than `before`, the longest overdue first."""
        queues = [self._table.due(pk, stamp(before), limit) for pk in keys.work_partitions()]
        earliest = merge(*queues, key=lambda item: item["gsi3sk"]["S"])
        return [_work(item) for item in islice(earliest, limit)]

    def undecided(self, limit: int) -> Sequence[Work]:
        """Revocations nobody decided although all reminders were given, the longest waiting first.

        One Query.
        """
        items = self._table.listed(3, clock_keys.UNDECIDED, ("0", "9"), limit=limit)
        return [_work(item) for item in items]


def _work(item: Item) -> Work:
    """Only keys are read, so the index needs to hold nothing else."""
    number, is_request = keys.number_of(item["sk"]["S"]), item["sk"]["S"].startswith("REQUEST#")
    return Work(
        order_id=keys.number_of(item["pk"]["S"]),
        certificate_id=None if is_request else number,
        request_id=number if is_request else None,
        due_at=keys.moment_of(item["gsi3sk"]["S"]),
    )


def _one[T](kind: type[T], item: Item | None) -> T | None:
    return None if item is None else decode_fields(kind, item)
