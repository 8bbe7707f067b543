"""What follows an order by e-mail: reissues, ordering again, another request."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.builders import MOMENT
from tests.unit.api.material import pem_csr
from tests.unit.email.test_ordering import entry
from tests.unit.email.world import World
from vouchsafe.domain.authorization import AuthorizationStatus, DcvMethodName
from vouchsafe.domain.certificate import CertificateStatus, Issued
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.lifecycle import followed, moved
from vouchsafe.domain.order import StatusReason


def issued(world: World, order_id: int) -> None:
    """As if the order's certificate had been issued."""
    dossier = world.dossier(order_id)
    processing = moved(dossier.newest, CertificateStatus.PROCESSING)
    world.book.commit(processing, *followed(dossier.order, processing))
    valid = moved(processing, CertificateStatus.VALID)
    made = Issued(
        serial=77,
        issuer_id="test-ec-1",
        shard=1,
        sha1="ab" * 20,
        sha256="cd" * 32,
        not_before=MOMENT,
        not_after=MOMENT + timedelta(days=199),
        issued_at=MOMENT,
    )
    order = world.dossier(order_id).order
    world.book.commit(replace(valid, issued=made), *followed(order, valid))


def test_a_reissue_asks_for_its_new_names_only_and_by_the_same_method() -> None:
    world = World()
    order_id = world.place_one("www.example.com", dcv_emails=[entry()])
    (mail,) = world.deliver()
    world.enter(mail.value)
    issued(world, order_id)
    body = {
        "certificate": {
            "common_name": "www.example.com",
            "dns_names": ["shop.example.com", "www.example.net"],
            "csr": pem_csr(),
            "server_platform": {"id": 45},
        },
        "skip_approval": True,
    }
    reply = world.api.call("POST", f"order/certificate/{order_id}/reissue", body)
    assert reply.status == 201, reply.content
    assert any(one.startswith("dcv_method: e-mail") for one in reply.json["warnings"])
    sent = world.deliver()
    assert {one.address.partition("@")[2] for one in sent} == {"www.example.net"}
    dossier = world.dossier(order_id)
    items = dossier.authorizations[reply.json["certificate_id"]]
    assert [one.status for one in items] == [
        AuthorizationStatus.VALID,
        AuthorizationStatus.VALID,
        AuthorizationStatus.PENDING,
    ]


def test_a_timed_out_order_placed_again_asks_the_same_mailboxes_with_new_values() -> None:
    world = World()
    order_id = world.place_one("www.example.com", dcv_emails=[entry()])
    (old,) = world.deliver()
    dossier = world.dossier(order_id)
    ended = moved(dossier.newest, CertificateStatus.INVALID, StatusReason.TIMED_OUT)
    world.book.commit(ended, *followed(dossier.order, ended))
    reply = world.api.call("POST", f"order/certificate/{order_id}/reorder")
    assert reply.status == 201, reply.content
    (fresh,) = world.deliver()
    assert fresh.address == old.address == "admin@example.com"
    assert (fresh.message_id, fresh.value) != (old.message_id, old.value)
    assert world.enter(old.value).status == 400
    assert world.enter(fresh.value).status == 200


def test_a_proof_that_lapses_while_others_are_waited_for_can_be_asked_for_again() -> None:
    world = World()
    order_id = world.place()["id"]
    (first, *_) = world.deliver()
    world.enter(first.value)
    dossier = world.dossier(order_id)
    certificate_id = dossier.newest.certificate_id
    items = tuple(
        replace(one, proof=replace(one.proof, proven_at=one.proof.proven_at - timedelta(days=201)))
        if one.proof
        else one
        for one in dossier.authorizations[certificate_id]
    )
    pack = Authorizations(order_id=order_id, certificate_id=certificate_id, items=items)
    newest = replace(dossier.newest, version=dossier.newest.version + 1)
    world.book.commit(newest, pack)
    path = f"order/certificate/{order_id}/resend-emails"
    assert world.api.call("PUT", path).status == 204
    assert len(world.deliver()) == 15
    assert {one.method for one in items} == {DcvMethodName.EMAIL}
