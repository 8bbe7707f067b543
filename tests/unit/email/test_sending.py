"""Mails that ask for an approval: one for each address and name, once, with a value of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import MOMENT
from tests.tripwire import Cut
from tests.unit.api.driving import OTHERS_KEY, Reply
from tests.unit.email.test_ordering import contact, entry
from tests.unit.email.world import World, received
from vouchsafe.domain.authorization import MailTrouble
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.email_approval import MOST_SENT, ApprovalMessage, fingerprint
from vouchsafe.domain.errors import MailRefused, Unavailable
from vouchsafe.services.approval_mails import mail_approvals
from vouchsafe.services.posting import MOST_TO_A_MAILBOX


def test_one_mail_goes_to_each_address_of_each_name() -> None:
    world = World()
    world.place()
    mails = world.deliver()
    assert len(mails) == 15
    assert len({one.address for one in mails}) == 15
    assert len({one.message_id for one in mails}) == 15
    assert len({one.value for one in mails}) == 15


def test_a_wildcard_and_its_base_share_their_mails() -> None:
    world = World()
    world.place(certificate__common_name="*.example.com", certificate__dns_names=["example.com"])
    assert len(world.deliver()) == 5


def test_names_for_which_one_mailbox_speaks_share_its_mail_and_its_answer_proves_them_all() -> None:
    world = World()
    placed = world.place(dcv_emails=[entry(), entry(dns_name="example.com")])
    (mail,) = [one for one in world.deliver() if one.address == "admin@example.com"]
    assert "[example.com]" in mail.mail.subject
    assert world.enter(mail.value).status == 200
    rows = {one["dns_name"]: one for one in world.info(placed["id"])["validations"]}
    assert rows["www.example.com"]["validation_status"] == "Succeeded"
    assert rows["www.example.com"]["authorization_steps"] == [
        "leftmost label removed: www.example.com -> example.com"
    ]
    assert rows["example.com"]["validation_status"] == "Succeeded"
    assert "authorization_steps" not in rows["example.com"]


def test_250_names_of_one_domain_are_one_mail_to_a_mailbox_also_when_sent_again() -> None:
    world = World()
    names = [f"n{number}.example.com" for number in range(250)]
    wishes = [
        entry(dns_name=name, email_domain="example.com", email="admin@example.com")
        for name in names
    ]
    placed = world.place(
        certificate__common_name=names[0], certificate__dns_names=names[1:], dcv_emails=wishes
    )
    (mail,) = world.deliver()
    world.api.clock.advance(timedelta(minutes=6))
    path = f"order/certificate/{placed['id']}/resend-emails"
    assert world.api.call("PUT", path).status == 204
    (again,) = world.deliver()
    assert (again.message_id, again.value != mail.value) == (mail.message_id, True)
    assert world.enter(again.value).status == 200
    rows = world.info(placed["id"])["validations"]
    assert {one["validation_status"] for one in rows} == {"Succeeded"}


def test_one_mailbox_as_the_contact_of_two_domains_gets_a_mail_for_each() -> None:
    """An answer speaks for one domain; the other is another question."""
    world = World()
    world.api.contacts.published += [
        contact(authorization_domain=name) for name in ("example.com", "shop.example.com")
    ]
    box = "Security.Team@contact.example.org"
    world.place(
        dcv_emails=[
            entry(dns_name="www.example.com", email_domain="example.com", email=box),
            entry(dns_name="shop.example.com", email_domain="shop.example.com", email=box),
        ]
    )
    mails = [one for one in world.deliver() if one.address == box]
    assert len({one.message_id for one in mails}) == len(mails) == 2


def test_only_hashes_of_values_are_kept_and_no_value_is_told_anywhere() -> None:
    world = World()
    order_id = world.place_one()
    mails = world.deliver()
    said = str(world.info(order_id)) + world.api.log.getvalue()
    for one in mails:
        for key, record in world.book.records.items():
            assert one.value not in str(record), key
        assert one.value not in said
        found = world.book.message_of_value(fingerprint(one.value))
        assert found is not None and found.message_id == one.message_id


def test_telling_the_change_again_sends_nothing_again() -> None:
    world = World()
    world.place_one()
    world.deliver()
    (placed,) = [one for one in world.changes() if one.kind is ChangeKind.ORDER_PLACED]
    assert mail_approvals(placed, world.posting) == 0
    assert len(world.mailer.sent) == 5


def test_trouble_of_the_carrier_is_tried_again_without_sending_twice() -> None:
    world = World()
    world.place_one()
    world.mailer.failures = [Unavailable("throttled")]
    with pytest.raises(Unavailable):
        world.deliver()
    assert len(world.deliver()) == 5
    assert len(world.mailer.sent) == 5


def calls_of_a_delivery() -> int:
    """How many port calls the delivery of one order's mails takes."""
    world = World()
    world.place_one()
    world.api.tripwire.calls.clear()
    world.deliver()
    return len(world.api.tripwire.calls)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("call", range(1, calls_of_a_delivery() + 1))
def test_cut_anywhere_every_mail_still_leaves_and_can_be_answered(call: int, after: bool) -> None:
    world = World()
    order_id = world.place_one()
    tripwire = world.api.tripwire
    tripwire.calls.clear()
    tripwire.at, tripwire.after = call, after
    with pytest.raises(Cut):
        world.deliver()
    tripwire.at = 0
    world.api.clock.advance(timedelta(minutes=6))  # longer than the lease of who was cut
    world.deliver()
    last = {one.to[0]: one for one in world.mailer.sent}
    assert len(last) == 5
    assert len(world.mailer.sent) <= 6  # the one that was cut after it had left
    assert world.enter(received(last["admin@example.com"]).value).status == 200
    assert world.info(order_id)["validations"][0]["validation_status"] == "Succeeded"


def test_orders_by_other_methods_and_proven_names_get_none() -> None:
    world = World()
    world.place(dcv_method="dns-txt-token")
    assert world.deliver() == []


def test_an_order_that_waits_for_its_approval_gets_its_mails_with_it() -> None:
    world = World()
    account = world.book.account(1)
    assert account is not None
    world.book.commit(replace(account, orders_need_approval=True, version=2))
    placed = world.place(dcv_emails=[entry()])
    assert world.deliver() == []
    request_id = placed["requests"][0]["id"]
    reply = world.api.call("PUT", f"request/{request_id}/status", {"status": "approved"})
    assert reply.status == 204, reply.content
    sent = world.deliver()
    assert {one.address for one in sent} >= {"admin@example.com", "admin@shop.example.com"}
    assert len(sent) == 10


def test_the_language_is_the_orders() -> None:
    world = World()
    order_id = world.place_one(locale="ko_KR")
    (mail, *_) = world.deliver()
    assert mail.mail.subject == f"[작업 필요] 인증서 요청 승인 [example.com] {order_id}"


def test_another_method_voids_the_mails_and_email_again_sends_new_ones() -> None:
    world = World()
    order_id = world.place_one()
    (old, *_) = world.deliver()
    path = f"order/certificate/{order_id}/dcv-method"
    assert world.api.call("PUT", path, {"dcv_method": "dns-txt-token"}).status == 200
    assert world.deliver() == []
    assert world.enter(old.value).status == 400
    again = world.api.call(
        "PUT",
        path,
        {
            "dcv_method": "email",
            "dcv_emails": [
                {
                    "dns_name": "example.com",
                    "email_domain": "example.com",
                    "email": "admin@example.com",
                }
            ],
        },
    )
    assert again.status == 200 and "dcv_random_value" not in again.json
    (fresh,) = world.deliver()
    assert fresh.message_id != old.message_id
    assert world.enter(old.value).status == 400
    assert world.enter(fresh.value).status == 200


def test_no_call_sends_mails_again_and_again() -> None:
    world = World()
    order_id = world.place_one(dcv_method="dns-txt-token")
    assert world.deliver() == []
    path, body = f"order/certificate/{order_id}/dcv-method", {"dcv_method": "email"}
    assert world.api.call("PUT", path, body).status == 200
    assert world.api.call("PUT", path, body).status == 429
    assert world.api.call("PUT", f"order/certificate/{order_id}/resend-emails").status == 429
    assert len(world.deliver()) == 5
    world.api.clock.advance(timedelta(minutes=5))
    assert world.api.call("PUT", path, body).status == 200


def test_one_mail_leaves_ten_times_a_day_at_most_however_often_it_is_asked_for() -> None:
    """Whoever gets it did not ask for it: a mailbox of somebody else is no target."""
    world = World()
    order_id = world.place_one(dcv_emails=[entry(dns_name="example.com")])
    path = f"order/certificate/{order_id}/resend-emails"
    sent = len(world.deliver())
    for _ in range(15):
        world.api.clock.advance(timedelta(minutes=5))
        assert world.api.call("PUT", path).status == 204
        sent += len(world.deliver())
    assert sent == MOST_SENT
    world.api.clock.advance(timedelta(days=1))
    assert world.api.call("PUT", path).status == 204
    (late,) = world.deliver()
    assert world.enter(late.value).status == 200


def test_changing_to_email_with_addresses_that_may_not_be_changes_nothing() -> None:
    world = World()
    order_id = world.place_one(dcv_method="dns-txt-token")
    path = f"order/certificate/{order_id}/dcv-method"
    body = {"dcv_method": "email", "dcv_emails": [entry(dns_name="example.com", email="a@b.org")]}
    reply = world.api.call("PUT", path, body)
    assert (reply.status, reply.codes) == (400, ["invalid_field|dcv_emails[0].email"])
    assert world.info(order_id)["dcv_method"] == "dns-txt-token"


class TestAgain:
    """PUT order/certificate/{id}/resend-emails."""

    def ask(self, world: World, order_id: int) -> Reply:
        return world.api.call("PUT", f"order/certificate/{order_id}/resend-emails")

    def test_the_same_addresses_get_new_values_and_old_ones_stay_good(self) -> None:
        world = World()
        order_id = world.place_one()
        first = world.deliver()
        assert self.ask(world, order_id).status == 204
        second = world.deliver()
        assert [one.address for one in second] == [one.address for one in first]
        assert [one.message_id for one in second] == [one.message_id for one in first]
        assert not {one.value for one in second} & {one.value for one in first}
        assert world.enter(first[0].value).status == 200

    def test_the_second_time_must_wait_exactly_as_long_as_it_is_told(self) -> None:
        world = World()
        order_id = world.place_one()
        assert self.ask(world, order_id).status == 204
        world.api.clock.advance(timedelta(seconds=100.5))
        refused = self.ask(world, order_id)
        assert (refused.status, refused.codes) == (429, ["request_limit_exceeded"])
        assert refused.headers["Retry-After"] == "200"
        world.api.clock.advance(timedelta(seconds=199))
        assert self.ask(world, order_id).status == 429
        world.api.clock.advance(timedelta(seconds=1))
        assert self.ask(world, order_id).status == 204

    def test_it_moves_no_deadline(self) -> None:
        world = World()
        order_id = world.place_one()
        before = world.dossier(order_id).newest.window
        world.api.clock.advance(timedelta(hours=5))
        self.ask(world, order_id)
        assert world.dossier(order_id).newest.window == before

    def test_an_order_by_another_method_is_refused(self) -> None:
        world = World()
        order_id = world.place_one(dcv_method="dns-txt-token")
        reply = self.ask(world, order_id)
        assert (reply.status, reply.codes) == (400, ["invalid_status|order"])

    def test_an_order_that_is_proven_or_cancelled_is_refused(self) -> None:
        world = World()
        proven, cancelled = world.place_one(), world.place_one("example.net")
        world.enter(world.deliver()[0].value)
        status = {"status": "CANCELED"}
        world.api.call("PUT", f"order/certificate/{cancelled}/status", status)
        assert [self.ask(world, one).status for one in (proven, cancelled)] == [400, 400]

    def test_a_foreign_order_is_unknown(self) -> None:
        world = World()
        order_id = world.place_one()
        path = f"order/certificate/{order_id}/resend-emails"
        assert world.api.call("PUT", path, key=OTHERS_KEY).status == 404

    def test_only_names_that_still_wait_get_mails(self) -> None:
        world = World()
        order_id = world.place()["id"]
        shop = [one for one in world.deliver() if one.address == "admin@shop.example.com"]
        world.enter(shop[0].value)
        self.ask(world, order_id)
        assert {one.address.partition("@")[2] for one in world.deliver()} == {
            "www.example.com",
            "example.com",
        }


def test_a_mailbox_gets_so_many_mails_a_day_on_one_accounts_behalf_and_the_order_says_so() -> None:
    """As of orders placed and cancelled again and again, or domains added and deleted."""
    world = World()
    for _ in range(MOST_TO_A_MAILBOX):
        world.place_one()
        assert len(world.deliver()) == 5
    order_id = world.place_one()
    assert world.deliver() == []
    (one,) = world.info(order_id)["validations"]
    assert one["cause"] == "mail_not_sent"
    assert "too many mails" in one["explanation"]
    other = world.place_one("example.org")
    assert len(world.deliver()) == 5
    world.api.clock.advance(timedelta(days=1))
    assert world.api.call("PUT", f"order/certificate/{order_id}/resend-emails").status == 204
    assert len(world.deliver()) == 5
    (one,) = world.info(order_id)["validations"]
    assert one.get("cause") != "mail_not_sent"
    assert other != order_id


def test_a_contact_found_long_ago_gets_no_mail_until_it_was_looked_up_again() -> None:
    world = World()
    world.api.contacts.published.append(contact(authorization_domain="example.com"))
    order_id = world.place_one(
        dcv_emails=[entry(dns_name="example.com", email="Security.Team@contact.example.org")]
    )
    world.api.clock.advance(timedelta(hours=49))
    assert world.deliver() == []
    (one,) = world.info(order_id)["validations"]
    assert one["cause"] == "mail_not_sent"
    now = world.api.clock.now()
    world.api.contacts.published = [contact(looked_at=now)]
    path = f"order/certificate/{order_id}/resend-emails"
    assert world.api.call("PUT", path).status == 204
    (mail,) = world.deliver()
    assert mail.address == "Security.Team@contact.example.org"


def test_a_mail_that_is_refused_at_once_is_noted_and_the_others_leave() -> None:
    world = World()
    order_id = world.place_one()
    world.mailer.failures = [MailRefused("address is on the suppression list")]
    assert len(world.deliver()) == 4
    (one,) = world.info(order_id)["validations"]
    assert one["cause"] == "mail_bounced"
    assert "admin@example.com" in one["explanation"] and "suppression" in one["explanation"]
    (item,) = world.dossier(order_id).authorizations.popitem()[1]
    assert [each.trouble for each in item.mailings][:2] == [MailTrouble.REFUSED, None]


def test_every_sending_is_on_record_with_its_time() -> None:
    world = World()
    world.place_one()
    (mail, *_) = world.deliver()
    message = world.book.message(mail.message_id)
    assert isinstance(message, ApprovalMessage)
    (value,) = message.values
    assert (value.created_at, value.expires_at) == (MOMENT, MOMENT + timedelta(days=30))


def test_a_change_tells_that_mails_were_asked_for_again() -> None:
    world = World()
    order_id = world.place_one()
    world.api.call("PUT", f"order/certificate/{order_id}/resend-emails")
    told: list[Change] = [one for one in world.changes() if one.kind is ChangeKind.MAILS_RESENT]
    assert [(one.order_id, one.actor) for one in told] == [(order_id, "user 7")]
