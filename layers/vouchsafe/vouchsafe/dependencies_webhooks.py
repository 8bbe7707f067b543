"""What the function is given that tells webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # names only: a function loads what it uses, not what others are given
    from .outgoing_ports import Outgoing
    from .ports import Accounts, CertificateStore, Clock, Domains, Entropy, Feed, Issuers, Ledger
    from .webhook_ports import WebhookLog, WebhookQueue, Webhooks


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SendingWebhooks:
    """For whoever posts to webhooks, and wakes them."""

    clock: Clock
    entropy: Entropy
    ledger: Ledger
    feed: Feed
    accounts: Accounts
    domains: Domains
    issuers: Issuers
    store: CertificateStore
    webhooks: Webhooks
    log: WebhookLog
    queue: WebhookQueue
    outgoing: Outgoing
