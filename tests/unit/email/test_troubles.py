"""Mails that do not arrive: what SES reports, what becomes of the order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.email.world import Received, World
from vouchsafe.adapters.ses_events import troubles_in
from vouchsafe.domain.authorization import AuthorizationStatus, MailTrouble
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.services.mail_reports import take_report

EVENTS = Path(__file__).parents[3] / "events"
ONE = {"certificate__common_name": "www.example.com", "certificate__dns_names": []}


def recorded(name: str, mail: Received | None = None) -> dict[str, Any]:
    """A sample event as SES publishes it, about `mail`."""
    event: dict[str, Any] = json.loads((EVENTS / f"mail_events-{name}.json").read_text())
    if mail is not None:
        event["detail"]["mail"]["tags"]["message_id"] = [mail.message_id]
    return event


def report(world: World, event: dict[str, Any]) -> list[bool]:
    return [
        take_report(
            each,
            ledger=world.book,
            messages=world.book,
            domains=world.book,
            clock=world.api.clock,
            entropy=world.api.entropy,
        )
        for each in troubles_in(event)
    ]


def test_a_bounce_marks_the_address_with_what_the_other_side_said() -> None:
    world = World()
    order_id = world.place_one()
    mail = world.deliver()[2]
    assert report(world, recorded("bounce", mail)) == [True]
    (one,) = world.info(order_id)["validations"]
    assert one["cause"] == "mail_bounced"
    assert "webmaster@example.com" in one["explanation"]
    assert "550 5.1.1 user unknown" in one["explanation"]
    assert one["validation_status"] == "In progress"
    (told,) = [each for each in world.changes() if each.kind is ChangeKind.MAIL_BOUNCED]
    assert told.data == {
        "names": ["example.com"],
        "address": "webmaster@example.com",
        "trouble": "bounced",
    }


def test_the_same_report_again_changes_nothing() -> None:
    world = World()
    world.place_one()
    event = recorded("bounce", world.deliver()[0])
    assert report(world, event) == [True]
    before = dict(world.book.records)
    assert report(world, event) == [False]
    assert world.book.records == before


def test_a_mail_that_bounced_late_can_still_be_answered_by_another_one() -> None:
    world = World()
    order_id = world.place_one()
    first, second, *_ = world.deliver()
    report(world, recorded("bounce", first))
    assert world.enter(second.value).status == 200
    assert world.info(order_id)["validations"][0]["validation_status"] == "Succeeded"


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("bounce", MailTrouble.BOUNCED),
        ("complaint", MailTrouble.COMPLAINED),
        ("reject", MailTrouble.REFUSED),
    ],
)
def test_each_kind_of_report_is_understood(name: str, trouble: MailTrouble) -> None:
    (found,) = troubles_in(recorded(name))
    assert found.kind is trouble
    assert found.detail


@pytest.mark.parametrize("name", ["out_of_office", "delivery"])
def test_what_is_no_trouble_is_passed_over(name: str) -> None:
    assert troubles_in(recorded(name)) == []


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"source": "aws.ses"},
        {"source": "aws.ses", "detail": {"eventType": "Bounce"}},
        {"source": "aws.ses", "detail": {"eventType": "Bounce", "mail": {"tags": {}}}},
        {"source": "aws.ec2", "detail": {"eventType": "Bounce"}},
        {"source": "aws.ses", "detail": "text"},
    ],
)
def test_other_events_are_passed_over(event: dict[str, Any]) -> None:
    assert troubles_in(event) == []


def test_reports_about_other_mails_or_ended_orders_change_nothing() -> None:
    world = World()
    order_id = world.place_one()
    (mail, *_) = world.deliver()
    world.api.call("PUT", f"order/certificate/{order_id}/status", {"status": "CANCELED"})
    before = dict(world.book.records)
    assert report(world, recorded("bounce", mail)) == [False]
    assert report(world, recorded("bounce")) == [False]
    assert world.book.records == before


def bounce_all(product: str, **changed: Any) -> tuple[World, int]:
    world = World()
    order_id = int(world.place(product, **(ONE | changed))["id"])
    for mail in world.deliver():
        assert report(world, recorded("bounce", mail)) == [True]
    return world, order_id


def test_an_order_whose_method_may_change_waits_although_every_mail_bounced() -> None:
    world, order_id = bounce_all("ssl_dv_geotrust_flex")
    info = world.info(order_id)
    assert info["status"] == "pending"
    assert info["validations"][0]["cause"] == "mail_bounced"
    path = f"order/certificate/{order_id}/dcv-method"
    assert world.api.call("PUT", path, {"dcv_method": "dns-txt-token"}).status == 200


def test_an_order_of_the_guides_flow_fails_for_good_when_every_mail_of_a_name_bounced() -> None:
    world, order_id = bounce_all("advanced_dv", certificate_name="shop-2026")
    info = world.info(order_id)
    assert (info["status"], info["status_reason"]) == ("rejected", "validation_failed")
    assert (info["certificate_status"], info["validation_status"]) == ("Failed", "Failed")
    (one,) = info["validations"]
    assert (one["validation_status"], one["cause"]) == ("Failed", "mail_bounced")
    kinds = [each.kind for each in world.changes() if each.order_id == order_id]
    assert kinds.count(ChangeKind.ORDER_REJECTED) == 1
    dossier = world.dossier(order_id)
    (item,) = dossier.authorizations[dossier.newest.certificate_id]
    assert item.status is AuthorizationStatus.INVALID
    assert dossier.newest.next_look_at is None


def test_an_order_of_the_guides_flow_goes_on_while_one_address_is_left() -> None:
    world = World()
    order_id = world.place("advanced_dv", certificate_name="shop-2026", **ONE)["id"]
    *others, last = world.deliver()
    for mail in others:
        report(world, recorded("bounce", mail))
    info = world.info(order_id)
    assert (info["status"], info["validations"][0]["cause"]) == ("pending", "mail_bounced")
    assert world.enter(last.value).status == 200


def test_asking_again_forgets_bounces_but_not_complaints() -> None:
    world = World()
    order_id = world.place_one()
    first, second, *_ = world.deliver()
    report(world, recorded("bounce", first))
    report(world, recorded("complaint", second))
    world.api.call("PUT", f"order/certificate/{order_id}/resend-emails")
    sent = {one.address for one in world.deliver()}
    assert first.address in sent
    assert second.address not in sent
