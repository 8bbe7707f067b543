"""From bodies about webhooks to wishes, with everything that is wrong at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..domain.containers import Container
from ..domain.errors import ErrorCode, Flaw, VouchsafeError, invalid
from ..domain.web_targets import https_target
from ..domain.webhooks import WebhookSettings
from ..services.containers import placing
from ..services.webhooks import WebhookWish
from .call import Call
from .reading import validated
from .webhook_schemas import WebhookBody, WebhookSettingsPart
from .webhook_words import DEFAULT_EVENTS, EVENTS, NOTICE_DAYS

_KEY = re.compile(r"[\x21-\x7e]{32,255}")
_DELIVERY = re.compile(r"[0-9A-Z]{26}")


def read_wish(call: Call, deps: Any, *, new: bool) -> tuple[WebhookWish, list[str]]:
    """What a webhook is to be, and what there is to remark.

    Raises VouchsafeError(INVALID) with every flaw, or for an endpoint nothing is posted to.
    """
    raw = call.body()
    body, warnings = validated(WebhookBody, raw)
    flaws: list[Flaw] = []
    endpoint = body.endpoint or None
    if endpoint is not None:
        check_endpoint(endpoint)
    elif new:
        flaws.append(Flaw("endpoint", "is required"))
    container_id = _container(body, call, deps, flaws, new=new)
    wish = WebhookWish(
        endpoint=endpoint,
        events=_events(body.events, flaws) or (DEFAULT_EVENTS if new else None),
        settings=_settings(body.webhook_settings, flaws),
        container_id=container_id,
        sent_key=_key(raw, flaws),
    )
    if flaws:
        raise invalid(*flaws)
    return wish, warnings


def check_endpoint(url: str) -> None:
    """Raises VouchsafeError(INVALID, webhook_invalid_endpoint) for what is not posted to."""
    try:
        https_target(url)
    except ValueError as reason:
        raise VouchsafeError(
            ErrorCode.INVALID,
            f"The endpoint is not acceptable: {reason}.",
            subject="webhook_invalid_endpoint",
        ) from None


def _container(
    body: WebhookBody, call: Call, deps: Any, flaws: list[Flaw], *, new: bool
) -> int | None:
    given = None if body.container is None else body.container.id
    if not given:
        account = deps.accounts.account(call.principal.account_id) if new else None
        return None if account is None else account.root_container_id
    found = placing(given, call.principal, ledger=deps.ledger)
    if isinstance(found, Container):
        return found.container_id
    flaws.append(found)
    return None


def _events(names: list[str], flaws: list[Flaw]) -> tuple[str, ...]:
    unknown = [name for name in names if name not in EVENTS]
    if unknown:
        reason = f"{unknown[0][:40]} is no event; events are {', '.join(sorted(EVENTS))}"
        flaws.append(Flaw("events", reason))
    return tuple(dict.fromkeys(names))


def _key(raw: Mapping[str, Any], flaws: list[Flaw]) -> str | None:
    """The key to send along; None where it is left out, "" where it is to go."""
    given = raw.get("secret")
    if given is None or given == "":
        return given
    if not isinstance(given, str) or not _KEY.fullmatch(given):
        flaws.append(Flaw("secret", "must be 32 to 255 visible ASCII characters"))
        return None
    return given


def _settings(part: WebhookSettingsPart | None, flaws: list[Flaw]) -> WebhookSettings | None:
    if part is None:
        return None
    days = part.webhook_notification_frequency
    listed = isinstance(days, list) and all(isinstance(day, int) for day in days)
    if days is not None and not (listed and set(days) <= set(NOTICE_DAYS)):
        words = ", ".join(map(str, NOTICE_DAYS))
        field = "webhook_settings.webhook_notification_frequency"
        flaws.append(Flaw(field, f"must be a list out of {words}"))
        days = None
    return WebhookSettings(
        instant=bool(part.instant_issue_webhook_notification),
        chain=bool(part.webhook_send_certificate_chain),
        instant_chain=bool(part.webhook_send_instant_issued_certificate_chain),
        days=NOTICE_DAYS if days is None else tuple(days),
    )


def is_delivery(text: str) -> bool:
    """Whether that can be the id of a delivery."""
    return _DELIVERY.fullmatch(text) is not None
