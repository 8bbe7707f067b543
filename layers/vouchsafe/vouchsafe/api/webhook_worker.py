"""What is done with a message of the webhooks' queue, and once a minute."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..dependencies_webhooks import SendingWebhooks
from ..domain.changes import NumberedChange
from ..services.webhook_posts import PostPorts
from ..services.webhook_run import SendingPorts
from ..services.webhook_sending import run_webhook
from ..services.webhook_waking import wake_due, wake_for
from .webhook_events import EventWords


def wake(numbered: NumberedChange, given: SendingWebhooks) -> dict[str, Any]:
    """Wake the webhooks that a change concerns; what was done. Raises Unavailable."""
    writer = _writer(given)
    count = wake_for(numbered, webhooks=given.webhooks, writer=writer, queue=given.queue)
    return {"change_id": numbered.change.change_id, "woken": count}


def tell(account_id: int, webhook_id: int, given: SendingWebhooks) -> dict[str, Any]:
    """Post what one webhook is owed; what was done. Raises Unavailable."""
    ran = run_webhook(account_id, webhook_id, ports=_sending(given, _writer(given)))
    if ran.more:
        given.queue.wake(account_id, webhook_id, f"more-{ran.version}")
    return {"webhook_id": webhook_id} | asdict(ran)


def sweep(given: SendingWebhooks) -> int:
    """Wake whatever is due; how many."""
    return wake_due(webhooks=given.webhooks, queue=given.queue, clock=given.clock)


def _writer(given: SendingWebhooks) -> EventWords:
    return EventWords(
        ledger=given.ledger,
        accounts=given.accounts,
        domains=given.domains,
        issuers=given.issuers,
        store=given.store,
    )


def _sending(given: SendingWebhooks, writer: EventWords) -> SendingPorts:
    posts = PostPorts(
        outgoing=given.outgoing,
        log=given.log,
        writer=writer,
        clock=given.clock,
        entropy=given.entropy,
    )
    return SendingPorts(
        webhooks=given.webhooks,
        ledger=given.ledger,
        feed=given.feed,
        writer=writer,
        posts=posts,
        clock=given.clock,
        entropy=given.entropy,
    )
