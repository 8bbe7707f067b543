"""The approval page: what it shows, what approves, and everything that changes nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.unit.email.world import Received, Seen, World, received
from vouchsafe.api.approval_page import PAGE_LIMITS
from vouchsafe.api.page_html import POLICY
from vouchsafe.api.page_words import PAGE_WORDS
from vouchsafe.domain.email_approval import MOST_ATTEMPTS, MessageState
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.letters import Language


def opened(**changed: Any) -> tuple[World, int, Received]:
    world = World()
    order_id = world.place_one(**changed)
    return world, order_id, world.deliver()[0]


def status_of(world: World, order_id: int) -> str:
    return str(world.info(order_id)["validations"][0]["validation_status"])


def test_the_page_shows_what_is_asked_by_whom_and_until_when() -> None:
    world, order_id, mail = opened()
    page = world.page("GET", mail.message_id)
    assert page.status == 200
    for fact in (
        "example.com",
        str(order_id),
        "Example Ltd",
        "Ada Example",
        "admin@example.com",
        "2026-11-24 12:00 UTC",
        "GeoTrust DV SSL",
    ):
        assert fact in page.html, fact


def test_the_form_approves() -> None:
    world, order_id, mail = opened()
    page = world.approve(mail)
    assert (page.status, "Approved" in page.html) == (200, True)
    assert status_of(world, order_id) == "Succeeded"
    assert world.api.workflow.orders[-1][0] == order_id
    (proven,) = [one for one in world.changes() if one.kind == "name_proven"]
    assert proven.actor == "mail admin@example.com"


def scans(world: World, mail: Received) -> list[Seen]:
    """What link scanners, previews and prefetchers do, and worse."""
    token, value = "form_token", "value"
    good = world.page("GET", mail.message_id).form_token
    prefetch = {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender", "X-Moz": "prefetch"}
    return [
        world.page("GET", mail.message_id),
        world.page("HEAD", mail.message_id),
        world.page("GET", mail.message_id, headers=prefetch),
        world.page("GET", mail.message_id, query={value: mail.value, token: good}),
        world.page("HEAD", mail.message_id, query={value: mail.value, token: good}),
        world.page("POST", mail.message_id),
        world.page("POST", mail.message_id, query={value: mail.value, token: good}),
        world.page("POST", mail.message_id, body=urlencode({value: mail.value})),
        world.page("POST", mail.message_id, body=urlencode({value: mail.value, token: ""})),
        world.page("POST", mail.message_id, body=urlencode({value: mail.value, token: "x"})),
        world.page("POST", mail.message_id, body=f'{{"value":"{mail.value}"}}'),
        world.page("POST", mail.message_id, body="&".join(f"a{n}=b" for n in range(40))),
        world.page("POST", mail.message_id, body="x" * 5000),
        world.page("GET", mail.value),
        world.page("POST", mail.value, body=urlencode({value: mail.value, token: good})),
    ]


def test_whoever_opens_links_changes_nothing_at_all() -> None:
    world, _, mail = opened()
    before = dict(world.book.records)
    runs = list(world.api.workflow.orders)
    statuses = [one.status for one in scans(world, mail)]
    assert world.book.records == before
    assert world.api.workflow.orders == runs
    assert statuses == [200] * 5 + [400] * 8 + [404] * 2


def test_reading_the_page_writes_nothing_but_the_count_of_calls() -> None:
    world, _, mail = opened()
    world.api.tripwire.calls.clear()
    world.page("GET", mail.message_id)
    assert not [call for call in world.api.tripwire.calls if "commit" in call]


def test_head_has_the_headers_and_no_body() -> None:
    world, _, mail = opened()
    assert world.page("HEAD", mail.message_id).html == ""


def test_a_form_of_another_mail_does_not_do() -> None:
    world, order_id, mail = opened()
    other = world.page("GET", world.mailer.sent[1].tags[1][1]).form_token
    page = world.approve(mail, token=other)
    assert (page.status, status_of(world, order_id)) == (400, "In progress")


def test_a_wrong_value_is_said_counted_and_not_shown_again() -> None:
    world, order_id, mail = opened()
    page = world.approve(mail, value="_wrong<script>")
    assert page.status == 400
    assert PAGE_WORDS[Language.ENGLISH].wrong_value in page.html
    assert "_wrong" not in page.html
    message = world.book.message(mail.message_id)
    assert message is not None and message.attempts == 1
    assert status_of(world, order_id) == "In progress"
    assert world.approve(mail).status == 200


def test_too_many_wrong_values_lock_the_mail_and_no_other() -> None:
    world, order_id, mail = opened()
    token = world.page("GET", mail.message_id).form_token
    pages = [world.approve(mail, token=token, value="_no") for _ in range(MOST_ATTEMPTS)]
    assert [one.status for one in pages] == [400] * (MOST_ATTEMPTS - 1) + [410]
    locked = world.approve(mail, token=token)
    assert (locked.status, status_of(world, order_id)) == (410, "In progress")
    assert world.enter(mail.value).status == 400
    assert world.approve(received(world.mailer.sent[1])).status == 200


def ended_by(world: World, order_id: int, mail: Received, how: str) -> None:
    match how:
        case "approved":
            world.approve(mail)
        case "proven":
            world.enter(world.mailer.sent[1].text.rpartition("#")[2].split()[0])
        case "cancelled":
            path = f"order/certificate/{order_id}/status"
            world.api.call("PUT", path, {"status": "CANCELED"})
        case "another method":
            path = f"order/certificate/{order_id}/dcv-method"
            world.api.call("PUT", path, {"dcv_method": "dns-txt-token"})
        case "expired":
            world.api.clock.advance(timedelta(hours=72, seconds=1))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("how", "state", "status"),
    [
        ("approved", MessageState.APPROVED, 200),
        ("proven", MessageState.PROVEN, 200),
        ("cancelled", MessageState.ENDED, 410),
        ("another method", MessageState.ENDED, 410),
        ("expired", MessageState.EXPIRED, 410),
    ],
)
def test_when_there_is_nothing_to_approve_the_page_says_why(
    how: str, state: MessageState, status: int, language: Language
) -> None:
    world, order_id, mail = opened()
    token = world.page("GET", mail.message_id).form_token
    ended_by(world, order_id, mail, how)
    before = dict(world.book.records)
    shown = world.page("GET", mail.message_id, query={"lang": language})
    form = urlencode({"form_token": token, "value": mail.value})
    sent = world.page("POST", mail.message_id, body=form, query={"lang": language})
    for page in (shown, sent):
        assert page.status == status
        assert PAGE_WORDS[language].states[state].heading in page.html
        assert "<form" not in page.html
    assert world.book.records == before


@pytest.mark.parametrize(
    "body",
    [
        "",
        "value",
        "&&&&",
        "value=%00&form_token=%00",
        "value=%ff%fe&form_token=%c3",
        "value=\ud800&form_token=\udfff",
        "value=%ED%A0%80",
        "form_token[]=x&value[]=y",
        '{"value": "x"}',
        "a=1&" * 50,
        "value=" + "x" * 100_000,
        "value={0.__class__}&form_token={domain}",
        "\x00" * 100,
    ],
)
def test_hostile_forms_are_refused_and_change_nothing(body: str) -> None:
    world, order_id, mail = opened()
    token = world.page("GET", mail.message_id).form_token
    before = dict(world.book.records)
    assert world.page("POST", mail.message_id, body=body).status == 400
    assert world.book.records == before
    page = world.page("POST", mail.message_id, body=f"{body}&form_token={token}&value=_no")
    assert page.status == 400
    assert status_of(world, order_id) == "In progress"


def test_an_unknown_mail_is_no_page() -> None:
    world = World()
    for message_id in ("a" * 26, "x", "..%2f", "가", "a" * 500):
        assert world.page("GET", message_id).status == 404


@pytest.mark.parametrize(
    ("more", "language"),
    [
        ({}, "en"),
        ({"headers": {"Accept-Language": "ko-KR,ko;q=0.9,en;q=0.8"}}, "ko"),
        ({"headers": {"accept-language": "de"}}, "en"),
        ({"query": {"lang": "ko"}}, "ko"),
        ({"query": {"lang": "en"}, "headers": {"Accept-Language": "ko"}}, "en"),
    ],
)
def test_the_language_is_the_links_or_else_the_browsers(more: Any, language: str) -> None:
    world, _, mail = opened()
    page = world.page("GET", mail.message_id, **more)
    assert f'<html lang="{language}">' in page.html
    assert f'<a href="?lang={"ko" if language == "en" else "en"}"' in page.html


def test_the_headers_forbid_everything_that_the_page_does_not_need() -> None:
    world, _, mail = opened()
    headers = world.page("GET", mail.message_id).headers
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_the_policy_names_exactly_the_pages_own_script_and_style() -> None:
    world, _, mail = opened()
    html = world.page("GET", mail.message_id).html
    for element in ("script", "style"):
        (text,) = re.findall(rf"<{element}>(.*?)</{element}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in POLICY
    assert " on" not in re.sub(r">[^<]*<", "><", html).replace(" only", "")
    assert "style=" not in html and "src=" not in html


class _Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_can_be_read_and_used_without_eyes_or_mouse() -> None:
    world, _, mail = opened()
    outline = _Outline()
    outline.feed(world.page("GET", mail.message_id).html)
    assert outline.open == []
    names = [tag for tag, _ in outline.tags]
    assert [names.count(tag) for tag in ("h1", "main", "title", "header", "footer")] == [1] * 5
    labelled = {attrs["for"] for tag, attrs in outline.tags if tag == "label"}
    inputs = [attrs for tag, attrs in outline.tags if tag == "input"]
    shown = [attrs for attrs in inputs if attrs["type"] != "hidden"]
    assert {attrs["id"] for attrs in shown} == labelled
    ids = {attrs["id"] for _, attrs in outline.tags if "id" in attrs}
    assert {attrs["aria-describedby"] for attrs in shown} <= ids
    (nav,) = [attrs for tag, attrs in outline.tags if tag == "nav"]
    assert nav["aria-label"]


def test_facts_are_escaped() -> None:
    world = World()
    account = world.book.account(1)
    assert account is not None
    world.book.commit(replace(account, name="<b>Evil & Co</b>", version=2))
    world.place_one()
    page = world.page("GET", world.deliver()[0].message_id)
    assert "<b>Evil" not in page.html
    assert "&lt;b&gt;Evil &amp; Co&lt;/b&gt;" in page.html


def test_a_source_that_asks_too_often_is_told_to_wait() -> None:
    world, _, mail = opened()
    (limit,) = PAGE_LIMITS
    answers = [world.page("GET", mail.message_id) for _ in range(limit.count + 1)]
    assert {one.status for one in answers[:-1]} == {200}
    assert answers[-1].status == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert answers[0].headers["RateLimit-Limit"] == str(limit.count)


def test_own_trouble_is_a_page_that_asks_to_come_again() -> None:
    world, _, mail = opened()

    def broken(message_id: str) -> None:
        raise Unavailable("throttled")

    world.book.message = broken  # type: ignore[method-assign,assignment]
    page = world.page("GET", mail.message_id)
    assert page.status == 503
    assert "throttled" not in page.html


def test_no_log_ever_holds_a_value_a_mail_or_a_form() -> None:
    world, _, mail = opened()
    token = world.page("GET", mail.message_id).form_token
    scans(world, mail)
    world.approve(mail)
    lines = world.page_log.getvalue() + world.api.log.getvalue()
    assert '"page.answered"' in lines
    for secret in (mail.value, mail.message_id, token, mail.address):
        assert secret not in lines


@pytest.mark.parametrize("language", Language)
def test_the_words_of_the_page_are_whole(language: Language) -> None:
    mine, english = PAGE_WORDS[language], PAGE_WORDS[Language.ENGLISH]
    assert set(mine.labels) == set(english.labels)
    assert set(mine.states) == set(MessageState) - {MessageState.OPEN}
