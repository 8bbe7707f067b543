"""Webhooks changed, verified, switched, asked to post something, and removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from ..domain.accounts import Principal
from ..domain.changes import ChangeKind
from ..domain.errors import ErrorCode, VouchsafeError
from ..domain.traces import traced
from ..domain.webhooks import (
    MOST_ERRANDS,
    Errand,
    ErrandKind,
    SecretName,
    Webhook,
    WebhookSecret,
    WebhookStatus,
    is_token,
    open_errands,
    with_errand,
)
from ..ports import Record
from .account_changes import account_change
from .attempts import attempted
from .idempotency import OnceOnly
from .webhooks import WebhookPorts, WebhookWish, new_secret, refused, secret_of, webhook_of

type Once = OnceOnly[None] | None
type Changed = tuple[Webhook, tuple[WebhookSecret, ...]]


def edit_webhook(
    webhook_id: int,
    wish: WebhookWish,
    principal: Principal,
    *,
    once: Once = None,
    ports: WebhookPorts,
) -> None:
    """Change what is given. Another endpoint has to be verified and activated again.

    Raises not_found.
    """

    def edited(hook: Webhook, _: datetime) -> Changed:
        moved = wish.endpoint not in {None, hook.endpoint}
        changed = replace(
            hook,
            endpoint=wish.endpoint or hook.endpoint,
            events=wish.events or hook.events,
            settings=wish.settings or hook.settings,
            container_id=wish.container_id or hook.container_id,
            status=WebhookStatus.PENDING if moved else hook.status,
            errands=() if moved else hook.errands,
        )
        return (changed, ()) if wish.sent_key is None else _keyed(changed, wish.sent_key)

    _change(webhook_id, principal, edited, once=once, ports=ports)


def _keyed(hook: Webhook, key: str) -> Changed:
    """The webhook with another key to send along, or without one."""
    changed = replace(hook, key_version=hook.key_version + 1, has_key=bool(key))
    return changed, (secret_of(changed, SecretName.KEY, key),)


def renew_secret(webhook_id: int, principal: Principal, *, ports: WebhookPorts) -> str:
    """Another secret to sign with, from now on; this shows it, nothing else. Raises not_found."""
    fresh = new_secret(ports.entropy)
    _change(webhook_id, principal, lambda hook, _: _signed(hook, fresh), ports=ports)
    return fresh


def _signed(hook: Webhook, secret: str) -> Changed:
    changed = replace(hook, signing_version=hook.signing_version + 1)
    return changed, (secret_of(changed, SecretName.SIGNING, secret),)


def remove_webhook(webhook_id: int, principal: Principal, *, ports: WebhookPorts) -> None:
    """Take a webhook and its secrets away. Its row stays, so that its id is not taken again.

    Raises not_found.
    """

    def gone(hook: Webhook, _: datetime) -> Changed:
        hook, secrets = _signed(hook, "")
        if hook.has_key:
            hook, more = _keyed(hook, "")
            secrets += more
        return replace(hook, status=WebhookStatus.REMOVED, endpoint="", errands=()), secrets

    _change(webhook_id, principal, gone, ports=ports, kind=ChangeKind.WEBHOOK_REMOVED)


def switch_webhook(
    webhook_id: int, principal: Principal, *, active: bool, once: Once = None, ports: WebhookPorts
) -> None:
    """Activate a verified webhook, which is told what happens from now on, or stop telling it.

    Raises not_found, and CONFLICT (subject webhook) for one that was not verified.
    """

    def switched(hook: Webhook, _: datetime) -> Changed:
        if hook.status is WebhookStatus.PENDING:
            raise refused("The endpoint was not verified: send a challenge and check its token.")
        if hook.is_active is active:
            return hook, ()
        status = WebhookStatus.ACTIVE if active else WebhookStatus.INACTIVE
        after = ports.feed.head(hook.account_id).number if active else hook.after
        return replace(hook, status=status, after=after), ()

    _change(webhook_id, principal, switched, once=once, ports=ports)


def check_challenge(
    webhook_id: int, token: str, principal: Principal, *, once: Once = None, ports: WebhookPorts
) -> None:
    """Verify a webhook by the token that was posted to it.

    Raises not_found, and INVALID (subject webhook_invalid_token) for another token or too late.
    """

    def verified(hook: Webhook, now: datetime) -> Changed:
        state = ports.webhooks.webhook_state(hook.account_id, hook.webhook_id)
        if not is_token(state, token, now, hook.endpoint):
            raise VouchsafeError(
                ErrorCode.INVALID,
                "The token is invalid, expired or missing.",
                subject="webhook_invalid_token",
            )
        pending = hook.status is WebhookStatus.PENDING
        return replace(hook, status=WebhookStatus.INACTIVE) if pending else hook, ()

    _change(webhook_id, principal, verified, once=once, ports=ports)


def ask(
    webhook_id: int,
    kind: ErrandKind,
    principal: Principal,
    *,
    span: tuple[int, int] = (0, 0),
    once: Once = None,
    ports: WebhookPorts,
) -> None:
    """Have a challenge, a test event or a span of the feed posted; whoever posts does it soon.

    Raises not_found, and CONFLICT (subject webhook) while too much is waiting to be done, and for a
    replay to a webhook that is not active.
    """

    def asked(hook: Webhook, now: datetime) -> Changed:
        if kind is ErrandKind.REPLAY and not hook.is_active:
            raise refused("Only an active webhook is told what happened before.")
        state = ports.webhooks.webhook_state(hook.account_id, hook.webhook_id)
        if len(open_errands(hook, state)) >= MOST_ERRANDS:
            raise refused("Too much was asked of this webhook that is not done yet.")
        wanted = Errand(number=0, kind=kind, asked_at=now, first=span[0], last=span[1])
        return with_errand(hook, wanted, state), ()

    _change(webhook_id, principal, asked, once=once, ports=ports, data={"asked": kind.value})


def _change(
    webhook_id: int,
    principal: Principal,
    changed: Callable[[Webhook, datetime], Changed],
    *,
    ports: WebhookPorts,
    once: Once = None,
    kind: ChangeKind = ChangeKind.WEBHOOK_CHANGED,
    data: dict[str, object] | None = None,
) -> None:
    """Write what `changed` makes of the webhook; what comes back as it was is not written."""

    def attempt(now: datetime) -> tuple[None, Sequence[Record]]:
        hook = webhook_of(principal.account_id, webhook_id, webhooks=ports.webhooks)
        after, secrets = changed(hook, now)
        if after == hook:
            return None, ()
        after = replace(after, version=hook.version + 1)
        told = account_change(kind, principal, data or {}, now, ports.entropy)
        return None, (after, *secrets, traced(told, hook, after))

    what = f"webhook {webhook_id}"
    attempted(attempt, once=once, what=what, ledger=ports.ledger, clock=ports.clock)
