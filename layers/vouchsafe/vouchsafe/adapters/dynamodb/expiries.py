"""Certificates by the day on which they end, over DynamoDB."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from ...domain.expiry import Ending, LadderCursor, Reminded
from . import clock_keys, keys
from .attributes import decode_fields
from .table import Table
from .writes import Write, write

_JUST_AFTER = "!"  # sorts before any digit and after nothing else of a key
_FIRST, _LAST = "0", "9"  # every stamp lies between them


class DynamoExpiries:
    """Port Expiries: index 3 holds a bucket for each day; only keys are read of it."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def ending_on(
        self, day: datetime, place: str, limit: int
    ) -> tuple[Sequence[Ending], str | None]:
        """A page of one of the day's partitions; a place is that partition's number and a key."""
        number, _, after = place.partition("/")
        shard = int(number or 0)
        span = (after + _JUST_AFTER if after else _FIRST, _LAST)
        partition = clock_keys.expiry_partition(day, shard)
        items = list(self._table.listed(3, partition, span, limit=limit))
        rows = [
            Ending(
                order_id=keys.number_of(item["pk"]["S"]),
                certificate_id=keys.number_of(item["sk"]["S"]),
                not_after=keys.moment_of(item["gsi3sk"]["S"]),
            )
            for item in items
        ]
        if len(items) == limit:
            return rows, f"{shard}/{items[-1]['gsi3sk']['S']}"
        return rows, f"{shard + 1}/" if shard + 1 < keys.SHARDS else None

    def reminded(self, endings: Collection[Ending]) -> Mapping[int, Reminded]:
        """One BatchGetItem for each hundred."""
        wanted = [clock_keys.reminded(each.order_id, each.certificate_id) for each in endings]
        found = [decode_fields(Reminded, item) for item in self._table.get_all(wanted)]
        return {each.certificate_id: each for each in found}

    def ladder(self) -> LadderCursor | None:
        """One item. Strongly consistent."""
        item = self._table.get(clock_keys.LADDER)
        return None if item is None else decode_fields(LadderCursor, item)


def reminded_writes(reminded: Reminded) -> tuple[Write, ...]:
    """What was told of a certificate's end."""
    key = clock_keys.reminded(reminded.order_id, reminded.certificate_id)
    return (write("reminded", key, reminded),)


def ladder_writes(cursor: LadderCursor) -> tuple[Write, ...]:
    """How far the walk got."""
    return (write("ladder", clock_keys.LADDER, cursor),)
