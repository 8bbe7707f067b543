"""Certificate names: their form, and one order at a time for each of an account's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.api.driving import KEY, OTHERS_KEY, Api
from tests.unit.api.guide_material import ADVANCED, end, guide_body
from tests.unit.api.material import PRODUCT, order_body
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.certificate_name import CertificateName
from vouchsafe.domain.order import Order, StatusReason

FIELD = "invalid_field|certificate_name"


@pytest.mark.parametrize(
    "name", ["ab", "a" * 21, "1abc", "-abc", "a_b", "a b", "caf\u00e9", "abc\n", 1234, "a.b"]
)
@pytest.mark.parametrize("product", ["advanced_dv", PRODUCT])
def test_a_malformed_certificate_name_is_refused_on_its_field(product: str, name: Any) -> None:
    api = Api()
    reply = api.call("POST", f"order/certificate/{product}", guide_body(certificate_name=name))
    assert (reply.status, reply.codes) == (400, [FIELD])
    assert "3 to 20" in reply.json["errors"][0]["message"]


@pytest.mark.parametrize("name", ["abc", "A" * 20, "web-shop-2026", "a--", "Z9-"])
def test_a_good_certificate_name_is_taken(name: str) -> None:
    assert Api().call("POST", ADVANCED, guide_body(certificate_name=name)).status == 201


def test_a_certificate_name_is_required_in_the_guides_flow_and_optional_elsewhere() -> None:
    for nothing in (None, "", 0):
        reply = Api().call("POST", ADVANCED, guide_body(certificate_name=nothing))
        assert (reply.status, reply.codes) == (400, [FIELD])
    assert Api().call("POST", f"order/certificate/{PRODUCT}", order_body()).status == 201


def test_a_taken_name_is_refused_in_any_case_and_leaves_nothing() -> None:
    api = Api()
    first = api.call("POST", ADVANCED, guide_body()).json["id"]
    before = dict(api.book.records)
    for product in ("advanced_dv", PRODUCT):
        path = f"order/certificate/{product}"
        reply = api.call("POST", path, guide_body(certificate_name="WEB-Shop"))
        assert (reply.status, reply.codes) == (400, [FIELD])
        assert str(first) in reply.json["errors"][0]["message"]
    assert api.book.records == before


def test_another_account_may_have_the_same_name() -> None:
    api = Api()
    for key in (KEY, OTHERS_KEY):
        assert api.call("POST", ADVANCED, guide_body(), key=key).status == 201


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (CertificateStatus.INVALID, StatusReason.TIMED_OUT),
        (CertificateStatus.INVALID, StatusReason.VALIDATION_FAILED),
        (CertificateStatus.INVALID, StatusReason.APPROVAL_REJECTED),
        (CertificateStatus.CANCELLED, None),
    ],
)
def test_an_order_that_came_to_nothing_gives_its_name_back(
    status: CertificateStatus, reason: StatusReason | None
) -> None:
    api = Api()
    for _ in range(3):
        reply = api.call("POST", ADVANCED, guide_body(certificate_name="Web-Shop"))
        assert reply.status == 201
        taken = api.book.certificate_name(1, "web-shop")
        assert taken is not None and taken.order_id == reply.json["id"]
        end(api, reply.json["id"], status, reason)


def test_an_issued_order_keeps_its_name() -> None:
    api = Api()
    order_id = api.call("POST", ADVANCED, guide_body()).json["id"]
    end(api, order_id, CertificateStatus.PROCESSING, None)
    end(api, order_id, CertificateStatus.VALID, None)
    assert api.call("POST", ADVANCED, guide_body()).codes == [FIELD]


def test_taking_a_free_name_costs_no_call() -> None:
    api = Api()
    api.call("POST", ADVANCED, guide_body())
    plain = Api()
    plain.call("POST", f"order/certificate/{PRODUCT}", order_body())
    assert api.tripwire.calls == plain.tripwire.calls


def test_the_same_key_gives_the_same_order_not_a_taken_name() -> None:
    api = Api()
    key = {"Idempotency-Key": "k"}
    first = api.call("POST", ADVANCED, guide_body(), headers=key)
    again = api.call("POST", ADVANCED, guide_body(), headers=key)
    assert (again.status, again.json) == (first.status, first.json)


def test_a_twin_that_loses_the_race_for_its_name_gets_the_winners_answer() -> None:
    api = Api()
    key = {"Idempotency-Key": "k"}
    commit, answers = api.book.commit, []

    def overtaken(*records: Any) -> None:
        api.book.commit = commit  # type: ignore[method-assign]
        answers.append(api.call("POST", ADVANCED, guide_body(), headers=key))
        commit(*records)

    api.book.commit = overtaken  # type: ignore[method-assign]
    loser = api.call("POST", ADVANCED, guide_body(), headers=key)
    assert (loser.status, loser.json) == (201, answers[0].json)
    assert len([k for k in api.book.records if k[0] is Order]) == 1


def test_of_two_orders_for_a_freed_name_one_gets_it() -> None:
    api = Api()
    old = api.call("POST", ADVANCED, guide_body()).json["id"]
    end(api, old, CertificateStatus.CANCELLED, None)
    look_up = api.book.certificate_name

    def slow(account_id: int, name: str) -> CertificateName | None:
        found = look_up(account_id, name)
        api.book.certificate_name = look_up  # type: ignore[method-assign]
        assert api.call("POST", ADVANCED, guide_body()).status == 201
        return found

    api.book.certificate_name = slow  # type: ignore[method-assign]
    assert api.call("POST", ADVANCED, guide_body()).codes == [FIELD]
