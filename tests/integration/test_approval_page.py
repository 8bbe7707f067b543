"""The approval page in a real browser: the link fills the form, only the button approves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_socket import socket_allow_hosts

from tests.lab.browser import Browser, find
from tests.page_server import serving
from tests.unit.email.world import Received, World

pytestmark = [pytest.mark.system, pytest.mark.enable_socket]

MISSING = "no Chromium on this machine (package chromium)"
VALUE = "document.getElementById('value').value"
TEXT = "document.body.innerText"
#: What the page's own policy would not let happen is reported here.
_WATCH = (
    "window.broken=[];document.addEventListener('securitypolicyviolation',"
    "e=>window.broken.push(e.violatedDirective))"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find()
    if path is None:
        pytest.skip(MISSING)
    socket_allow_hosts(["127.0.0.1"])
    with Browser(path) as opened:
        yield opened


@pytest.fixture
def waiting() -> tuple[World, int, Received]:
    world = World()
    order_id = world.place_one()
    return world, order_id, world.deliver()[0]


def status_of(world: World, order_id: int) -> str:
    return str(world.info(order_id)["validations"][0]["validation_status"])


def test_the_link_fills_the_form_and_the_button_approves(
    browser: Browser, waiting: tuple[World, int, Received]
) -> None:
    world, order_id, mail = waiting
    with serving(world) as (base, asked):
        browser.open(f"{base}/approve/{mail.message_id}#{mail.value}")
        browser.evaluate(_WATCH)
        assert browser.evaluate(VALUE) == mail.value
        assert browser.evaluate("!document.getElementById('filled').hidden")
        assert browser.evaluate("location.href") == f"{base}/approve/{mail.message_id}"
        assert browser.evaluate("document.querySelector('h1').innerText").endswith("example.com?")
        assert status_of(world, order_id) == "In progress"
        assert browser.evaluate("window.broken") == []
        browser.click("button")
        browser.until(f"{TEXT}.includes('Thank you')")
        assert status_of(world, order_id) == "Succeeded"
        assert not [line for line in asked if mail.value in line]


def test_the_style_is_the_one_that_the_policy_lets_through(
    browser: Browser, waiting: tuple[World, int, Received]
) -> None:
    world, _, mail = waiting
    with serving(world) as (base, _asked):
        browser.open(f"{base}/approve/{mail.message_id}")
        button = "getComputedStyle(document.querySelector('button')).borderRadius"
        assert browser.evaluate(button) == "9px"


def test_the_other_language_takes_the_value_along(
    browser: Browser, waiting: tuple[World, int, Received]
) -> None:
    world, order_id, mail = waiting
    with serving(world) as (base, _asked):
        browser.open(f"{base}/approve/{mail.message_id}#{mail.value}")
        browser.click("nav a")
        browser.until("document.documentElement.lang === 'ko'")
        browser.until(f"{VALUE} === '{mail.value}'")
        browser.click("button")
        browser.until(f"{TEXT}.includes('승인되었습니다')")
        assert status_of(world, order_id) == "Succeeded"


def test_without_script_the_value_is_typed_in(
    browser: Browser, waiting: tuple[World, int, Received]
) -> None:
    world, order_id, mail = waiting
    with serving(world) as (base, _asked):
        browser.open(f"{base}/approve/{mail.message_id}")
        browser.run_scripts(False)
        try:
            browser.open(f"{base}/approve/{mail.message_id}#{mail.value}")
            assert browser.evaluate(VALUE) == ""
            browser.click("#value")
            browser.type(mail.value)
            browser.click("button")
            browser.until(f"{TEXT}.includes('Thank you')")
        finally:
            browser.run_scripts(True)
        assert status_of(world, order_id) == "Succeeded"


def test_an_empty_form_is_not_even_sent(
    browser: Browser, waiting: tuple[World, int, Received]
) -> None:
    world, order_id, mail = waiting
    with serving(world) as (base, asked):
        browser.open(f"{base}/approve/{mail.message_id}")
        browser.click("button")
        assert browser.evaluate("document.activeElement.id") == "value"
        assert not [line for line in asked if line.startswith("POST")]
        assert status_of(world, order_id) == "In progress"


def test_a_wrong_value_is_said_above_the_form(
    browser: Browser, waiting: tuple[World, int, Received]
) -> None:
    world, order_id, mail = waiting
    with serving(world) as (base, _asked):
        browser.open(f"{base}/approve/{mail.message_id}#_wrong")
        browser.click("button")
        browser.until("!!document.querySelector('[role=alert]')")
        assert browser.evaluate(VALUE) == ""
        assert status_of(world, order_id) == "In progress"
