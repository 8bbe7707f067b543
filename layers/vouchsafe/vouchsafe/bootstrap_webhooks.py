"""The composition root of what tells webhooks."""

from __future__ import annotations

from functools import cache

from . import parts
from .adapters.clock import OsEntropy, SystemClock
from .dependencies_webhooks import SendingWebhooks


@cache
def send_webhooks() -> SendingWebhooks:
    from .adapters.webhook_queue import LinedWebhooks

    webhooks = parts.table("DynamoWebhooks")
    return SendingWebhooks(
        clock=SystemClock(),
        entropy=OsEntropy(),
        ledger=parts.table("DynamoLedger"),
        feed=parts.table("DynamoFeed"),
        accounts=parts.table("DynamoAccounts"),
        domains=parts.table("DynamoDomains"),
        issuers=parts.table("DynamoIssuers"),
        store=parts.store(),
        webhooks=webhooks,
        log=webhooks,
        queue=LinedWebhooks(parts.line("webhook")),
        outgoing=parts.outgoing(),
    )
