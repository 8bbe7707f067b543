"""The keys of domains: the domain itself, its name, its row in lists, what is due, how many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from .attributes import Item, stamp
from .keys import SHARDS, Key, index

#: So many places share a counter: a page reads and drops fewer rows than this.
BUCKET = 500

_DIGITS = 10
_COUNT = "COUNT"  # sorts behind every place


def domain(account_id: int, domain_id: int) -> Key:
    """The domain itself."""
    return f"ACCOUNT#{account_id}", f"DOMAIN#{domain_id}"


def name(account_id: int, text: str) -> Key:
    """From a name (lower-case A-labels) to the account's domain of it."""
    return f"ACCOUNT#{account_id}", f"DOMAINNAME#{text}"


def rows_partition(account_id: int) -> str:
    """Where the rows of an account's list of domains stand."""
    return f"DOMAINS#{account_id}"


def row_place(place: int) -> str:
    """Digits sort before COUNT, so a range of places never meets a counter."""
    return f"{place:0{_DIGITS}}"


def row(account_id: int, place: int) -> Key:
    """A domain's row in the list of its account."""
    return rows_partition(account_id), row_place(place)


def container_partition(account_id: int, container_id: int) -> str:
    """Index 1: where the rows of one container's domains stand."""
    return f"ACCOUNT#{account_id}#DOMAINS#{container_id}"


def in_container(account_id: int, container_id: int, place: int) -> Item:
    """Index 1: a row among those of its container."""
    return index(1, (container_partition(account_id, container_id), row_place(place)))


def counter(account_id: int, container_id: int | None = None) -> Key:
    """How many domains an account has, or one container of it, one attribute a bucket of places."""
    suffix = "" if container_id is None else f"#{container_id}"
    return rows_partition(account_id), _COUNT + suffix


def bucket_name(place: int) -> str:
    """The counter's attribute for a place: `b0`, `b1` …"""
    return f"b{place // BUCKET}"


def bucket_number(attribute: str) -> int | None:
    """The number of a bucket's attribute; None for any other attribute."""
    digits = attribute.removeprefix("b")
    return int(digits) if digits != attribute and digits.isdigit() else None


def due_partitions() -> Iterator[str]:
    """Index 3: every domain that is to be looked at."""
    return (f"DOMAINWORK#{shard}" for shard in range(SHARDS))


def due(domain_id: int, at: datetime) -> Item:
    """Index 3, while something is to be looked for."""
    return index(3, (f"DOMAINWORK#{domain_id % SHARDS}", f"{stamp(at)}#{domain_id}"))
