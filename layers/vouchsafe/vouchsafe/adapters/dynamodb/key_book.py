"""Blocked keys, the uses of keys and bulk revocations over DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain

from ...domain.blocked_keys import BlockedKey, KeyUse
from ...domain.bulk_revocation import BulkRevocation
from .attributes import Item, decode_fields, encode_fields, stamp
from .keys import SHARDS, Key, index
from .table import Table
from .writes import Write, follower, nothing_at, write

_SWEEPS = "SWEEPS"  # index 3
_BULKS = "BULKS"  # index 3
_LAST_USE = "USE#9999999999~"
_JUST_AFTER = "~"


def key_partition(spki_sha256: str) -> str:
    """Where a subscriber key's block and its uses stand."""
    return f"SPKI#{spki_sha256}"


def blocked(spki_sha256: str) -> Key:
    """The block of a key."""
    return key_partition(spki_sha256), "BLOCKED"


def _use(spki_sha256: str, certificate_id: int) -> Key:
    return key_partition(spki_sha256), f"USE#{certificate_id:010}"


def _issued(issuer_id: str, shard: int) -> str:
    """Index 1: what an issuer made, by time."""
    return f"ISSUED#{issuer_id}#{shard}"


def _issued_to(account_id: int) -> str:
    """Index 2: what an account was given, by time."""
    return f"ISSUEDTO#{account_id}"


def _bulk(token: str) -> Key:
    return f"BULK#{token}", "BULK"


class DynamoKeyBook:
    """Port KeyBook."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def uses_of_key(self, spki_sha256: str, after: int, limit: int) -> Sequence[KeyUse]:
        """At most `limit` uses with certificate ids above `after`, by id. Strongly consistent."""
        first = f"USE#{after + 1:010}"
        items = self._table.between(key_partition(spki_sha256), first, _LAST_USE, limit)
        return [decode_fields(KeyUse, item) for item in items]

    def uses_of_issuer(
        self, issuer_id: str, first: datetime, last: datetime, limit: int
    ) -> Sequence[KeyUse]:
        """At most `limit` certificates claimed under an issuer from `first` to `last`; may lag."""
        span = (stamp(first), stamp(last) + _JUST_AFTER)
        found: Iterator[Item] = chain.from_iterable(
            self._table.listed(1, _issued(issuer_id, shard), span, limit=limit)
            for shard in range(SHARDS)
        )
        uses = [decode_fields(KeyUse, item) for item in found]
        return sorted(uses, key=lambda use: (use.claimed_at, use.certificate_id))[:limit]

    def uses_of_account(
        self, account_id: int, first: datetime, last: datetime, limit: int
    ) -> Sequence[KeyUse]:
        """At most `limit` certificates claimed for an account from `first` to `last`; may lag."""
        span = (stamp(first), stamp(last) + _JUST_AFTER)
        found = self._table.listed(2, _issued_to(account_id), span, limit=limit)
        return [decode_fields(KeyUse, item) for item in found]

    def open_sweeps(self, before: datetime, limit: int) -> Sequence[BlockedKey]:
        """Blocked keys whose sweep is due before that moment, the longest due first; may lag."""
        found = [decode_fields(BlockedKey, item) for item in self._due(_SWEEPS, before, limit)]
        still = [block for block in found if block.sweep_due is not None]
        return sorted(still, key=lambda block: (block.sweep_due or before, block.spki_sha256))

    def bulk_revocation(self, token: str) -> BulkRevocation | None:
        """The bulk revocation of that token. Strongly consistent."""
        item = self._table.get(_bulk(token))
        return None if item is None else decode_fields(BulkRevocation, item)

    def open_bulks(self, before: datetime, limit: int) -> Sequence[BulkRevocation]:
        """Bulk revocations under way that are due before that moment; may lag."""
        found = [decode_fields(BulkRevocation, item) for item in self._due(_BULKS, before, limit)]
        still = [bulk for bulk in found if bulk.due_at is not None]
        return sorted(still, key=lambda bulk: (bulk.due_at or before, bulk.bulk_id))

    def _due(self, partition: str, before: datetime, limit: int) -> Iterator[Item]:
        """The items themselves: index 3 holds their keys alone, and may lag behind them."""
        keys = [
            (item["pk"]["S"], item["sk"]["S"])
            for item in self._table.due(partition, stamp(before), limit)
        ]
        return self._table.get_all(keys)


def blocked_key_writes(block: BlockedKey) -> tuple[Write, ...]:
    """The block, in the index of what is due while certificates may be left to revoke."""
    due = block.sweep_due
    swept = index(3, (_SWEEPS, f"{stamp(due)}#{block.spki_sha256}")) if due else {}
    return (write("blocked_key", blocked(block.spki_sha256), block, swept),)


def key_use_writes(use: KeyUse) -> tuple[Write, ...]:
    """The use, listed under its issuer and its account by time; not for a key that is blocked."""
    place = f"{stamp(use.claimed_at)}#{use.certificate_id}"
    listed = index(1, (_issued(use.issuer_id, use.certificate_id % SHARDS), place))
    listed |= index(2, (_issued_to(use.account_id), place))
    key = _use(use.spki_sha256, use.certificate_id)
    row = follower("key_use", key, encode_fields(use) | listed)
    return row, nothing_at(blocked(use.spki_sha256))


def bulk_writes(bulk: BulkRevocation) -> tuple[Write, ...]:
    """The bulk revocation, in the index of what is due while it is running."""
    due = index(3, (_BULKS, f"{stamp(bulk.due_at)}#{bulk.bulk_id}")) if bulk.due_at else {}
    return (write("bulk_revocation", _bulk(bulk.bulk_id), bulk, due),)
