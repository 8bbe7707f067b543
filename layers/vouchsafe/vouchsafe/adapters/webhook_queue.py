"""Webhooks waiting their turn in a FIFO queue: a group each, so that none waits for another."""

from __future__ import annotations

import json
from typing import Any

from .sdk import patiently


class SqsWebhookQueue:
    """Port WebhookQueue."""

    def __init__(self, client: Any, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def wake(self, account_id: int, webhook_id: int, reason: str) -> None:
        """Queue the webhook; the same reason again within five minutes is dropped by the queue."""
        arguments = {
            "QueueUrl": self._queue_url,
            "MessageBody": json.dumps({"account_id": account_id, "wakes": webhook_id}),
            "MessageGroupId": f"webhook-{webhook_id}",
            "MessageDeduplicationId": f"{webhook_id}-{reason}",
        }
        patiently(lambda: self._client.send_message(**arguments))


def woken(text: str) -> tuple[int, int] | None:
    """Account and id of the webhook that a message wakes; None for a message about a change."""
    body = json.loads(text)
    return (int(body["account_id"]), int(body["wakes"])) if "wakes" in body else None
