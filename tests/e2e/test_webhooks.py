"""A webhook from its making to its events, on a running stack: over TLS, under enforced rights."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.e2e.service import Service, until
from tests.lab.web import behave
from vouchsafe.domain.webhooks import signature

HOST = "hooks.lab.example.org"
KEY = "a-key-of-the-owner-0123456789abcdef"


def test_a_webhook_is_verified_told_survives_an_outage_and_tells_again(
    service: Service, tmp_path: Path
) -> None:
    heard = tmp_path / "heard"
    behave(service.stack.webroot, HOST, "hear", str(heard))
    events = ["certificate_issued", "order_placed"]
    settings = {"instant_issue_webhook_notification": "1", "webhook_send_certificate_chain": "1"}
    made = service.client.ask(
        "POST",
        "webhook",
        {
            "endpoint": f"https://{HOST}/in?from=ca",
            "secret": KEY,
            "events": events,
            "webhook_settings": settings | {"webhook_send_instant_issued_certificate_chain": "1"},
        },
        expect=201,
    )
    path = f"webhook/{made['webhook_id']}"
    service.client.ask("PUT", f"{path}/activate", expect=400)
    service.client.ask("PUT", f"{path}/send-challenge", expect=204)
    challenge = posted(heard, "challenge_webhook_endpoint")
    token = {"token": challenge["data"]["token"]}
    service.client.ask("PUT", f"{path}/check-challenge", {"token": "wrong"}, expect=400)
    service.client.ask("PUT", f"{path}/check-challenge", token, expect=204)
    service.client.ask("PUT", f"{path}/activate", expect=204)

    issued = service.issue("hooked.lab.example.com")
    told = posted(heard, "certificate_issued")
    assert told["data"]["order_id"] == issued["id"]
    assert len(told["data"]["certificate_chain"]) == 3
    for line in lines(heard):
        headers, body = line["headers"], line["body"].encode()
        said = headers["X-Vouchsafe-Signature"]
        seconds = said.partition(",")[0].removeprefix("t=")
        assert said == signed(made["signing_secret"], int(seconds), body)
        assert headers["X-WEBHOOK-KEY"] == KEY

    behave(service.stack.webroot, HOST, "refuse", "503")
    placed = service.place("unheard.lab.example.com")
    until(lambda: health(service, path)["failures"] or None, 60, "a post failed")
    behave(service.stack.webroot, HOST, "hear", str(heard))
    service.client.ask("POST", f"{path}/test", expect=204)
    until(lambda: placed["id"] in orders(heard) or None, 90, "the event came after the outage")
    assert health(service, path)["failures"] == 0
    rows = service.client.ask("GET", f"{path}/delivery")["deliveries"]
    assert {row["outcome"] for row in rows} == {"delivered", "failed"}
    delivery = next(row for row in rows if row["event_id"] == told["id"])
    service.client.ask("POST", f"{path}/replay", {"delivery": delivery["id"]}, expect=204)
    until(lambda: [told["id"]] * 2 == ids(heard, told["id"]) or None, 60, "it was told again")
    assert lines(heard)[-1]["headers"]["X-Vouchsafe-Replay"] == "true"
    service.client.ask("DELETE", path, expect=204)
    service.client.ask("GET", path, expect=404)


def lines(heard: Path) -> list[dict[str, Any]]:
    """What the endpoint took so far."""
    text = heard.read_text() if heard.exists() else ""
    return [json.loads(line) for line in text.splitlines()]


def bodies(heard: Path) -> list[dict[str, Any]]:
    """The same, the bodies alone."""
    return [json.loads(line["body"]) for line in lines(heard)]


def posted(heard: Path, event: str) -> dict[str, Any]:
    """The first event of that name, which is waited for."""
    return until(
        lambda: next((each for each in bodies(heard) if each["event"] == event), None),
        90,
        f"{event} was posted",
    )


def orders(heard: Path) -> set[int]:
    """The orders of which the endpoint was told that they were placed."""
    placed = [each for each in bodies(heard) if each["event"] == "order_placed"]
    return {each["data"]["order_id"] for each in placed}


def ids(heard: Path, event_id: str) -> list[str]:
    """That id as often as it was told."""
    return [each["id"] for each in bodies(heard) if each.get("id") == event_id]


def health(service: Service, path: str) -> dict[str, Any]:
    """How the webhook's posts fare."""
    found: dict[str, Any] = service.client.ask("GET", path)["health"]
    return found


def signed(secret: str, seconds: int, body: bytes) -> str:
    """What a post of that second is signed with."""
    return signature(secret, datetime.fromtimestamp(seconds, UTC), body)
