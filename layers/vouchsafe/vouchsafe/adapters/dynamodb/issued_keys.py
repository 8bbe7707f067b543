"""Keys of what is walked by time or by order after a certificate was issued."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from . import keys
from .attributes import Item, stamp

_HOUR = len("2026-11-21T12")
#: How far the re-audit got.
AUDIT_CURSOR: keys.Key = ("AUDIT", "CURSOR")
#: From the first to the last number that a feed may have.
EVERY_NUMBER = (keys.feed_number(0), keys.feed_number(10**12 - 1))


def issued_partition(hour: datetime) -> str:
    """Where the certificates issued in a UTC hour stand."""
    return f"ISSUED#{stamp(hour)[:_HOUR]}"


def place(at: datetime, certificate_id: int) -> str:
    """Where a certificate stands in its hour. Ids have as many digits as they have."""
    return f"{stamp(at)}#{certificate_id}"


def issued(at: datetime, certificate_id: int) -> keys.Key:
    """One issued certificate, by its moment."""
    return issued_partition(at), place(at, certificate_id)


def unpacked_partitions() -> Iterator[str]:
    """Index 3: every issued certificate without an evidence packet."""
    return (f"UNPACKED#{shard}" for shard in range(keys.SHARDS))


def unpacked(at: datetime, certificate_id: int) -> Item:
    """Index 3, until the packet stands in the store."""
    shard = certificate_id % keys.SHARDS
    return keys.index(3, (f"UNPACKED#{shard}", f"{stamp(at)}#{certificate_id}"))


def order_log_partition(order_id: int) -> str:
    """Index 1: where an order's numbered changes stand."""
    return f"ORDER#{order_id}#CHANGES"


def of_order(order_id: int, number: int) -> Item:
    """Index 1, for a numbered change that is about an order."""
    return keys.index(1, (order_log_partition(order_id), keys.feed_number(number)))
