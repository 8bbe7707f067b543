"""The shapes of answers about webhooks."""

from __future__ import annotations

from pydantic import Field

from .answers import Shape


class MadeWebhook(Shape):
    webhook_id: int
    signing_secret: str | None = Field(
        default=None, description="What posts are signed with; shown here and never again."
    )
    warnings: list[str] = Field(default_factory=list)


class SigningSecret(Shape):
    signing_secret: str = Field(description="In force from now on; shown here and never again.")


class WebhookSettingsInfo(Shape):
    instant_issue_webhook_notification: str = Field(description='"1" or "0".')
    webhook_notification_frequency: list[int]
    webhook_send_certificate_chain: str
    webhook_send_instant_issued_certificate_chain: str


class WebhookContainer(Shape):
    id: int


class WebhookRow(Shape):
    """A webhook. Its secrets are shown nowhere."""

    id: int
    endpoint: str
    events: list[str]
    status: str = Field(description="pending, active or inactive.")
    webhook_settings: WebhookSettingsInfo
    container: WebhookContainer
    has_secret: bool = Field(description="Whether X-WEBHOOK-KEY is sent along.")
    date_created: str


class WebhookHealth(Shape):
    """How posts fare."""

    circuit: str = Field(description="closed, or open: one event at a time is tried.")
    set_aside: list[int] = Field(
        description="Numbers in the feed of events that were refused and are tried again."
    )
    failures: int = Field(description="Posts in a row that were not taken.")
    failing_since: str | None
    next_try: str | None
    cursor: int = Field(description="The feed's last number dealt with.")
    waiting: int = Field(description="Numbers of the feed behind it, wanted or not.")


class WebhookInfo(WebhookRow):
    health: WebhookHealth


class WebhookList(Shape):
    webhooks: list[WebhookRow]


class WebhookDelivery(Shape):
    """One post."""

    id: str
    date: str
    event: str
    event_id: str = Field(description="The same for every post of the same event.")
    cursor: int | None = Field(description="The event's number in the feed.")
    replay: bool
    attempt: int
    outcome: str = Field(description="delivered, failed (tried again) or given_up.")
    status: int | None = Field(description="The HTTP status of the answer, if one came.")
    cause: str
    detail: str
    first_bytes: str = Field(description="How the answer began.")


class WebhookDeliveryList(Shape):
    deliveries: list[WebhookDelivery]
    next: str | None = Field(description="`before` of the next page; null at the end.")
