"""Webhooks as accounts have them: found, made, and what they are signed with."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..domain.accounts import Principal
from ..domain.changes import ChangeKind
from ..domain.errors import ErrorCode, VouchsafeError, not_found
from ..domain.traces import traced
from ..domain.webhooks import (
    MOST_WEBHOOKS,
    SecretName,
    Webhook,
    WebhookSecret,
    WebhookSettings,
    WebhookStatus,
)
from ..ports import Clock, Entropy, Feed, Ledger, Record
from ..webhook_ports import Webhooks
from .account_changes import account_change
from .attempts import attempted
from .idempotency import OnceOnly

_SECRET_BYTES = 32
_PREFIX = "vwh_"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPorts:
    """Where webhooks are kept, and what changing them needs."""

    webhooks: Webhooks
    ledger: Ledger
    feed: Feed
    clock: Clock
    entropy: Entropy


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookWish:
    """What a webhook is to be; None leaves what there is. `sent_key` "" takes the key away."""

    endpoint: str | None = None
    events: tuple[str, ...] | None = None
    settings: WebhookSettings | None = None
    container_id: int | None = None
    sent_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeWebhook:
    """A new webhook with the secret that is shown this once."""

    webhook: Webhook
    signing_secret: str


def webhooks_in(account_id: int, *, webhooks: Webhooks) -> Sequence[Webhook]:
    """The webhooks of an account that were not removed, by id."""
    found = webhooks.webhooks_of(account_id)
    return [hook for hook in found if hook.status is not WebhookStatus.REMOVED]


def webhook_of(account_id: int, webhook_id: int, *, webhooks: Webhooks) -> Webhook:
    """The account's webhook. Raises not_found, as for another account's and a removed one."""
    hook = webhooks.webhook(account_id, webhook_id)
    if hook is None or hook.status is WebhookStatus.REMOVED:
        raise not_found("webhook")
    return hook


def make_webhook(
    wish: WebhookWish,
    principal: Principal,
    *,
    once: OnceOnly[MadeWebhook] | None,
    ports: WebhookPorts,
) -> MadeWebhook:
    """A webhook that is told nothing until it is verified and activated. `wish` names all but
    the key. Raises CONFLICT (subject webhook) for too many.
    """
    assert wish.endpoint is not None
    assert wish.events is not None
    assert wish.container_id is not None
    if len(webhooks_in(principal.account_id, webhooks=ports.webhooks)) >= MOST_WEBHOOKS:
        raise refused(f"An account has {MOST_WEBHOOKS} webhooks at most.")
    key = wish.sent_key or ""
    hook = Webhook(
        webhook_id=ports.ledger.allocate(keys=1).keys[0],
        account_id=principal.account_id,
        container_id=wish.container_id,
        endpoint=wish.endpoint,
        events=wish.events,
        settings=wish.settings or WebhookSettings(),
        key_version=1 if key else 0,
        has_key=bool(key),
        created_at=ports.clock.now(),
    )
    made = MadeWebhook(webhook=hook, signing_secret=new_secret(ports.entropy))
    secrets = [secret_of(hook, SecretName.SIGNING, made.signing_secret)]
    secrets += [secret_of(hook, SecretName.KEY, key)] if key else []

    def attempt(now: datetime) -> tuple[MadeWebhook, Sequence[Record]]:
        told = account_change(ChangeKind.WEBHOOK_CREATED, principal, {}, now, ports.entropy)
        return made, (hook, *secrets, traced(told, None, hook))

    what = f"the webhooks of account {principal.account_id}"
    return attempted(attempt, once=once, what=what, ledger=ports.ledger, clock=ports.clock)


def new_secret(entropy: Entropy) -> str:
    """A secret to sign with: 256 random bits behind a word to find it by in leaks."""
    text = base64.urlsafe_b64encode(entropy.bytes(_SECRET_BYTES)).decode()
    return _PREFIX + text.rstrip("=")


def secret_of(hook: Webhook, name: SecretName, value: str) -> WebhookSecret:
    """The secret as it follows upon what the webhook says of it."""
    version = hook.signing_version if name is SecretName.SIGNING else hook.key_version
    return WebhookSecret(
        webhook_id=hook.webhook_id,
        account_id=hook.account_id,
        name=name,
        value=value,
        version=version,
    )


def refused(detail: str) -> VouchsafeError:
    """What the state of a webhook does not allow."""
    return VouchsafeError(ErrorCode.CONFLICT, detail, subject="webhook")
