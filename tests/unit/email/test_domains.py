"""Domains that are proven by e-mail ahead of any order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.api.driving import OTHERS_KEY
from tests.unit.email.test_troubles import recorded, report
from tests.unit.email.world import World
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.proofs import DomainProof


def added(world: World, **changed: Any) -> dict[str, Any]:
    body = {"name": "example.com", "dcv_method": "email"} | changed
    reply = world.api.call("POST", "domain", body)
    assert reply.status == 201, reply.content
    return reply.json  # type: ignore[no-any-return]


def details(world: World, domain_id: int) -> dict[str, Any]:
    reply = world.api.call("GET", f"domain/{domain_id}", query={"include_dcv": "true"})
    return reply.json  # type: ignore[no-any-return]


def test_a_new_domain_gets_mails_and_says_to_whom() -> None:
    world = World()
    domain = added(world)
    five = ["admin", "administrator", "webmaster", "hostmaster", "postmaster"]
    assert domain["validation_emails"] == {
        "name_scope": "example.com",
        "base_emails": [f"{box}@example.com" for box in five],
        "whois_emails": [],
    }
    assert "dcv_token" not in domain
    mails = world.deliver()
    assert [one.address for one in mails] == domain["validation_emails"]["base_emails"]
    subject = "[Action required] Approve domain for certificates [example.com]"
    assert {one.mail.subject for one in mails} == {subject}


def test_the_page_approves_the_domain_and_orders_rely_on_it() -> None:
    world = World()
    domain_id = added(world)["id"]
    (mail, *_) = world.deliver()
    page = world.page("GET", mail.message_id)
    assert "Approve example.com for certificates?" in page.html
    assert world.approve(mail).status == 200
    assert details(world, domain_id)["dcv_approval_datetime"]
    assert world.book.records[DomainProof, 1, "example.com"].domain_id == domain_id
    order_id = world.place_one("shop.example.com")
    (one,) = world.info(order_id)["validations"]
    assert one["validation_status"] == "Succeeded"
    assert "Approved already" in world.page("GET", mail.message_id).html


def test_the_value_through_the_api_approves_once() -> None:
    world = World()
    added(world)
    first, second, *_ = world.deliver()
    assert world.enter(first.value, key=OTHERS_KEY).status == 400
    assert world.enter(first.value).status == 200
    assert world.enter(first.value).status == 400
    assert world.enter(second.value).status == 400
    (told,) = [one for one in world.changes() if one.kind is ChangeKind.DOMAIN_PROVEN]
    assert told.actor == "user 7"
    assert told.data["evidence"]["address"] == "admin@example.com"


def test_chosen_mailboxes_are_reserved_ones_of_the_domain_or_a_parent() -> None:
    world = World()
    body = {
        "name": "shop.example.com",
        "dcv_method": "email",
        "email_array": ["root@example.com", "admin@example.net", "admin@example.com"],
    }
    reply = world.api.call("POST", "domain", body)
    assert (reply.status, reply.codes) == (
        400,
        ["invalid_field|email_array[0]", "invalid_field|email_array[1]"],
    )
    body["email_array"] = ["Admin@Example.com"]
    assert world.api.call("POST", "domain", body).status == 201
    assert [one.address for one in world.deliver()] == ["admin@example.com"]


def test_the_lists_can_be_read_at_any_level_of_the_name() -> None:
    world = World()
    domain_id = added(world, name="a.shop.example.com")["id"]
    path = f"domain/{domain_id}/dcv/emails"
    assert world.api.call("GET", path).json["name_scope"] == "a.shop.example.com"
    at_parent = world.api.call("GET", path, query={"name_scope": "Example.com"}).json
    assert at_parent["base_emails"][0] == "admin@example.com"
    assert at_parent["whois_emails"] == []
    for scope in ("com", "example.net", "b.a.shop.example.com"):
        reply = world.api.call("GET", path, query={"name_scope": scope})
        assert (reply.status, reply.codes) == (400, ["invalid_field|name_scope"])


def test_mails_are_sent_again_not_too_often() -> None:
    world = World()
    domain_id = added(world)["id"]
    first = world.deliver()
    path = f"domain/{domain_id}/dcv/emails"
    assert world.api.call("POST", path).status == 204
    again = world.deliver()
    assert [one.message_id for one in again] == [one.message_id for one in first]
    refused = world.api.call("POST", path)
    assert refused.status == 429 and int(refused.headers["Retry-After"]) == 300
    world.api.clock.advance(timedelta(minutes=5))
    assert world.api.call("POST", path).status == 204
    assert world.enter(first[0].value).status == 200


def test_the_same_idempotency_key_sends_once() -> None:
    world = World()
    domain_id = added(world)["id"]
    world.deliver()
    path, key = f"domain/{domain_id}/dcv/emails", {"Idempotency-Key": "once"}
    assert [world.api.call("POST", path, headers=key).status for _ in range(2)] == [204, 204]
    assert len(world.deliver()) == 5


def test_no_call_sends_mails_again_and_again() -> None:
    world = World()
    domain_id = added(world)["id"]
    world.api.clock.advance(timedelta(minutes=1))
    calls = [
        ("POST", f"domain/{domain_id}/dcv/token", None),
        ("PUT", f"domain/{domain_id}/dcv/method", {"dcv_method": "email"}),
        ("POST", f"domain/{domain_id}/dcv/emails", None),
    ]
    statuses = [world.api.call(method, path, body).status for method, path, body in calls]
    assert statuses == [201, 429, 429]


def test_another_level_asks_other_mailboxes_and_voids_the_mails_before() -> None:
    world = World()
    domain_id = added(world, name="shop.example.com")["id"]
    old = world.deliver()
    path = f"domain/{domain_id}/dcv/emails"
    assert world.api.call("POST", path, {"name_scope": "example.com"}).status == 204
    fresh = world.deliver()
    assert fresh[0].address == "admin@example.com"
    assert world.enter(old[0].value).status == 400
    assert world.enter(fresh[0].value).status == 200
    assert (DomainProof, 1, "example.com") in world.book.records


def test_a_new_value_or_method_voids_the_mails() -> None:
    world = World()
    domain_id = added(world)["id"]
    (old, *_) = world.deliver()
    world.api.clock.advance(timedelta(minutes=1))
    assert world.api.call("POST", f"domain/{domain_id}/dcv/token").status == 201
    fresh = world.deliver()
    assert len(fresh) == 5
    assert world.enter(old.value).status == 400
    path = f"domain/{domain_id}/dcv/method"
    assert world.api.call("PUT", path, {"dcv_method": "dns-txt-token"}).status == 200
    assert world.deliver() == []
    assert world.enter(fresh[0].value).status == 400
    assert world.page("GET", fresh[0].message_id).status == 410


@pytest.mark.parametrize("call", ["deactivate", "remove"])
def test_a_domain_that_is_off_or_gone_takes_no_answer(call: str) -> None:
    world = World()
    domain_id = added(world)["id"]
    (mail, *_) = world.deliver()
    if call == "remove":
        world.api.call("DELETE", f"domain/{domain_id}")
    else:
        world.api.call("PUT", f"domain/{domain_id}/deactivate")
    assert world.enter(mail.value).status == 400
    assert world.page("GET", mail.message_id).status in {404, 410}


def test_a_domain_by_another_method_has_no_mails_to_send() -> None:
    world = World()
    domain_id = added(world, dcv_method="dns-txt-token")["id"]
    reply = world.api.call("POST", f"domain/{domain_id}/dcv/emails")
    assert (reply.status, reply.codes) == (400, ["invalid_status|domain"])


def test_a_foreign_domain_is_unknown() -> None:
    world = World()
    domain_id = added(world)["id"]
    path = f"domain/{domain_id}/dcv/emails"
    assert world.api.call("GET", path, key=OTHERS_KEY).status == 404
    assert world.api.call("POST", path, key=OTHERS_KEY).status == 404


def test_a_bounce_is_told_with_the_domain() -> None:
    world = World()
    domain_id = added(world)["id"]
    (mail, *_) = world.deliver()
    assert report(world, recorded("bounce", mail)) == [True]
    assert report(world, recorded("bounce", mail)) == [False]
    assert "mail_bounced" in str(details(world, domain_id))
