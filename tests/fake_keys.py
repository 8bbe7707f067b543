"""Ports KeyBook and the blocks of the Ledger, over the book's one dictionary."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tests.tripwire import Tripwire
from vouchsafe.domain.blocked_keys import BlockedKey, KeyUse
from vouchsafe.domain.bulk_revocation import BulkRevocation


class FakeKeys:
    """The part of the book that knows keys."""

    _tripwire: Tripwire
    _lock: threading.RLock
    records: dict[Any, Any]

    def blocked_key(self, spki_sha256: str) -> BlockedKey | None:
        with self._tripwire.crossing("ledger.blocked_key"), self._lock:
            return self.records.get((BlockedKey, spki_sha256))

    def _of(self, kind: type) -> list[Any]:
        return [record for key, record in self.records.items() if key[0] is kind]

    def uses_of_key(self, spki_sha256: str, after: int, limit: int) -> Sequence[KeyUse]:
        with self._tripwire.crossing("keys.uses_of_key"), self._lock:
            uses = [u for u in self._of(KeyUse) if u.spki_sha256 == spki_sha256]
            later = [use for use in uses if use.certificate_id > after]
            return sorted(later, key=lambda use: use.certificate_id)[:limit]

    def uses_of_issuer(
        self, issuer_id: str, first: datetime, last: datetime, limit: int
    ) -> Sequence[KeyUse]:
        with self._tripwire.crossing("keys.uses_of_issuer"), self._lock:
            uses = [u for u in self._of(KeyUse) if u.issuer_id == issuer_id]
            meant = [use for use in uses if first <= use.claimed_at <= last]
            return sorted(meant, key=lambda use: (use.claimed_at, use.certificate_id))[:limit]

    def uses_of_account(
        self, account_id: int, first: datetime, last: datetime, limit: int
    ) -> Sequence[KeyUse]:
        with self._tripwire.crossing("keys.uses_of_account"), self._lock:
            uses = [u for u in self._of(KeyUse) if u.account_id == account_id]
            meant = [use for use in uses if first <= use.claimed_at <= last]
            return sorted(meant, key=lambda use: (use.claimed_at, use.certificate_id))[:limit]

    def open_sweeps(self, before: datetime, limit: int) -> Sequence[BlockedKey]:
        with self._tripwire.crossing("keys.open_sweeps"), self._lock:
            due = [b for b in self._of(BlockedKey) if b.sweep_due and b.sweep_due < before]
            return sorted(due, key=lambda block: (block.sweep_due, block.spki_sha256))[:limit]

    def bulk_revocation(self, token: str) -> BulkRevocation | None:
        with self._tripwire.crossing("keys.bulk_revocation"), self._lock:
            return self.records.get((BulkRevocation, token))

    def open_bulks(self, before: datetime, limit: int) -> Sequence[BulkRevocation]:
        with self._tripwire.crossing("keys.open_bulks"), self._lock:
            due = [b for b in self._of(BulkRevocation) if b.due_at and b.due_at < before]
            return sorted(due, key=lambda bulk: (bulk.due_at, bulk.bulk_id))[:limit]
