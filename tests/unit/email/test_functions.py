"""The functions of approval by e-mail: each sample event through its own handler."""

from __future__ import annotations

import base64
import importlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.mail_events import app
from tests.builders import MOMENT, a_certificate, an_authorization, an_order
from tests.unit.email.world import World
from vouchsafe.api import approval_page
from vouchsafe.dependencies import ApprovalPage
from vouchsafe.dependencies_mail import MailEvents
from vouchsafe.domain.authorization import Contact, DcvMethodName, Mailing
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.email_approval import ApprovalMessage, MailedValue, fingerprint
from vouchsafe.domain.records import VALUE_LIFE

EVENTS = Path(__file__).parents[3] / "events"
MAIL = "abcdefghijklmnopqrstuvwxyz"


def event(name: str) -> dict[str, Any]:
    return json.loads((EVENTS / f"{name}.json").read_text())  # type: ignore[no-any-return]


def waiting() -> World:
    """Order 1001 waits for an answer to the mail that the sample events are about."""
    world = World()
    contact = Contact(address="webmaster@example.com", authorization_domain="example.com")
    mailing = Mailing(contact=contact, message_id=MAIL)
    items = (an_authorization(method=DcvMethodName.EMAIL, random_value=None, mailings=(mailing,)),)
    value = MailedValue(
        sha256=fingerprint(f"_{MAIL}"), created_at=MOMENT, expires_at=MOMENT + VALUE_LIFE
    )
    message = ApprovalMessage(
        message_id=MAIL,
        account_id=1,
        order_id=1001,
        certificate_id=5001,
        name="www.example.com",
        address=contact.address,
        form_token="form",
        created_at=MOMENT,
        values=(value,),
    )
    pack = Authorizations(order_id=1001, certificate_id=5001, items=items)
    certificate = a_certificate(dcv_method=DcvMethodName.EMAIL, random_value=None)
    world.book.commit(an_order(), certificate, pack, message)
    return world


def page_of(world: World) -> approval_page.Handler:
    return approval_page.build(
        ApprovalPage(
            settings=world.api.settings,
            clock=world.api.clock,
            entropy=world.api.entropy,
            accounts=world.book,
            ledger=world.book,
            messages=world.book,
            domains=world.book,
            workflow=world.api.workflow,
        )
    )


@pytest.mark.parametrize("function", ["approval_page", "mail_events"])
def test_a_function_loads_without_any_environment(function: str) -> None:
    assert callable(importlib.import_module(f"functions.{function}.app").handler)


def test_the_page_opens_in_the_browsers_language() -> None:
    answer = page_of(waiting())(event("approval_page-open"), None)
    assert answer["statusCode"] == 200
    assert '<html lang="ko">' in answer["body"]


def test_the_form_approves_and_starts_the_next_run() -> None:
    world = waiting()
    answer = page_of(world)(event("approval_page-approve"), None)
    assert (answer["statusCode"], "Approved" in answer["body"]) == (200, True)
    assert world.api.workflow.orders == [(1001, 5001, 2)]


def test_a_base64_form_is_the_same_form() -> None:
    world, sent = waiting(), event("approval_page-approve")
    sent |= {"body": base64.b64encode(sent["body"].encode()).decode(), "isBase64Encoded": True}
    assert page_of(world)(sent, None)["statusCode"] == 200
    broken = sent | {"body": "***"}
    assert page_of(waiting())(broken, None)["statusCode"] == 400


def test_without_path_parameters_the_path_says_which_mail() -> None:
    sent = event("approval_page-open") | {"pathParameters": None}
    assert page_of(waiting())(sent, None)["statusCode"] == 200


@pytest.mark.parametrize(
    ("name", "noted"),
    [("bounce", 1), ("complaint", 1), ("reject", 1), ("out_of_office", 0), ("delivery", 0)],
)
def test_a_report_of_the_mail_service_reaches_the_order(name: str, noted: int) -> None:
    world = waiting()
    given = MailEvents(
        clock=world.api.clock,
        entropy=world.api.entropy,
        accounts=world.book,
        ledger=world.book,
        messages=world.book,
        domains=world.book,
    )
    answer = app.note(event(f"mail_events-{name}"), given)
    assert answer == {"noted": noted, "marked": 0}
    (item,) = world.dossier(1001).authorizations[5001]
    assert (item.mailings[0].trouble is not None) is bool(noted)


def test_a_page_without_limits_is_served_all_the_same() -> None:
    world = waiting()
    account = world.book.account(1)
    assert account is not None
    world.book.commit(replace(account, name="Renamed Ltd", version=account.version + 1))
    assert "Renamed Ltd" in page_of(world)(event("approval_page-open"), None)["body"]
