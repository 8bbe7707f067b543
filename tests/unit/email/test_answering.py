"""Answers to mails through the API: what a value proves, once, and when it is dead."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import MOMENT
from tests.unit.api.driving import OTHERS_KEY
from tests.unit.api.material import PRODUCT
from tests.unit.email.test_ordering import contact, entry
from tests.unit.email.world import World
from vouchsafe.domain.authorization import AuthorizationStatus, DcvMethodName
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.proofs import DomainProof


def test_the_value_proves_the_name_and_wakes_the_order() -> None:
    world = World()
    order_id = world.place_one()
    certificate = world.dossier(order_id).newest
    (mail, *_) = world.deliver()
    reply = world.enter(mail.value)
    assert (reply.status, reply.json) == (200, {"status": "approved"})
    (item,) = world.dossier(order_id).authorizations[certificate.certificate_id]
    assert item.status is AuthorizationStatus.VALID
    proof = item.proof
    assert proof is not None
    assert (proof.method, proof.br_section) == (DcvMethodName.EMAIL, "3.2.2.4.4")
    assert (proof.authorization_domain, proof.proven_at) == ("example.com", MOMENT)
    assert (proof.address, proof.message_id) == ("admin@example.com", mail.message_id)
    assert mail.value not in str(proof)
    assert (order_id, certificate.certificate_id, 2) in world.api.workflow.orders


def test_order_details_say_who_approved_and_never_a_value() -> None:
    world = World()
    order_id = world.place_one()
    (mail, *_) = world.deliver()
    world.enter(mail.value)
    (one,) = world.info(order_id)["validations"]
    assert one["approved_by"] == "admin@example.com"
    assert one["authorization_domain"] == "example.com"
    assert one["validation_status"] == "Succeeded"
    assert mail.value not in str(world.info(order_id))


def test_a_mailbox_of_a_parent_proves_every_waiting_name_below_it() -> None:
    world = World()
    order_id = world.place(dcv_emails=[entry()])["id"]
    (mail,) = [one for one in world.deliver() if one.address == "admin@example.com"]
    world.enter(mail.value)
    shown = {
        one["dns_name"]: one["validation_status"] for one in world.info(order_id)["validations"]
    }
    assert set(shown.values()) == {"Succeeded"}


def test_a_mailbox_of_a_name_proves_nothing_beside_or_above_it() -> None:
    world = World()
    order_id = world.place()["id"]
    (mail,) = [one for one in world.deliver() if one.address == "admin@www.example.com"]
    world.enter(mail.value)
    shown = [one["validation_status"] for one in world.info(order_id)["validations"]]
    assert shown == ["Succeeded", "In progress", "In progress"]


def test_the_proof_is_the_accounts_from_now_on() -> None:
    world = World()
    world.place_one()
    world.enter(world.deliver()[0].value)
    proof = world.book.records[DomainProof, 1, "example.com"]
    assert proof.proof.method is DcvMethodName.EMAIL


def test_a_contact_from_dns_brings_its_section_and_who_saw_it() -> None:
    world = World()
    world.api.contacts.published.append(contact())
    order_id = world.place_one(
        dcv_emails=[entry(dns_name="example.com", email="Security.Team@contact.example.org")]
    )
    (mail,) = world.deliver()
    assert world.enter(mail.value).status == 200
    (item,) = world.dossier(order_id).authorizations.popitem()[1]
    assert item.proof is not None
    assert (item.proof.br_section, item.proof.quorum) == ("3.2.2.4.13", "6/6")
    assert item.proof.steps == ("contact found at example.com",)


def test_a_wrong_a_used_and_a_foreign_value_get_the_same_answer() -> None:
    world = World()
    world.place_one()
    first, second, *_ = world.deliver()
    world.enter(first.value)
    replies = [
        world.enter("_aaaaaaaaaaaaaaaaaaaaaaaaaa"),
        world.enter(first.value),
        world.enter(second.value),  # the name is proven already
        world.enter(second.value, key=OTHERS_KEY),
        world.enter(first.message_id),
        world.enter("%00"),
    ]
    assert {reply.status for reply in replies} == {400}
    assert len({reply.content for reply in replies}) == 1


def test_a_foreign_account_uses_nothing_up() -> None:
    world = World()
    world.place_one()
    (mail, *_) = world.deliver()
    assert world.enter(mail.value, key=OTHERS_KEY).status == 400
    assert world.enter(mail.value).status == 200


def test_blanks_around_a_value_are_no_matter() -> None:
    world = World()
    world.place_one()
    (mail, *_) = world.deliver()
    assert world.enter(f" {mail.value} ").status == 200


@pytest.mark.parametrize("status", ["CANCELED", "canceled"])
def test_a_value_dies_with_its_order(status: str) -> None:
    world = World()
    order_id = world.place_one()
    (mail, *_) = world.deliver()
    world.api.call("PUT", f"order/certificate/{order_id}/status", {"status": status})
    assert world.enter(mail.value).status == 400


def test_a_value_dies_with_the_window() -> None:
    world = World()
    world.place_one()
    (mail, *_) = world.deliver()
    world.api.clock.advance(timedelta(hours=72, seconds=1))
    assert world.enter(mail.value).status == 400


def test_a_change_tells_who_answered_and_what_was_proven() -> None:
    world = World()
    order_id = world.place_one()
    (mail, *_) = world.deliver()
    world.enter(mail.value)
    (told,) = [one for one in world.changes() if one.kind is ChangeKind.NAME_PROVEN]
    assert (told.order_id, told.actor) == (order_id, "user 7")
    assert told.data == {
        "names": ["example.com"],
        "address": "admin@example.com",
        "message_id": mail.message_id,
    }


def test_two_answers_at_once_are_one_approval() -> None:
    world = World()
    order_id = world.place_one()
    first, second, *_ = world.deliver()
    results = [world.enter(first.value).status, world.enter(second.value).status]
    assert results == [200, 400]
    kinds = [one.kind for one in world.changes() if one.order_id == order_id]
    assert kinds.count(ChangeKind.NAME_PROVEN) == 1


def test_an_order_whose_next_run_cannot_be_started_is_proven_all_the_same() -> None:
    world = World()

    def broken(*_: int) -> None:
        raise Unavailable("throttled")

    order_id = world.place_one()
    (mail, *_) = world.deliver()
    world.api.workflow.start_order = broken  # type: ignore[method-assign]
    assert world.enter(mail.value).status == 200
    assert world.info(order_id)["validations"][0]["validation_status"] == "Succeeded"


def test_the_guides_products_take_email_and_their_method_stays() -> None:
    world = World()
    one = {"certificate__common_name": "www.example.com", "certificate__dns_names": []}
    order_id = world.place("advanced_dv", certificate_name="shop-2026", **one)["id"]
    assert len(world.deliver()) == 5
    path = f"order/certificate/{order_id}/dcv-method"
    assert world.api.call("PUT", path, {"dcv_method": "dns-txt-token"}).status == 400
    assert PRODUCT != "advanced_dv"
