"""The keys of duties by time: what ends on a day, what was told, who waits, what grows old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from .attributes import Item, stamp
from .keys import SHARDS, Key, index

#: How far the walk of reminders before certificates' ends got.
LADDER: Key = ("LADDER", "CURSOR")
#: The canary's run at hand.
CANARY: Key = ("CANARY", "RUN")
#: Index 3: revocations that nobody decides. There are few, or an alarm says so.
UNDECIDED = "UNDECIDED"


def expiry_partition(day: datetime, shard: int) -> str:
    """Index 3: an eighth of the certificates that end on that UTC day; see keys.on_day."""
    return f"EXPIRY#{stamp(day)[:10]}#{shard}"


def reminded(order_id: int, certificate_id: int) -> Key:
    """What was told of a certificate's end, out of the way of what is read of its order."""
    return f"LADDER#{order_id}", f"CERT#{certificate_id}"


def undecided(since: datetime, request_id: int) -> Item:
    """Index 3, while a revocation waits for its decision with all reminders given."""
    return index(3, (UNDECIDED, f"{stamp(since)}#{request_id}"))


def domain_age_partitions() -> Iterator[str]:
    """Index 3: every domain whose proof has a notice about its age ahead."""
    return (f"DOMAINAGES#{shard}" for shard in range(SHARDS))


def domain_age(domain_id: int, due_at: datetime) -> Item:
    """Index 3, on the domain's row in lists: the domain itself may be in it for its next look."""
    return index(3, (f"DOMAINAGES#{domain_id % SHARDS}", f"{stamp(due_at)}#{domain_id}"))
