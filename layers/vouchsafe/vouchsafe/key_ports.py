"""What sweeps and bulk revocations need to know of keys and of what was issued."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: a function loads the types that it works with
    from .domain.blocked_keys import BlockedKey, KeyUse
    from .domain.bulk_revocation import BulkRevocation


class KnownKeys(Protocol):
    """Keys that are publicly known."""

    def collection_of(self, spki: bytes) -> int | None:
        """The number of the collection that a key (DER SPKI) is from, or None. Raises Unavailable
        where there should be a list and is none.
        """


class KeyBook(Protocol):
    """Which certificates hold a key, which issuer made what, and what is left to be revoked."""

    def uses_of_key(self, spki_sha256: str, after: int, limit: int) -> Sequence[KeyUse]:
        """At most `limit` uses with certificate ids above `after`, by id. Strongly consistent."""

    def uses_of_issuer(
        self, issuer_id: str, first: datetime, last: datetime, limit: int
    ) -> Sequence[KeyUse]:
        """At most `limit` certificates claimed under an issuer from `first` to `last`; may lag."""

    def uses_of_account(
        self, account_id: int, first: datetime, last: datetime, limit: int
    ) -> Sequence[KeyUse]:
        """At most `limit` certificates claimed for an account from `first` to `last`; may lag."""

    def open_sweeps(self, before: datetime, limit: int) -> Sequence[BlockedKey]:
        """Blocked keys whose sweep is due before that moment, the longest due first; may lag."""

    def bulk_revocation(self, token: str) -> BulkRevocation | None:
        """The bulk revocation of that token. Strongly consistent."""

    def open_bulks(self, before: datetime, limit: int) -> Sequence[BulkRevocation]:
        """Bulk revocations under way that are due before that moment; may lag."""
