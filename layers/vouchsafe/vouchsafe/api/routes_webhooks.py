"""Routes of webhooks. Administrators alone have them."""

from __future__ import annotations

from .permissions import Action
from .route import Function, Group, Route

_ID = {"id": "The webhook's id."}
_group = Group(function=Function.ACCOUNTS, looks=Action.AUDIT, changes=Action.ADMINISTER)
_reading, _changing = _group.reading, _group.changing

WEBHOOKS: tuple[Route, ...] = (
    _changing(
        "POST",
        "webhook",
        "webhooks.create",
        "Make a webhook",
        request="WebhookBody",
        responses={201: "MadeWebhook"},
    ),
    _reading("webhook", "webhooks.list_all", "WebhookList", "List the account's webhooks"),
    _reading(
        "webhook/{id}",
        "webhooks.read",
        "WebhookInfo",
        "Read a webhook and how its posts fare",
        parameters=_ID,
    ),
    _changing(
        "PUT",
        "webhook/{id}",
        "webhooks.edit",
        "Change a webhook",
        request="WebhookBody",
        parameters=_ID,
    ),
    _changing("DELETE", "webhook/{id}", "webhooks.remove", "Remove a webhook", parameters=_ID),
    _changing(
        "PUT",
        "webhook/{id}/send-challenge",
        "webhooks.send_challenge",
        "Have a token posted to a webhook",
        parameters=_ID,
    ),
    _changing(
        "PUT",
        "webhook/{id}/check-challenge",
        "webhooks.verify",
        "Verify a webhook by the token that was posted",
        request="ChallengeBody",
        parameters=_ID,
    ),
    _changing(
        "PUT",
        "webhook/{id}/activate",
        "webhooks.activate",
        "Activate a verified webhook",
        parameters=_ID,
    ),
    _changing(
        "PUT",
        "webhook/{id}/deactivate",
        "webhooks.deactivate",
        "Stop telling a webhook",
        parameters=_ID,
    ),
    Route(
        method="PUT",
        path="/v2/webhook/{id}/signing-secret",
        function=Function.ACCOUNTS,
        operation="webhooks.renew",
        action=Action.ADMINISTER,
        summary="Get another secret that posts are signed with",
        responses={200: "SigningSecret"},
        parameters=_ID,
    ),
    _changing(
        "POST",
        "webhook/{id}/test",
        "webhooks.send_test",
        "Have a test event posted to a webhook",
        parameters=_ID,
    ),
    _reading(
        "webhook/{id}/delivery",
        "webhooks.list_deliveries",
        "WebhookDeliveryList",
        "List a webhook's posts of the last thirty days, newest first",
        parameters=_ID,
        query={
            "before": "The `next` of the last page.",
            "limit": "Rows of a page: 1 to 1000; 100 is the default.",
        },
    ),
    _changing(
        "POST",
        "webhook/{id}/replay",
        "webhooks.replay",
        "Have events posted to a webhook once more",
        request="ReplayBody",
        parameters=_ID,
    ),
)
