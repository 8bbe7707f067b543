"""Leases over DynamoDB."""

from __future__ import annotations

from datetime import datetime, timedelta

from ...domain.errors import Conflict
from . import keys
from .attributes import encode
from .table import Table
from .writes import ENTITY

#: Longer than any queue keeps a message (14 days), so that nothing done comes back undone.
_KEPT = timedelta(days=30)


class DynamoClaims:
    """Port Claims: one item a name."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def take(self, name: str, now: datetime, until: datetime) -> bool:
        """True when the caller holds the lease until `until`; False when it is done or held now."""
        item = keys.primary(keys.claim(name)) | {
            ENTITY: encode("claim"),
            "held_until": encode(until),
            "ttl": encode(int((until + _KEPT).timestamp())),
        }
        condition = (
            "attribute_not_exists(pk) OR (attribute_not_exists(outcome) AND held_until <= :now)"
        )
        try:
            self._table.put(item, condition, {":now": encode(now)})
        except Conflict:
            return False
        return True

    def finish(self, name: str, outcome: str) -> None:
        """It is done, with `outcome`. Raises Conflict for a name that was never taken."""
        self._table.set(keys.claim(name), "outcome", encode(outcome))

    def outcome(self, name: str) -> str | None:
        """What `finish` was told; None while it is not done."""
        item = self._table.get(keys.claim(name))
        return str(item["outcome"]["S"]) if item and "outcome" in item else None

    def release(self, name: str) -> None:
        """Give up the lease, so that the next one may try at once; nothing when it is done."""
        try:
            self._table.delete(keys.claim(name), "attribute_not_exists(outcome)")
        except Conflict:
            return
