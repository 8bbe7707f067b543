"""Ordering by e-mail: the default and its warning, who gets mails, what may not be asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import MOMENT
from tests.fakes import FrozenClock
from tests.unit.api.driving import Api
from tests.unit.api.material import order_body
from tests.unit.email.world import World
from vouchsafe.domain.authorization import Contact, ContactSource, DcvMethodName

FIVE = ["admin", "administrator", "webmaster", "hostmaster", "postmaster"]
END = datetime(2028, 3, 15, tzinfo=UTC)


def entry(**changed: Any) -> dict[str, Any]:
    wish = {
        "dns_name": "www.example.com",
        "email_domain": "example.com",
        "email": "admin@example.com",
    }
    return wish | changed


def flaws(api: Api, **changed: Any) -> list[str]:
    body = order_body(**({"dcv_method": "email"} | changed))
    reply = api.call("POST", "order/certificate/ssl_dv_geotrust_flex", body)
    assert reply.status == 400, reply.content
    return reply.codes


def about_method(warnings: list[str]) -> list[str]:
    return [one for one in warnings if one.startswith("dcv_")]


def test_an_order_without_a_method_is_proven_by_email_with_a_warning() -> None:
    world = World()
    body = order_body()
    del body["dcv_method"]
    placed = world.api.call("POST", "order/certificate/ssl_dv_geotrust_flex", body).json
    (warning,) = about_method(placed["warnings"])
    assert warning.startswith("dcv_method: e-mail is used; ") and "2028-03-15" in warning
    assert world.info(placed["id"])["dcv_method"] == "email"
    assert about_method(world.info(placed["id"])["warnings"]) == [warning]


def test_an_order_that_says_email_is_warned_too() -> None:
    (warning,) = about_method(World().place()["warnings"])
    assert warning.startswith("dcv_method: e-mail should not be used")


def test_an_order_by_email_has_no_value_in_its_answer() -> None:
    placed = World().place()
    assert "dcv_random_value" not in placed
    assert placed["domains"] == []


def test_every_name_gets_the_five_mailboxes_at_itself_a_wildcard_at_its_base() -> None:
    world = World()
    shown = {
        one["dns_name"]: one["addresses"] for one in world.info(world.place()["id"])["validations"]
    }
    assert shown == {
        "www.example.com": [f"{box}@www.example.com" for box in FIVE],
        "example.com": [f"{box}@example.com" for box in FIVE],
        "*.shop.example.com": [f"{box}@shop.example.com" for box in FIVE],
    }


def test_names_with_an_entry_get_what_was_asked_for_all_entries_count_others_the_five() -> None:
    world = World()
    emails = [entry(), entry(email="Hostmaster@EXAMPLE.com"), entry(dns_name="example.com")]
    shown = {
        one["dns_name"]: one["addresses"]
        for one in world.info(world.place(dcv_emails=emails)["id"])["validations"]
    }
    assert shown["www.example.com"] == ["admin@example.com", "hostmaster@example.com"]
    assert shown["example.com"] == ["admin@example.com"]
    assert len(shown["*.shop.example.com"]) == 5


def test_the_list_comes_back_as_it_was_sent() -> None:
    world = World()
    emails = [entry()]
    assert world.info(world.place(dcv_emails=emails)["id"])["dcv_emails"] == emails


@pytest.mark.parametrize(
    ("emails", "field"),
    [
        ([entry(dns_name="other.example.com")], "dcv_emails[0].dns_name"),
        ([entry(email_domain="example.net", email="admin@example.net")], "[0].email_domain"),
        ([entry(email_domain="com", email="admin@com")], "dcv_emails[0].email"),
        ([entry(), entry(email="hostname@example.com")], "dcv_emails[1].email"),
        ([entry(email="admin@www.example.com")], "dcv_emails[0].email"),
        ([entry(email="no address")], "dcv_emails[0].email"),
        ([entry(email=5)], "dcv_emails[0].email"),
        (["admin@example.com"], "dcv_emails[0]"),
        ([{}], "dcv_emails[0].dns_name"),
        ("admin@example.com", "dcv_emails[0]"),
        ([{}] * 1251, "dcv_emails"),
    ],
)
def test_an_entry_that_may_not_be_is_refused_by_its_place(emails: Any, field: str) -> None:
    found = flaws(Api(), dcv_emails=emails)
    assert any(code.endswith(field) for code in found), found


def test_all_that_is_wrong_with_the_list_is_told_at_once_with_all_else() -> None:
    emails = [
        entry(email="hostname@example.com"),
        entry(dns_name="x.example.org", email_domain="example.net", email="root@example.net"),
        {"dns_name": "example.com"},
    ]
    assert flaws(Api(), dcv_emails=emails, order_validity={"years": 9}) == [
        "invalid_field|dcv_emails[2].email",
        "invalid_field|dcv_emails[0].email",
        "invalid_field|dcv_emails[1].dns_name",
        "invalid_field|dcv_emails[1].email",
        "invalid_field|order_validity.years",
    ]


def test_the_list_is_ignored_with_a_warning_under_another_method() -> None:
    world = World()
    placed = world.place(dcv_method="dns-txt-token", dcv_emails=[entry(email="hostname@x.example")])
    ignored = "dcv_emails: is ignored: the order is not validated by e-mail"
    assert about_method(placed["warnings"]) == [ignored]
    assert world.deliver() == []


def contact(**changed: Any) -> Contact:
    return Contact(
        **{
            "address": "Security.Team@contact.example.org",
            "authorization_domain": "example.com",
            "source": ContactSource.CAA,
            "found_at": "example.com",
            "looked_at": MOMENT,
            "quorum": "6/6",
        }
        | changed
    )


def test_a_contact_that_dns_names_may_be_asked_and_is_looked_up_by_the_checker() -> None:
    world = World()
    world.api.contacts.published.append(contact())
    emails = [entry(email="Security.Team@contact.example.org"), entry()]
    order_id = world.place(dcv_emails=emails)["id"]
    assert world.api.contacts.asked == [("example.com",)]
    (first, *_) = world.info(order_id)["validations"]
    assert first["addresses"] == ["Security.Team@contact.example.org", "admin@example.com"]


def test_a_contact_of_another_domain_or_in_another_case_is_none() -> None:
    api = Api()
    api.contacts.published.append(contact(authorization_domain="www.example.com"))
    emails = [entry(email="Security.Team@contact.example.org")]
    assert flaws(api, dcv_emails=emails) == ["invalid_field|dcv_emails[0].email"]
    api.contacts.published.append(contact())
    emails = [entry(email="security.team@contact.example.org")]
    assert flaws(api, dcv_emails=emails) == ["invalid_field|dcv_emails[0].email"]


def test_only_domains_that_may_speak_for_a_name_are_looked_up() -> None:
    api = Api()
    emails = [
        entry(email_domain="example.net", email="root@example.net"),
        entry(email_domain="com", email="root@example.com"),
        entry(dns_name="no name", email="root@example.com"),
        entry(email="root@example.com"),
    ]
    flaws(api, dcv_emails=emails)
    assert api.contacts.asked == [("example.com",)]


def test_nothing_is_looked_up_for_reserved_mailboxes() -> None:
    world = World()
    world.place(dcv_emails=[entry()])
    assert world.api.contacts.asked == []


def later() -> Api:
    return Api(clock=FrozenClock(END))


def test_from_its_last_day_on_email_asked_for_is_refused() -> None:
    assert flaws(later()) == ["invalid_field|dcv_method"]


def test_from_its_last_day_on_the_default_is_a_txt_record_with_a_remark() -> None:
    api = later()
    body = order_body()
    del body["dcv_method"]
    placed = api.call("POST", "order/certificate/ssl_dv_geotrust_flex", body).json
    assert placed["dcv_random_value"]
    assert "2028-03-15" in placed["warnings"][0]
    info = api.call("GET", f"order/certificate/{placed['id']}").json
    assert info["dcv_method"] == "dns-txt-token"


def test_a_proof_by_email_is_void_from_that_day_on() -> None:
    world = World(Api(clock=FrozenClock(END - timedelta(days=2))))
    world.place_one()
    (first, *_) = world.deliver()
    assert world.enter(first.value).status == 200
    world.api.clock.advance(timedelta(days=2))
    reply = world.api.call(
        "POST",
        "order/certificate/ssl_dv_geotrust_flex",
        order_body(certificate__common_name="example.com", certificate__dns_names=[]),
    )
    (item,) = world.dossier(reply.json["id"]).authorizations.popitem()[1]
    assert (item.method, item.proof) == (DcvMethodName.DNS_TXT, None)


def test_a_later_order_of_the_account_needs_no_mail_for_names_below_the_domain() -> None:
    world = World()
    world.place_one()
    (first, *_) = world.deliver()
    world.enter(first.value)
    order_id = world.place_one("shop.example.com")
    (one,) = world.info(order_id)["validations"]
    assert one["validation_status"] == "Succeeded"
    assert world.deliver() == []


def test_checking_now_an_order_that_waits_for_mails_is_refused() -> None:
    world = World()
    order_id = world.place_one()
    reply = world.api.call("PUT", f"order/certificate/{order_id}/check-dcv")
    assert (reply.status, reply.codes) == (400, ["invalid_status|order"])


def test_reading_the_random_value_of_an_order_by_email_is_refused() -> None:
    world = World()
    order_id = world.place_one()
    reply = world.api.call("PUT", f"order/certificate/{order_id}/dcv-random-value")
    assert (reply.status, reply.codes) == (400, ["invalid_status|order"])
