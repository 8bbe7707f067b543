"""The bodies clients send about webhooks."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from .account_schemas import ContainerPart
from .liberal import Anything, Number, Part, Text, Texts


def _nothing(value: object) -> object:
    return value or None


def _flag(value: Any) -> Any:
    """Switches come as texts, too: "1" and "0", "true" and "false"."""
    words = {"1": True, "true": True, "0": False, "false": False, "": None}
    return words.get(value.strip().lower(), value) if isinstance(value, str) else value


_Flag = Annotated[bool | None, BeforeValidator(_flag)]


class WebhookSettingsPart(Part):
    """What is told, and how."""

    instant_issue_webhook_notification: _Flag = Field(
        None, description="Tell of certificates that came with the answer to their order, too."
    )
    webhook_send_certificate_chain: _Flag = Field(
        None, description="Send the chain with other certificates."
    )
    webhook_send_instant_issued_certificate_chain: _Flag = Field(
        None, description="Send the chain with certificates that came with the answer."
    )
    webhook_notification_frequency: Anything = Field(
        None, description="Days before an end, out of 90, 60, 30, 7, 0, -7."
    )


class WebhookBody(Part):
    """POST webhook. PUT webhook/{id}: what is left out stays; a secret "" takes the key away."""

    endpoint: Text = Field(None, description="https, public, port 443. Required for a new one.")
    secret: Anything = Field(
        None, description="Sent along as X-WEBHOOK-KEY: 32 to 255 visible ASCII characters."
    )
    events: Texts = Field(
        default_factory=list, description="See docs/webhooks.md; certificate_issued by default."
    )
    webhook_settings: Annotated[WebhookSettingsPart | None, BeforeValidator(_nothing)] = None
    container: Annotated[ContainerPart | None, BeforeValidator(_nothing)] = Field(
        None, description="Only what lies in it is told; by default the root: everything."
    )


class ChallengeBody(Part):
    """PUT webhook/{id}/check-challenge."""

    token: Text = Field(None, description="The token that was posted. Required.")


class ReplayBody(Part):
    """POST webhook/{id}/replay: one delivery, or a span of the feed."""

    delivery: Text = Field(None, description="The id of a delivery of the log.")
    first: Number = Field(None, description="The feed's first number of a span.")
    last: Number = Field(None, description="The last one; the first if it is left out.")
