"""Webhooks: where an account wants its changes posted, and what came of each post."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from .webhook_state import WebhookState

MOST_WEBHOOKS = 20  # of one account
MOST_ERRANDS = 10  # of one webhook, asked for and not done yet
#: How long a challenge's token is good.
TOKEN_LIFE = timedelta(minutes=30)


class WebhookStatus(StrEnum):
    PENDING = "pending"  # nobody has shown yet that he reads what is posted there
    ACTIVE = "active"
    INACTIVE = "inactive"
    REMOVED = "removed"


class ErrandKind(StrEnum):
    CHALLENGE = "challenge"
    TEST = "test"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Something asked of a webhook beside its events. `first` and `last` bound a replay."""

    number: int
    kind: ErrandKind
    asked_at: datetime
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """What is told and how: `days` before an end (0: at the end) at which notices are wanted."""

    instant: bool = False  # certificates that came with the answer to their order, too
    chain: bool = False
    instant_chain: bool = False
    days: tuple[int, ...] = (90, 60, 30, 7, 0, -7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that an account's events are posted to, as people set it.

    `events` are names as the API spells them. Events whose object lies outside `container_id`
    are not told; the root sees all. `after` is the feed's last number when it was activated.
    """

    webhook_id: int
    account_id: int
    container_id: int
    endpoint: str
    events: tuple[str, ...]
    settings: WebhookSettings = field(default_factory=WebhookSettings)
    status: WebhookStatus = WebhookStatus.PENDING
    after: int = 0
    errands: tuple[Errand, ...] = ()
    asked: int = 0  # errands ever asked for
    signing_version: int = 1  # of its secrets, which nobody but who posts reads
    key_version: int = 0
    has_key: bool = False  # its owner wants a key of his own sent along
    created_at: datetime
    version: int = 1

    @property
    def is_active(self) -> bool:
        """Whether events are told."""
        return self.status is WebhookStatus.ACTIVE

    @property
    def address(self) -> str:
        """The endpoint without its query, in which people put passwords."""
        return self.endpoint.partition("?")[0]


class SecretName(StrEnum):
    SIGNING = "signing"  # ours: posts are signed with it, and it never leaves again
    KEY = "key"  # the owner's: sent along with each post


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecret:
    """A secret of a webhook, "" when it was taken away.

    Apart from the webhook, which knows its version: it is replaced without being read, and only
    who posts ever reads it.
    """

    webhook_id: int
    account_id: int
    name: SecretName
    value: str
    version: int = 1


class Outcome(StrEnum):
    """What came of one post."""

    DELIVERED = "delivered"
    FAILED = "failed"  # it is tried again
    GIVEN_UP = "given_up"  # it was tried for the last time


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One post, as the log keeps it. `delivery_id` sorts by time."""

    delivery_id: str
    webhook_id: int
    account_id: int
    at: datetime
    event: str
    event_id: str
    number: int  # the change's place in the feed; 0 for challenges and tests
    replay: bool
    attempt: int
    outcome: Outcome
    status: int  # 0 where nothing came back
    cause: str
    detail: str = ""
    first_bytes: str = ""


def signature(secret: str, at: datetime, body: bytes) -> str:
    """What a post is signed with: `t=<seconds>,v1=<hex HMAC-SHA256 of "<seconds>.<body>">`."""
    seconds = int(at.timestamp())
    signed = f"{seconds}.".encode() + body
    return f"t={seconds},v1={hmac.new(secret.encode(), signed, sha256).hexdigest()}"


def token_hash(token: str, endpoint: str) -> str:
    """What is kept of a token: its hash (hex), good for that endpoint and no other."""
    return sha256(f"{token}\n{endpoint}".encode()).hexdigest()


def is_token(state: WebhookState | None, given: str, now: datetime, endpoint: str) -> bool:
    """Whether that is the token of the last challenge to the endpoint, in time."""
    if state is None or state.token_ends_at is None or state.token_ends_at <= now:
        return False
    return hmac.compare_digest(state.token_sha256, token_hash(given, endpoint))


def open_errands(hook: Webhook, state: WebhookState | None) -> tuple[Errand, ...]:
    """What was asked for and is not done."""
    done = frozenset() if state is None else frozenset(state.done)
    return tuple(each for each in hook.errands if each.number not in done)


def with_errand(hook: Webhook, errand: Errand, state: WebhookState | None) -> Webhook:
    """The webhook with one more errand, without those that are done. The version stays."""
    errands = (*open_errands(hook, state), replace(errand, number=hook.asked + 1))
    return replace(hook, errands=errands, asked=hook.asked + 1)
