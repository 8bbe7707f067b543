"""Domains over DynamoDB: one item each, rows for lists, counters that say where a page begins."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from heapq import merge
from itertools import islice

from ...domain.domains import Domain, DomainListing, in_turns
from ...domain_ports import DomainPage
from . import clock_keys, domain_keys, keys
from .attributes import Item, decode_fields, stamp
from .table import Table

_PLACES = "places"
_LAST = "~"  # sorts behind everything that follows a stamp
#: So many rows of the index are looked through for each domain taken, so that accounts take turns.
_LOOKED_THROUGH = 10


class DynamoDomains:
    """Ports Domains and DomainAges."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def domain(self, account_id: int, domain_id: int) -> Domain | None:
        """The account's domain of that id, or None."""
        item = self._table.get(domain_keys.domain(account_id, domain_id))
        return None if item is None else decode_fields(Domain, item)

    def domain_named(self, account_id: int, name: str) -> Domain | None:
        """The account's domain of exactly that name, or None."""
        known = self._table.get(domain_keys.name(account_id, name))
        return None if known is None else self.domain(account_id, int(known["domain_id"]["N"]))

    def known_domains(self, account_id: int, names: Collection[str]) -> Mapping[str, int]:
        """The ids of those of the names that are domains of the account."""
        prefix = domain_keys.name(account_id, "")[1]
        items = self._table.get_all([domain_keys.name(account_id, each) for each in names])
        return {item["sk"]["S"].removeprefix(prefix): int(item["domain_id"]["N"]) for item in items}

    def domain_places(self, account_id: int, count: int) -> Sequence[int]:
        """Fresh places, growing, in one call."""
        end = self._table.add(domain_keys.counter(account_id), {_PLACES: count})[_PLACES]
        return range(end - count, end)

    def domains_page(
        self, account_id: int, *, container_id: int | None, offset: int, limit: int
    ) -> DomainPage:
        """The account's domains, or those of one container, as they came."""
        counts = self._counts(account_id, container_id)
        total = sum(counts.values())
        first, skipped = _start(counts, offset)
        if offset >= total:
            return DomainPage(total=total, rows=())
        index, partition = None, domain_keys.rows_partition(account_id)
        if container_id is not None:
            index, partition = 1, domain_keys.container_partition(account_id, container_id)
        span = (domain_keys.row_place(first), domain_keys.row_place(10**10 - 1))
        items = list(self._table.listed(index, partition, span, limit=skipped + limit))
        rows = tuple(decode_fields(DomainListing, item) for item in items[skipped:])
        return DomainPage(total=total, rows=rows)

    def _counts(self, account_id: int, container_id: int | None) -> dict[int, int]:
        """How many domains stand in each bucket of places."""
        item = self._table.get(domain_keys.counter(account_id, container_id)) or {}
        found = ((domain_keys.bucket_number(name), value) for name, value in item.items())
        return {number: int(value["N"]) for number, value in found if number is not None}

    def domains_due(self, before: datetime, limit: int) -> Sequence[Domain]:
        """At most `limit` domains due before that, longest overdue first, accounts in turns."""
        partitions, most = domain_keys.due_partitions(), limit * _LOOKED_THROUGH
        queues = [self._table.due(each, stamp(before), most) for each in partitions]
        earliest = islice(merge(*queues, key=lambda item: item["gsi3sk"]["S"]), most)
        chosen = islice(in_turns(earliest, lambda item: item["pk"]["S"]), limit)
        wanted = [(item["pk"]["S"], item["sk"]["S"]) for item in chosen]
        found = {(item["pk"]["S"], item["sk"]["S"]): item for item in self._table.get_all(wanted)}
        return [decode_fields(Domain, found[key]) for key in wanted if key in found]

    def domains_ageing(self, before: datetime, limit: int) -> Sequence[Domain]:
        """At most `limit` with a notice about their age due, the longest due first. May lag."""
        due = [
            self._table.due(each, stamp(before) + _LAST, limit)
            for each in clock_keys.domain_age_partitions()
        ]
        earliest = islice(merge(*due, key=lambda item: item["gsi3sk"]["S"]), limit)
        wanted = [_owner(item) for item in earliest]
        found = {(item["pk"]["S"], item["sk"]["S"]): item for item in self._table.get_all(wanted)}
        return [decode_fields(Domain, found[key]) for key in wanted if key in found]


def _owner(row: Item) -> keys.Key:
    """The key of the domain whose row in lists this is."""
    account_id = keys.number_of(row["pk"]["S"])
    return domain_keys.domain(account_id, keys.number_of(row["gsi3sk"]["S"]))


def _start(counts: Mapping[int, int], offset: int) -> tuple[int, int]:
    """The first place of the bucket with the row at `offset`, and how many rows come before it."""
    for number in sorted(counts):
        if offset < counts[number]:
            return number * domain_keys.BUCKET, offset
        offset -= counts[number]
    return 0, offset
