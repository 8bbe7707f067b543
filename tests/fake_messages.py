"""Mails that ask for an approval, in memory; and a finder that knows what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.tripwire import Tripwire
from vouchsafe.domain.authorization import Contact
from vouchsafe.domain.email_approval import ApprovalMessage


class FakeMessages:
    """Port ApprovalMessages over the `records` of the book."""

    _tripwire: Tripwire
    _lock: Any
    records: dict[tuple[Any, ...], Any]

    def message(self, message_id: str) -> ApprovalMessage | None:
        with self._tripwire.crossing("messages.message"), self._lock:
            return self.records.get((ApprovalMessage, message_id))

    def message_of_value(self, sha256: str) -> ApprovalMessage | None:
        with self._tripwire.crossing("messages.message_of_value"), self._lock:
            for key, record in self.records.items():
                if key[0] is ApprovalMessage and sha256 in {one.sha256 for one in record.values}:
                    return record
            return None


class FakeContacts:
    """Port ContactFinder: of the `published` contacts those of the domains asked for."""

    def __init__(self, *published: Contact, tripwire: Tripwire | None = None) -> None:
        self._tripwire = tripwire or Tripwire()
        self.published = list(published)
        self.asked: list[tuple[str, ...]] = []

    def find(self, domains: Sequence[str]) -> Sequence[Contact]:
        with self._tripwire.crossing("contacts.find"):
            self.asked.append(tuple(domains))
            return [one for one in self.published if one.authorization_domain in domains]
