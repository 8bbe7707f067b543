"""Webhook 901 of account 1, active at https://hooks.example.com/certificates; one thing changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import MOMENT
from vouchsafe.domain.webhook_state import WebhookState
from vouchsafe.domain.webhooks import (
    Delivery,
    Outcome,
    SecretName,
    Webhook,
    WebhookSecret,
    WebhookStatus,
    token_hash,
)

ENDPOINT = "https://hooks.example.com/certificates"
SIGNING_SECRET = "vwh_a-secret-to-sign-with-for-tests"
WEBHOOK_TOKEN = "a-token-that-was-posted"


def a_webhook(**changed: Any) -> Webhook:
    """Active, told of issues, revocations and rejections in the root."""
    hook = Webhook(
        webhook_id=901,
        account_id=1,
        container_id=3,
        endpoint=ENDPOINT,
        events=("certificate_issued", "certificate_revoked", "order_rejected"),
        status=WebhookStatus.ACTIVE,
        created_at=MOMENT,
    )
    return replace(hook, **changed)


def secrets_of_webhook(
    hook: Webhook | None = None, signing: str = SIGNING_SECRET, key: str = ""
) -> tuple[WebhookSecret, ...]:
    """What it signs with, and the key its owner wants sent along if there is one."""
    ids = {"webhook_id": (hook or a_webhook()).webhook_id, "account_id": 1}
    found = [WebhookSecret(name=SecretName.SIGNING, value=signing, **ids)]
    return (*found, *([WebhookSecret(name=SecretName.KEY, value=key, **ids)] if key else []))


def a_webhook_state(**changed: Any) -> WebhookState:
    """How it fares: well; its challenge is open."""
    state = WebhookState(
        webhook_id=901,
        account_id=1,
        token_sha256=token_hash(WEBHOOK_TOKEN, ENDPOINT),
        token_ends_at=MOMENT + timedelta(minutes=30),
        version=1,
    )
    return replace(state, **changed)


def a_delivery(**changed: Any) -> Delivery:
    """A post that was taken."""
    delivery = Delivery(
        delivery_id="01KAKT5E80000000000000DE01",
        webhook_id=901,
        account_id=1,
        at=MOMENT,
        event="certificate_issued",
        event_id="01KAKT5E80000000000000CHNG",
        number=3,
        replay=False,
        attempt=1,
        outcome=Outcome.DELIVERED,
        status=200,
        cause="answered",
    )
    return replace(delivery, **changed)
