"""Orders by e-mail on the running service: mails, values, the page, a browser, bounces."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.e2e.service import Service, body, until
from tests.lab import records
from tests.lab.accounts import invoke
from tests.lab.browser import Browser, find
from tests.lab.client import Response, send

_LINK = re.compile(r"(https?://\S+/approve/[a-z2-7]{26})#(_[a-z2-7]{26})")
EVENTS = Path(__file__).parents[2] / "events"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that asks for an approval, as it arrived."""

    address: str
    subject: str
    page: str
    value: str

    @property
    def message_id(self) -> str:
        return self.page.rpartition("/")[2]


def by_mail(name: str, *others: str, **more: Any) -> dict[str, Any]:
    """The body of an order by e-mail."""
    return body(name, *others) | {"dcv_method": "email"} | more


def place(service: Service, name: str, *others: str, **more: Any) -> int:
    answer = service.try_order(by_mail(name, *others, **more))
    assert answer.status == 201, answer.body
    placed = answer.json()
    assert "dcv_random_value" not in placed
    return int(placed["id"])


def letters(service: Service, *words: str, count: int = 1) -> list[Letter]:
    """The mails with these words in them, once there are `count` of them; oldest first."""

    def arrived() -> list[Letter] | None:
        found = []
        for mail in service.mails(*words):
            link = _LINK.search(mail["text"])
            if link:
                found.append(Letter(mail["to"][0], mail["subject"], link[1], link[2]))
        return found if len(found) >= count else None

    return until(arrived, 60, f"{count} mails with {words}")


def enter(service: Service, value: str) -> Response:
    return service.client.call("PUT", f"domain/dcv/email/token/{value}")


def form_token(page: Response) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page.body.decode())
    assert found, page.body
    return found[1]


def test_an_order_by_mail_is_issued_once_somebody_hands_the_value_in(service: Service) -> None:
    name = "by.mail.lab.example.com"
    order_id = place(service, name, f"www.{name}")
    arrived = letters(service, f"[{name}] {order_id}", count=5)
    assert {one.address for one in arrived} == {
        f"{box}@{name}"
        for box in ("admin", "administrator", "webmaster", "hostmaster", "postmaster")
    }
    subject = f"[Action required] Approve certificate request [{name}] {order_id}"
    assert {one.subject for one in arrived} == {subject}
    assert len({one.value for one in arrived}) == 5
    order = service.client.order(order_id)
    assert {one["validation_status"] for one in order["validations"]} == {"In progress"}
    for wrong in ("_aaaaaaaaaaaaaaaaaaaaaaaaaa", arrived[0].message_id):
        assert enter(service, wrong).status == 400
    assert enter(service, arrived[0].value).json() == {"status": "approved"}
    issued = service.until_status(order_id, "issued")
    assert sorted(service.chain(issued["certificate"]["id"]).names) == sorted([name, f"www.{name}"])
    assert {one["approved_by"] for one in issued["validations"]} == {arrived[0].address}
    assert enter(service, arrived[0].value).status == 400
    assert arrived[0].value not in json.dumps(service.client.order(order_id))


def test_another_account_can_do_nothing_with_a_value(service: Service, stranger: Service) -> None:
    name = "foreign.mail.lab.example.com"
    order_id = place(service, name)
    (mail, *_) = letters(service, f"[{name}] {order_id}", count=5)
    foreign, wrong = enter(stranger, mail.value), enter(service, "_wrong")
    assert (foreign.status, foreign.body) == (400, wrong.body)
    assert enter(service, mail.value).status == 200


def test_opening_the_page_approves_nothing_and_its_form_does(service: Service) -> None:
    name = "page.mail.lab.example.com"
    order_id = place(service, name)
    (mail, *_) = letters(service, f"[{name}] {order_id}", count=5)
    page = send("GET", mail.page, {"Accept-Language": "ko-KR"})
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert name in page.body.decode() and '<html lang="ko">' in page.body.decode()
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    scanners = [
        send("GET", mail.page),
        send("HEAD", mail.page),
        send("GET", mail.page, {"Purpose": "prefetch"}),
        send("GET", f"{mail.page}?value={mail.value}"),
        send("POST", mail.page),
        send("POST", mail.page, body=urlencode({"value": mail.value}).encode()),
    ]
    assert [one.status for one in scanners] == [200, 200, 200, 200, 400, 400]
    assert service.client.order(order_id)["validations"][0]["validation_status"] == "In progress"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = urlencode({"form_token": form_token(page), "value": mail.value}).encode()
    approved = send("POST", mail.page, headers, answer)
    assert (approved.status, "Approved" in approved.body.decode()) == (200, True)
    service.until_status(order_id, "issued")
    assert "Approved already" in send("GET", mail.page).body.decode()


def test_a_cancelled_orders_page_says_so(service: Service) -> None:
    name = "gone.mail.lab.example.com"
    order_id = place(service, name)
    (mail, *_) = letters(service, f"[{name}] {order_id}", count=5)
    path = f"order/certificate/{order_id}/status"
    service.client.ask("PUT", path, {"status": "CANCELED"}, expect=204)
    page = send("GET", mail.page)
    assert (page.status, "No longer asked for" in page.body.decode()) == (410, True)
    assert enter(service, mail.value).status == 400


def test_mails_are_sent_again_but_not_again_at_once(service: Service) -> None:
    name = "again.mail.lab.example.com"
    order_id = place(service, name, locale="ko")
    words = (f"[작업 필요] 인증서 요청 승인 [{name}] {order_id}",)
    first = letters(service, *words, count=5)
    path = f"order/certificate/{order_id}/resend-emails"
    service.client.ask("PUT", path, expect=204)
    refused = service.client.call("PUT", path)
    assert refused.status == 429
    assert 0 < int(refused.headers["retry-after"]) <= 300
    both = letters(service, *words, count=10)
    assert len({one.value for one in both}) == 10
    assert {one.message_id for one in both} == {one.message_id for one in first}


def test_a_contact_that_the_domains_dns_names_is_asked(service: Service) -> None:
    name, contact = "contact.lab.example.com", "tls-team@elsewhere.example.net"
    wish = {"dns_name": name, "email_domain": name, "email": contact}
    refused = service.try_order(by_mail(name, dcv_emails=[wish]))
    assert (refused.status, refused.problem()[0]) == (400, "invalid_field|dcv_emails[0].email")
    records.publish_txt(service.stack.ports["dns"], f"_validation-contactemail.{name}", contact)
    order_id = place(service, name, dcv_emails=[wish])
    (mail,) = letters(service, f"[{name}] {order_id}")
    assert mail.address == contact
    assert enter(service, mail.value).status == 200
    issued = service.until_status(order_id, "issued")
    (one,) = issued["validations"]
    assert (one["approved_by"], one["authorization_domain"]) == (contact, name)
    assert int(one["quorum"].partition("/")[0]) >= 3


def test_a_contact_in_caa_is_found_at_the_parent(service: Service) -> None:
    parent, contact = "caa-contact.lab.example.com", "hostmaster@elsewhere.example.net"
    name = f"www.{parent}"
    ports = service.stack.ports["dns"]
    records.publish(ports, parent, "CAA", f'128 contactemail "{contact}"')
    wish = {"dns_name": name, "email_domain": parent, "email": contact}
    order_id = place(service, name, dcv_emails=[wish])
    (mail,) = letters(service, f"[{name}] {order_id}")
    assert enter(service, mail.value).status == 200
    issued = service.until_status(order_id, "issued")
    assert issued["validations"][0]["authorization_domain"] == parent


def test_a_bounce_is_told_with_the_order_and_ends_one_whose_method_stays(
    service: Service,
) -> None:
    name = "bounced.mail.lab.example.com"
    sent = by_mail(name) | {"certificate_name": "bounced-mail"}
    answer = service.try_order(sent, product="advanced_dv")
    assert answer.status == 201, answer.body
    order_id = int(answer.json()["id"])
    *others, last = letters(service, f"[{name}] {order_id}", count=5)
    event = json.loads((EVENTS / "mail_events-bounce.json").read_text())

    def bounce(mail: Letter) -> Any:
        event["detail"]["mail"]["tags"]["message_id"] = [mail.message_id]
        return invoke(service.stack, service.stack.outputs["MailEventsFunction"], event)

    assert [bounce(mail) for mail in others] == [{"noted": 1, "marked": 0}] * 4
    (one,) = service.client.order(order_id)["validations"]
    assert (one["validation_status"], one["cause"]) == ("In progress", "mail_bounced")
    assert "550 5.1.1 user unknown" in one["explanation"]
    assert bounce(last) == {"noted": 1, "marked": 0}
    failed = service.until_status(order_id, "rejected", within=10)
    assert (failed["certificate_status"], failed["status_reason"]) == (
        "Failed",
        "validation_failed",
    )


def test_a_domain_is_proven_by_mail_ahead_of_any_order(service: Service) -> None:
    name = "ahead.mail.lab.example.com"
    domain = service.client.ask("POST", "domain", {"name": name, "dcv_method": "email"}, expect=201)
    lists = service.client.ask("GET", f"domain/{domain['id']}/dcv/emails")
    assert lists["base_emails"] == domain["validation_emails"]["base_emails"]
    assert (lists["name_scope"], lists["whois_emails"]) == (name, [])
    (mail, *_) = letters(service, f"[{name}]", count=5)
    assert enter(service, mail.value).status == 200
    order_id = place(service, f"www.{name}")
    service.until_status(order_id, "issued")


def logged(service: Service) -> Iterator[str]:
    """Every line of every log in the stack."""
    client = service.stack.emulator.client("logs")
    for page in client.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            events = client.get_paginator("filter_log_events")
            for found in events.paginate(logGroupName=group["logGroupName"]):
                yield from (event["message"] for event in found["events"])


def test_no_log_holds_a_value_or_the_name_of_a_mail(service: Service) -> None:
    arrived = letters(service, "Action required", count=5)
    lines = list(logged(service))
    assert any("page.answered" in line for line in lines)
    secrets = {one.value for one in arrived} | {one.message_id for one in arrived}
    assert not [line for line in lines if any(secret in line for secret in secrets)]


@pytest.mark.system
def test_in_a_browser_the_link_fills_the_form_and_the_button_issues(service: Service) -> None:
    path = find()
    if path is None:
        pytest.skip("no Chromium on this machine (package chromium)")
    name = "browser.mail.lab.example.com"
    order_id = place(service, name)
    (mail, *_) = letters(service, f"[{name}] {order_id}", count=5)
    with Browser(path) as browser:
        browser.open(f"{mail.page}#{mail.value}")
        assert browser.evaluate("document.getElementById('value').value") == mail.value
        assert browser.evaluate("location.hash") == ""
        assert name in browser.evaluate("document.querySelector('h1').innerText")
        assert str(order_id) in browser.evaluate("document.body.innerText")
        waiting = service.client.order(order_id)["validations"][0]
        assert waiting["validation_status"] == "In progress"
        browser.screenshot(service.stack.home / "approval-page.png")
        browser.click("button")
        browser.until("document.body.innerText.includes('Thank you')")
    service.until_status(order_id, "issued")
    assert urlsplit(mail.page).query == ""
