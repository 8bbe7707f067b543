"""Issued certificates by time, over DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice

from ...domain.packets import IssuedListing
from ...domain.reaudit import AuditCursor
from . import issued_keys
from .attributes import decode_fields, encode, stamp
from .table import Table

_HOUR = timedelta(hours=1)
#: Hours looked into in one call; a cursor far behind needs several.
_HOURS = 48


class DynamoIssuedList:
    """Port IssuedList: a row for each certificate, written with its issue and kept."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def unpacked(self, before: datetime, limit: int) -> Sequence[IssuedListing]:
        """At most `limit` issued before that moment and not `packed`, oldest first; may lag."""
        queues = [
            self._table.due(partition, stamp(before), limit)
            for partition in issued_keys.unpacked_partitions()
        ]
        earliest = islice(merge(*queues, key=lambda item: item["gsi3sk"]["S"]), limit)
        found = [self._table.get((item["pk"]["S"], item["sk"]["S"])) for item in earliest]
        return [decode_fields(IssuedListing, item) for item in found if item and "gsi3pk" in item]

    def packed(self, listing: IssuedListing) -> None:
        """Take it out of the index of those without. Raises Conflict for one never listed."""
        key = issued_keys.issued(listing.issued_at, listing.certificate_id)
        self._table.set(key, "packed", encode(True), without="gsi3pk, gsi3sk")

    def cursor(self) -> AuditCursor | None:
        """How far the re-audit got; None before its first run."""
        item = self._table.get(issued_keys.AUDIT_CURSOR)
        return decode_fields(AuditCursor, item) if item else None

    def since(
        self, cursor: AuditCursor, until: datetime, limit: int
    ) -> tuple[Sequence[IssuedListing], AuditCursor]:
        """At most `limit` after the cursor's place and before `until`; and the place reached.

        Strongly consistent; looks into so many hours at most, one Query each.
        """
        if until <= cursor.at:
            return [], cursor  # and no Query: DynamoDB refuses a span that ends before it begins
        first = issued_keys.place(cursor.at, cursor.certificate_id)
        hour, end = cursor.at.replace(minute=0, second=0, microsecond=0), until
        for _ in range(_HOURS):
            if hour >= until:
                break
            end = min(hour + _HOUR, until)
            rows = self._between(hour, (first, stamp(end)), limit)
            if rows:
                last = rows[-1]
                return rows, replace(cursor, at=last.issued_at, certificate_id=last.certificate_id)
            hour += _HOUR
        return [], replace(cursor, at=min(hour, end), certificate_id=0)

    def _between(
        self, hour: datetime, span: tuple[str, str], limit: int
    ) -> Sequence[IssuedListing]:
        """Those of an hour from after the first key to before the last."""
        partition = issued_keys.issued_partition(hour)
        items = self._table.listed(None, partition, span, limit=limit + 1)
        rows = [decode_fields(IssuedListing, item) for item in items if item["sk"]["S"] > span[0]]
        return rows[:limit]
