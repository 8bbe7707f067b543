"""Webhooks, their state, their secrets and their log over DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice

from ...domain.webhook_state import WebhookState
from ...domain.webhooks import Delivery, SecretName, Webhook, WebhookSecret
from .attributes import decode_fields, encode, encode_fields, stamp
from .keys import SHARDS, Key, index, number_of, primary
from .table import Table
from .writes import ENTITY, Write, write

_WEBHOOK = "WEBHOOK#"
_KEPT = timedelta(days=30)  # a post in the log
_FIRST_ID = "0"  # delivery ids are digits and capitals


def partition(account_id: int) -> str:
    """Where an account's webhooks and their states stand."""
    return f"WEBHOOKS#{account_id}"


def webhook(account_id: int, webhook_id: int) -> Key:
    """A webhook as people set it."""
    return partition(account_id), f"{_WEBHOOK}{webhook_id}"


def state(account_id: int, webhook_id: int) -> Key:
    """How far it got."""
    return partition(account_id), f"STATE#{webhook_id}"


def secret(webhook_id: int, name: SecretName) -> Key:
    """One of its secrets: in a partition apart, so that roles can be kept out."""
    return f"WEBHOOKSECRET#{webhook_id}", name.value.upper()


def log_partition(webhook_id: int) -> str:
    """Where its posts stand, by their ids."""
    return f"WEBHOOKLOG#{webhook_id}"


def _waking(shard: int) -> str:
    """Index 3: webhooks that are to be looked at."""
    return f"WEBHOOKWORK#{shard}"


class DynamoWebhooks:
    """Ports Webhooks and WebhookLog."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def webhooks_of(self, account_id: int) -> Sequence[Webhook]:
        """All webhooks of the account, removed ones too, by id."""
        items = self._table.partition(partition(account_id), prefix=_WEBHOOK)
        found = [decode_fields(Webhook, item) for item in items]
        return sorted(found, key=lambda hook: hook.webhook_id)

    def webhook(self, account_id: int, webhook_id: int) -> Webhook | None:
        """The account's webhook of that id."""
        item = self._table.get(webhook(account_id, webhook_id))
        return None if item is None else decode_fields(Webhook, item)

    def webhook_state(self, account_id: int, webhook_id: int) -> WebhookState | None:
        """How far it got; None before anybody looked at it."""
        item = self._table.get(state(account_id, webhook_id))
        return None if item is None else decode_fields(WebhookState, item)

    def webhook_secret(self, webhook_id: int, name: SecretName) -> str:
        """One of its secrets as it is now, "" without one."""
        item = self._table.get(secret(webhook_id, name))
        return "" if item is None else decode_fields(WebhookSecret, item).value

    def webhooks_due(self, before: datetime, limit: int) -> Sequence[tuple[int, int]]:
        """Account and id of those due before that, the longest due first; may lag by seconds."""
        queues = [self._table.due(_waking(shard), stamp(before), limit) for shard in range(SHARDS)]
        earliest = merge(*queues, key=lambda item: item["gsi3sk"]["S"])
        return [
            (number_of(item["pk"]["S"]), number_of(item["sk"]["S"]))
            for item in islice(earliest, limit)
        ]

    def webhook_deliveries(self, webhook_id: int, before: str, limit: int) -> Sequence[Delivery]:
        """At most `limit` posts, newest first, with ids below `before` if that is given."""
        last = f"{before[:-1]}{chr(ord(before[-1]) - 1)}~" if before else "~"
        items = self._table.listed(
            None, log_partition(webhook_id), (_FIRST_ID, last), limit=limit, newest_first=True
        )
        return [decode_fields(Delivery, item) for item in items]

    def webhook_delivery(self, webhook_id: int, delivery_id: str) -> Delivery | None:
        """One post of the log."""
        item = self._table.get((log_partition(webhook_id), delivery_id))
        return None if item is None else decode_fields(Delivery, item)

    def note_delivery(self, delivery: Delivery) -> None:
        """Keep what came of a post, for thirty days. Raises Conflict for an id that is there."""
        key = log_partition(delivery.webhook_id), delivery.delivery_id
        item = primary(key) | {ENTITY: encode("webhook_delivery")} | encode_fields(delivery)
        item |= {"ttl": encode(int((delivery.at + _KEPT).timestamp()))}
        self._table.put(item, "attribute_not_exists(pk)")


def webhook_writes(hook: Webhook) -> tuple[Write, ...]:
    """The webhook among its account's."""
    return (write("webhook", webhook(hook.account_id, hook.webhook_id), hook),)


def secret_writes(kept: WebhookSecret) -> tuple[Write, ...]:
    """The secret by itself."""
    return (write("webhook_secret", secret(kept.webhook_id, kept.name), kept),)


def state_writes(reached: WebhookState) -> tuple[Write, ...]:
    """The state, in the index of what is due while there is something to come back for."""
    due, number = reached.wakes_at, reached.webhook_id
    waking = index(3, (_waking(number % SHARDS), f"{stamp(due)}#{number}")) if due else {}
    return (write("webhook_state", state(reached.account_id, number), reached, waking),)
