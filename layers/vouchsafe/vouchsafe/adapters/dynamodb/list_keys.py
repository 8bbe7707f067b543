"""The keys behind lists of orders: totals, rows by one value, moves, names."""

from __future__ import annotations

from datetime import datetime

from ...domain.identifiers import registrable_domain
from ...domain.tallies import ALL
from .attributes import Item, stamp
from .keys import Key, account_list, feed_number, index, order_partition

#: An account's counters of one time stand in so many items, so that its orders rarely meet in one.
TOTAL_SHARDS = 4

_STATUS = "status="
_DAY, _HOUR, _MONTH = 10, 13, 7  # characters of a stamp: 2026-11-21, 2026-11-21T12, 2026-11
#: Sorts behind everything that follows a stamp.
LAST = "~"


def totals_partition(account_id: int) -> str:
    """Where an account's counters stand."""
    return f"TOTALS#{account_id}"


def totals_of(account_id: int, created_at: datetime, order_id: int) -> tuple[Key, ...]:
    """The counters an order moves: of its hour, its day and its month of creation."""
    at, shard = stamp(created_at), order_id % TOTAL_SHARDS
    times = (f"H#{at[:_HOUR]}", f"D#{at[:_DAY]}", f"M#{at[:_MONTH]}")
    return tuple((totals_partition(account_id), f"{time}#{shard}") for time in times)


def time_of(totals_key: str) -> str:
    """The time a counter's sort key names: `2026-11` of `M#2026-11#3`."""
    return totals_key.split("#")[1]


def listed_by(account_id: int, tally: str) -> tuple[int | None, str]:
    """The index (None: the table itself) and the partition where a tally's orders stand."""
    if tally == ALL:
        return 1, account_list(account_id, "ORDERS")
    if tally.startswith(_STATUS):
        return 2, account_list(account_id, "ORDERS", tally.removeprefix(_STATUS))
    return None, f"LISTED#{account_id}#{tally}"


def listing_row(account_id: int, tally: str, created_at: datetime, order_id: int) -> Key:
    """An order among those of one value of a field that has no index of its own."""
    return f"LISTED#{account_id}#{tally}", f"{stamp(created_at)}#{order_id}"


def move(order_id: int) -> Key:
    """How and when the order last moved."""
    return order_partition(order_id), "MOVE"


def notes(order_id: int) -> Key:
    """The notes beside the order."""
    return order_partition(order_id), "NOTES"


def moved_at(account_id: int, at: datetime, number: int) -> Item:
    """Index 2, for a numbered change that moved an order: by the time it got its number.

    Not by the change's own time: who asks for what is new since a moment would miss for ever a
    change that was made before that moment and could be read only after it.
    """
    return index(2, (account_list(account_id, "MOVED"), f"{stamp(at)}#{feed_number(number)}"))


def ends_at(account_id: int, at: datetime, order_id: int) -> Item:
    """Index 2: an account's valid orders by the end of their certificate."""
    return index(2, (account_list(account_id, "ENDS"), f"{stamp(at)}#{order_id}"))


def reversed_name(name: str) -> str:
    """`com.example.www` for `www.example.com`: names below a name share its beginning."""
    return ".".join(reversed(name.split(".")))


def name_partition(account_id: int, name: str) -> str:
    """Where the rows of all names under one registrable domain stand."""
    base = registrable_domain(name.removeprefix("*."))
    return f"NAMES#{account_id}#{reversed_name(base)}"


def name_prefix(name: str) -> str:
    """What the sort keys of a name's rows start with."""
    return f"{reversed_name(name)}#"


def name_row(account_id: int, name: str, order_id: int) -> Key:
    """An order under one of its names."""
    return name_partition(account_id, name), f"{name_prefix(name)}{order_id}"
