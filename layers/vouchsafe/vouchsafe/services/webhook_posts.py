"""One post to a webhook: signed, sent, and noted in its log."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.changes import NOISE_BYTES, NumberedChange, new_change_id
from ..domain.webhook_state import WebhookState
from ..domain.webhooks import (
    TOKEN_LIFE,
    Delivery,
    Outcome,
    SecretName,
    Webhook,
    signature,
    token_hash,
)
from ..outgoing_ports import Outgoing, PostOutcome
from ..ports import Clock, Entropy
from ..webhook_ports import EventWriter, Told, WebhookLog

SECONDS = 10.0  # for one post
_SHOWN = 200  # characters of an answer, and of a reason
_TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPorts:
    """What posting needs."""

    outgoing: Outgoing
    log: WebhookLog
    writer: EventWriter
    clock: Clock
    entropy: Entropy


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What is posted: `entry` is missing for challenges and tests; `final` posts have no next."""

    told: Told
    entry: NumberedChange | None = None
    replay: bool = False
    final: bool = False
    attempt: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What came of it."""

    delivery: Delivery

    @property
    def taken(self) -> bool:
        """Whether the other side took it."""
        return self.delivery.outcome is Outcome.DELIVERED


class Poster:
    """Posts to one webhook. Its secrets are read when the first post is made."""

    def __init__(self, hook: Webhook, ports: PostPorts) -> None:
        self._hook, self._ports = hook, ports
        self._secrets: tuple[str, str] | None = None

    def post(self, posting: Posting) -> Posted:
        """One attempt, in the log whatever came of it."""
        at = self._ports.clock.now()
        delivery_id = new_change_id(at, self._ports.entropy.bytes(NOISE_BYTES))
        event_id = posting.entry.change.change_id if posting.entry else delivery_id
        signing, key = self._read_secrets()
        headers = {
            "Content-Type": "application/json",
            "X-Vouchsafe-Signature": signature(signing, at, posting.told.body),
            "X-Vouchsafe-Event-Id": event_id,
            "X-Vouchsafe-Delivery-Id": delivery_id,
            **({"X-Vouchsafe-Replay": "true"} if posting.replay else {}),
            **(self._ports.writer.key_header(key) if key else {}),
        }
        outcome = self._ports.outgoing.post(
            self._hook.endpoint, posting.told.body, headers, timeout=SECONDS
        )
        delivery = self._delivery(posting, outcome, (delivery_id, event_id), at)
        self._ports.log.note_delivery(delivery)
        return Posted(delivery=delivery)

    def _read_secrets(self) -> tuple[str, str]:
        if self._secrets is None:
            number, log = self._hook.webhook_id, self._ports.log
            key = log.webhook_secret(number, SecretName.KEY) if self._hook.has_key else ""
            self._secrets = log.webhook_secret(number, SecretName.SIGNING), key
        return self._secrets

    def _delivery(
        self, posting: Posting, outcome: PostOutcome, ids: tuple[str, str], at: datetime
    ) -> Delivery:
        missed = Outcome.GIVEN_UP if posting.final else Outcome.FAILED
        return Delivery(
            delivery_id=ids[0],
            webhook_id=self._hook.webhook_id,
            account_id=self._hook.account_id,
            at=at,
            event=posting.told.event,
            event_id=ids[1],
            number=posting.entry.number if posting.entry else 0,
            replay=posting.replay,
            attempt=posting.attempt,
            outcome=Outcome.DELIVERED if outcome.delivered else missed,
            status=outcome.status,
            cause=outcome.cause.value,
            detail=outcome.detail[:_SHOWN],
            first_bytes=_printable(outcome.first_bytes),
        )


def _printable(content: bytes) -> str:
    """The beginning of an answer as text; what cannot be shown is a question mark."""
    text = content.decode("utf-8", "replace")[:_SHOWN]
    return "".join(each if each.isprintable() and each != "\ufffd" else "?" for each in text)


def new_token(
    state: WebhookState, hook: Webhook, *, now: datetime, entropy: Entropy
) -> tuple[str, WebhookState]:
    """A challenge's token, and the state that knows its hash; the token itself is kept nowhere."""
    token = base64.urlsafe_b64encode(entropy.bytes(_TOKEN_BYTES)).decode()
    hashed = token_hash(token, hook.endpoint)
    return token, replace(state, token_sha256=hashed, token_ends_at=now + TOKEN_LIFE)
