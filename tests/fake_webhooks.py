"""Ports Webhooks and WebhookLog over the book's one dictionary."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tests.tripwire import Tripwire
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.webhook_state import WebhookState
from vouchsafe.domain.webhooks import Delivery, SecretName, Webhook, WebhookSecret


class FakeWebhooks:
    """The part of the book that knows webhooks."""

    _tripwire: Tripwire
    _lock: threading.RLock
    records: dict[Any, Any]
    deliveries: list[Delivery]

    def webhooks_of(self, account_id: int) -> Sequence[Webhook]:
        with self._tripwire.crossing("webhooks.webhooks_of"), self._lock:
            found = [r for key, r in self.records.items() if key[:2] == (Webhook, account_id)]
            return sorted(found, key=lambda hook: hook.webhook_id)

    def webhook(self, account_id: int, webhook_id: int) -> Webhook | None:
        with self._tripwire.crossing("webhooks.webhook"), self._lock:
            return self.records.get((Webhook, account_id, webhook_id))

    def webhook_state(self, account_id: int, webhook_id: int) -> WebhookState | None:
        with self._tripwire.crossing("webhooks.webhook_state"), self._lock:
            return self.records.get((WebhookState, account_id, webhook_id))

    def webhook_secret(self, webhook_id: int, name: SecretName) -> str:
        with self._tripwire.crossing("webhooks.webhook_secret"), self._lock:
            found = self.records.get((WebhookSecret, webhook_id, name))
            return "" if found is None else str(found.value)

    def webhooks_due(self, before: datetime, limit: int) -> Sequence[tuple[int, int]]:
        with self._tripwire.crossing("webhooks.webhooks_due"), self._lock:
            states = [r for key, r in self.records.items() if key[0] is WebhookState]
            due = [s for s in states if s.wakes_at is not None and s.wakes_at < before]
            earliest = sorted(due, key=lambda state: (state.wakes_at, str(state.webhook_id)))
            return [(state.account_id, state.webhook_id) for state in earliest[:limit]]

    def webhook_deliveries(self, webhook_id: int, before: str, limit: int) -> Sequence[Delivery]:
        with self._tripwire.crossing("webhooks.webhook_deliveries"), self._lock:
            mine = [d for d in self.deliveries if d.webhook_id == webhook_id]
            older = [d for d in mine if not before or d.delivery_id < before]
            return sorted(older, key=lambda d: d.delivery_id, reverse=True)[:limit]

    def webhook_delivery(self, webhook_id: int, delivery_id: str) -> Delivery | None:
        with self._tripwire.crossing("webhooks.webhook_delivery"), self._lock:
            mine = [d for d in self.deliveries if d.webhook_id == webhook_id]
            return next((d for d in mine if d.delivery_id == delivery_id), None)

    def note_delivery(self, delivery: Delivery) -> None:
        with self._tripwire.crossing("webhooks.note_delivery"), self._lock:
            if self.webhook_delivery(delivery.webhook_id, delivery.delivery_id) is not None:
                raise Conflict(f"delivery {delivery.delivery_id} is there")
            self.deliveries.append(delivery)
