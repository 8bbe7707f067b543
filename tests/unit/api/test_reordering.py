"""Ordering again what ended without a certificate, and what proven names are worth then."""

from __future__ import annotations

from datetime import timedelta

from tests.builders import MOMENT, a_certificate, a_proof, an_authorization, an_order
from tests.unit.api.driving import Api
from tests.unit.api.material import timed_out
from tests.unit.api.test_reissues import prove
from vouchsafe.domain.authorization import AuthorizationStatus
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.order import Order
from vouchsafe.domain.proofs import DomainProof

REORDER = "order/certificate/1001/reorder"


def test_a_timed_out_order_is_placed_again_with_new_values() -> None:
    api = timed_out()
    reply = api.call("POST", REORDER)
    assert reply.status == 201
    answer = reply.json
    assert answer["id"] != 1001
    assert answer["dcv_random_value"] != a_certificate().random_value.value  # type: ignore[union-attr]
    order = api.book.records[(Order, answer["id"])]
    assert order.dns_names == an_order().dns_names
    assert order.term_ends_at.year == MOMENT.year + 2
    assert api.call("GET", f"order/certificate/{answer['id']}").json["comments"] == "first"


def test_names_proven_meanwhile_carry_over_and_others_do_not() -> None:
    api = timed_out()
    prove(api, "www.example.com")
    answer = api.call("POST", REORDER).json
    dossier = api.book.order(answer["id"])
    assert dossier is not None
    states = {
        item.identifier.value: item.status
        for item in dossier.authorizations[answer["certificate_id"]]
    }
    assert states == {
        "www.example.com": AuthorizationStatus.VALID,
        "example.com": AuthorizationStatus.PENDING,
    }


def test_a_proof_older_than_the_limit_of_its_day_is_worth_nothing() -> None:
    api = timed_out()
    old = a_proof(authorization_domain="example.com", proven_at=MOMENT - timedelta(days=200))
    api.book.commit(
        DomainProof(
            account_id=1,
            authorization_domain="example.com",
            proof=old,
            order_id=900,
            certificate_id=4900,
        )
    )
    answer = api.call("POST", REORDER).json
    assert {row["dcv_token"]["status"] for row in answer["domains"]} == {"pending"}


def test_an_order_that_lives_is_not_placed_again() -> None:
    api = Api()
    pack = Authorizations(order_id=1001, certificate_id=5001, items=(an_authorization(),))
    api.book.commit(an_order(), a_certificate(), pack)
    reply = api.call("POST", REORDER, {})
    assert (reply.status, reply.codes) == (400, ["invalid_status|order"])


def test_the_same_key_gives_the_same_new_order() -> None:
    api = timed_out()
    headers = {"Idempotency-Key": "r"}
    first = api.call("POST", REORDER, {}, headers=headers)
    again = api.call("POST", REORDER, {}, headers=headers)
    assert first.json == again.json
    assert len([key for key in api.book.records if key[0] is Order]) == 2
    other = api.call("POST", REORDER, {"skip_approval": True}, headers=headers)
    assert other.codes == ["idempotency_key_reused"]
