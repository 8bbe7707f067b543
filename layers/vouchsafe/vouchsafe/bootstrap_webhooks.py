"""The composition root of what tells webhooks."""

from __future__ import annotations

from functools import cache

from . import parts
from .adapters.clock import OsEntropy, SystemClock
from .clients import client
from .dependencies_webhooks import SendingWebhooks


@cache
def send_webhooks() -> SendingWebhooks:
    from .adapters.webhook_queue import SqsWebhookQueue

    webhooks = parts.table("DynamoWebhooks")
    url = parts.settings().require("webhook_queue_url")
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
        queue=SqsWebhookQueue(client("sqs"), url),
        outgoing=parts.outgoing(),
    )
