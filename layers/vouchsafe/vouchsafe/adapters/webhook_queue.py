"""Webhooks waiting their turn in a line: a group each, so that none waits for another."""

from __future__ import annotations

import json

from ..line_ports import Line


class LinedWebhooks:
    """Port WebhookQueue."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def wake(self, account_id: int, webhook_id: int, reason: str) -> None:
        """Queue the webhook; the same reason again within five minutes is dropped by the queue."""
        body = json.dumps({"account_id": account_id, "wakes": webhook_id})
        self._line.send(body, group=f"webhook-{webhook_id}", key=f"{webhook_id}-{reason}")


def woken(text: str) -> tuple[int, int] | None:
    """Account and id of the webhook that a message wakes; None for a message about a change."""
    body = json.loads(text)
    return (int(body["account_id"]), int(body["wakes"])) if "wakes" in body else None
