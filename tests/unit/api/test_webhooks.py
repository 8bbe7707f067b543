"""Webhooks as clients make, verify, change and look at them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders_people import a_container
from tests.builders_webhooks import (
    ENDPOINT,
    WEBHOOK_TOKEN,
    a_delivery,
    a_webhook,
    a_webhook_state,
    secrets_of_webhook,
)
from tests.unit.api.driving import Api
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.webhooks import ErrandKind, SecretName, Webhook, WebhookStatus

SECRET = "0123456789abcdef0123456789abcdef"


def with_webhook(**changed: Any) -> Api:
    """An account that has webhook 901."""
    api = Api()
    api.book.commit(a_webhook(**changed), *secrets_of_webhook(), a_webhook_state())
    return api


def hook_of(api: Api) -> Webhook:
    hook = api.book.webhook(1, 901)
    assert hook is not None
    return hook


def changes(api: Api) -> list[Change]:
    return [record for record in api.book.records.values() if isinstance(record, Change)]


def test_a_new_webhook_shows_its_signing_secret_once_and_the_owners_never() -> None:
    api = Api()
    headers = {"Idempotency-Key": "once"}
    body = {"endpoint": ENDPOINT, "secret": SECRET}
    first = api.call("POST", "webhook", body, headers=headers)
    assert first.status == 201
    number, secret = first.json["webhook_id"], first.json["signing_secret"]
    assert secret.startswith("vwh_") and len(secret) >= 43
    again = api.call("POST", "webhook", body, headers=headers)
    assert again.json["webhook_id"] == number and "signing_secret" not in again.json
    (row,) = api.call("GET", "webhook").json["webhooks"]
    assert row["events"] == ["certificate_issued"]
    assert (row["status"], row["has_secret"]) == ("pending", True)
    assert row["container"] == {"id": 3}
    shown = json.dumps([row, api.call("GET", f"webhook/{number}").json])
    for kept in (secret, SECRET):
        assert kept not in shown + repr(changes(api)) + api.log.getvalue()
    assert api.book.webhook_secret(number, SecretName.KEY) == SECRET
    (told,) = changes(api)
    assert (told.kind, told.subject) == (ChangeKind.WEBHOOK_CREATED, f"webhook {number}")


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://hooks.example.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://hooks.example.com:8443/",
        "https://user@hooks.example.com/",
        "not a url",
    ],
)
def test_an_endpoint_that_is_never_posted_to_is_refused_in_the_vendors_word(endpoint: str) -> None:
    reply = Api().call("POST", "webhook", {"endpoint": endpoint})
    assert (reply.status, reply.codes) == (400, ["webhook_invalid_endpoint"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "endpoint"),
        ({"container": {"id": 999}}, "container.id"),
        ({"events": ["certificate_baked"]}, "events"),
        ({"secret": "short"}, "secret"),
        ({"secret": "x" * 31}, "secret"),
        ({"secret": "x" * 31 + "\n"}, "secret"),
        (
            {"webhook_settings": {"webhook_notification_frequency": [31]}},
            "webhook_settings.webhook_notification_frequency",
        ),
    ],
)
def test_every_flaw_is_named(body: dict[str, Any], field: str) -> None:
    given = {"endpoint": ENDPOINT} | body if body else {}
    reply = Api().call("POST", "webhook", given)
    assert (reply.status, reply.codes) == (400, [f"invalid_field|{field}"])


def test_settings_are_taken_and_shown_as_the_vendor_writes_them() -> None:
    api = Api()
    wanted = {
        "instant_issue_webhook_notification": "1",
        "webhook_notification_frequency": [30, 0],
        "webhook_send_certificate_chain": True,
        "webhook_send_instant_issued_certificate_chain": "0",
    }
    body = {"endpoint": ENDPOINT, "webhook_settings": wanted}
    assert api.call("POST", "webhook", body).status == 201
    (row,) = api.call("GET", "webhook").json["webhooks"]
    assert row["webhook_settings"] == wanted | {"webhook_send_certificate_chain": "1"}


def test_a_webhook_is_activated_after_its_token_came_back_and_not_before() -> None:
    api = with_webhook(status=WebhookStatus.PENDING)
    refused = api.call("PUT", "webhook/901/activate")
    assert (refused.status, refused.codes) == (400, ["invalid_status|webhook"])
    for token in ({"token": "another"}, {}, {"token": WEBHOOK_TOKEN + "x"}):
        reply = api.call("PUT", "webhook/901/check-challenge", token)
        assert (reply.status, reply.codes) == (400, ["webhook_invalid_token"])
    assert api.call("PUT", "webhook/901/check-challenge", {"token": WEBHOOK_TOKEN}).status == 204
    assert hook_of(api).status is WebhookStatus.INACTIVE
    api.book.number(changes(api)[0])
    assert api.call("PUT", "webhook/901/activate").status == 204
    assert (hook_of(api).status, hook_of(api).after) == (WebhookStatus.ACTIVE, 1)
    assert api.call("PUT", "webhook/901/deactivate").status == 204
    assert hook_of(api).status is WebhookStatus.INACTIVE


def test_a_token_is_too_late_after_half_an_hour_and_good_for_one_endpoint() -> None:
    api = with_webhook(status=WebhookStatus.PENDING)
    token = {"token": WEBHOOK_TOKEN}
    api.call("PUT", "webhook/901", {"endpoint": "https://elsewhere.example.com/"})
    assert api.call("PUT", "webhook/901/check-challenge", token).status == 400
    api.call("PUT", "webhook/901", {"endpoint": ENDPOINT})
    api.clock.advance(timedelta(minutes=30))
    assert api.call("PUT", "webhook/901/check-challenge", token).status == 400


def test_another_endpoint_has_to_be_verified_and_what_is_left_out_stays() -> None:
    api = with_webhook()
    assert api.call("PUT", "webhook/901", {"events": ["domain_validated"]}).status == 204
    assert (hook_of(api).status, hook_of(api).endpoint) == (WebhookStatus.ACTIVE, ENDPOINT)
    assert hook_of(api).events == ("domain_validated",)
    api.call("PUT", "webhook/901", {"endpoint": "https://elsewhere.example.com/x?password=hush"})
    assert hook_of(api).status is WebhookStatus.PENDING
    assert "hush" not in repr(changes(api))


def test_a_key_is_set_and_taken_away_without_being_read() -> None:
    api = with_webhook()
    api.tripwire.calls.clear()
    for given, kept in ((SECRET, SECRET), ("y" * 40, "y" * 40), ("", "")):
        assert api.call("PUT", "webhook/901", {"secret": given}).status == 204
        assert "webhooks.webhook_secret" not in api.tripwire.calls
        assert api.book.webhook_secret(901, SecretName.KEY) == kept
        api.tripwire.calls.clear()
        assert hook_of(api).has_key is bool(kept)


def test_another_signing_secret_is_shown_once() -> None:
    api = with_webhook()
    fresh = api.call("PUT", "webhook/901/signing-secret").json["signing_secret"]
    assert api.book.webhook_secret(901, SecretName.SIGNING) == fresh
    assert fresh not in repr(changes(api)) + api.log.getvalue()


def test_what_is_asked_waits_to_be_done_and_not_without_end() -> None:
    api = with_webhook()
    assert api.call("PUT", "webhook/901/send-challenge").status == 204
    assert api.call("POST", "webhook/901/test").status == 204
    assert api.call("POST", "webhook/901/replay", {"first": 2, "last": 9}).status == 204
    found = [(e.kind, e.number, e.first, e.last) for e in hook_of(api).errands]
    assert found == [
        (ErrandKind.CHALLENGE, 1, 0, 0),
        (ErrandKind.TEST, 2, 0, 0),
        (ErrandKind.REPLAY, 3, 2, 9),
    ]
    replies = [api.call("POST", "webhook/901/test").status for _ in range(8)]
    assert replies == [204] * 7 + [400]


@pytest.mark.parametrize(
    "body", [{}, {"first": 0}, {"first": 5, "last": 4}, {"first": 1, "last": 10_002}]
)
def test_a_replay_names_a_span_that_there_can_be(body: dict[str, int]) -> None:
    reply = with_webhook().call("POST", "webhook/901/replay", body)
    assert (reply.status, reply.codes) == (400, ["invalid_field|first"])


def test_a_delivery_is_asked_for_again_by_its_id() -> None:
    api = with_webhook()
    api.book.note_delivery(a_delivery())
    (row,) = api.call("GET", "webhook/901/delivery").json["deliveries"]
    assert (row["outcome"], row["cursor"], row["status"]) == ("delivered", 3, 200)
    assert api.call("POST", "webhook/901/replay", {"delivery": row["id"]}).status == 204
    assert (hook_of(api).errands[0].first, hook_of(api).errands[0].last) == (3, 3)
    unknown = api.call("POST", "webhook/901/replay", {"delivery": "0" * 26})
    assert (unknown.status, unknown.codes) == (404, ["not_found|delivery"])


def test_a_webhook_that_was_removed_is_gone_with_its_secrets() -> None:
    api = with_webhook()
    assert api.call("DELETE", "webhook/901").status == 204
    assert api.call("GET", "webhook/901").status == 404
    assert api.call("GET", "webhook").json == {"webhooks": []}
    assert api.book.webhook_secret(901, SecretName.SIGNING) == ""
    assert ENDPOINT not in repr(hook_of(api))


def test_an_account_has_twenty_webhooks_at_most_and_containers_of_its_own_alone() -> None:
    api = Api()
    api.book.commit(a_container())
    body = {"endpoint": ENDPOINT, "container": {"id": 31}}
    assert [api.call("POST", "webhook", body).status for _ in range(21)] == [201] * 20 + [400]
    rows = api.call("GET", "webhook").json["webhooks"]
    assert {row["container"]["id"] for row in rows} == {31}


def test_how_posts_fare_is_shown() -> None:
    api = Api()
    due = api.clock.now() + timedelta(minutes=5)
    state = a_webhook_state().set_aside(7, due, replay=False).set_aside(2, due, replay=True)
    state = replace(state, failures=6, circuit_open=True, due_at=due)
    api.book.commit(a_webhook(), *secrets_of_webhook(), state)
    health = api.call("GET", "webhook/901").json["health"]
    assert (health["circuit"], health["failures"]) == ("open", 6)
    assert health["next_try"] == "2026-11-21T12:05:00+00:00"
    assert health["set_aside"] == [2, 7]
