"""Issued certificates by time, over DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from heapq import merge
from itertools import islice

from ...domain.packets import IssuedListing
from . import issued_keys
from .attributes import decode_fields, encode, stamp
from .table import Table


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
