"""Orders of the console guide's flow: names, methods, values and words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.api.driving import Api
from tests.unit.api.guide_material import ADVANCED, end, guide_body
from vouchsafe.domain.authorization import AuthorizationStatus
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.order import StatusReason


def test_every_name_has_its_own_value_and_none_stands_above_them() -> None:
    api = Api()
    answer = api.call("POST", ADVANCED, guide_body()).json
    assert "dcv_random_value" not in answer
    tokens = [row["dcv_token"]["token"] for row in answer["domains"]]
    assert len(set(tokens)) == len(tokens) == 3
    info = api.call("GET", f"order/certificate/{answer['id']}").json
    assert [row["record_value"] for row in info["validations"]] == tokens
    assert [row["record_type"] for row in info["validations"]] == ["TXT"] * 3


def test_a_name_and_its_wildcard_have_two_values_for_one_place() -> None:
    names = {"certificate__dns_names": ["example.com", "*.example.com"]}
    answer = Api().call("POST", ADVANCED, guide_body(**names)).json
    assert [row["dns_name"] for row in answer["domains"]].count("example.com") == 2


def test_the_order_stands_in_the_guides_words() -> None:
    api = Api()
    order_id = api.call("POST", ADVANCED, guide_body()).json["id"]
    info = api.call("GET", f"order/certificate/{order_id}").json
    assert info["certificate_name"] == "web-shop"
    assert info["certificate_status"] == "In progress"
    assert info["certificate_status_code"] == 0
    assert info["validation_status"] == "In progress"
    assert info["product"]["name_id"] == "advanced_dv"


#: How a certificate ended → status, its code, and the word for an order of one pending name.
ENDS = {
    StatusReason.TIMED_OUT: ("Timeout", -4),
    StatusReason.VALIDATION_FAILED: ("Failed", -3),
    StatusReason.REFUSED_BY_LINT: ("Failed", -11),
    StatusReason.REFUSED_BY_CAA: ("Failed", -3),
    StatusReason.REFUSED_BY_POLICY: ("Failed", -3),
}


@pytest.mark.parametrize("reason", ENDS)
def test_an_end_has_its_word_and_number(reason: StatusReason) -> None:
    api = Api()
    order_id = api.call("POST", ADVANCED, guide_body()).json["id"]
    end(api, order_id, CertificateStatus.INVALID, reason)
    info = api.call("GET", f"order/certificate/{order_id}").json
    assert (info["certificate_status"], info["certificate_status_code"]) == ENDS[reason]
    assert info["status"] == "rejected"
    assert info["status_reason"] == reason.value


def test_a_cancelled_order_has_a_word_and_no_number() -> None:
    api = Api()
    order_id = api.call("POST", ADVANCED, guide_body()).json["id"]
    api.call("PUT", f"order/certificate/{order_id}/status", {"status": "CANCELED"})
    info = api.call("GET", f"order/certificate/{order_id}").json
    assert info["certificate_status"] == "Canceled"
    assert "certificate_status_code" not in info
    assert info["validation_status"] == "In progress"


@pytest.mark.parametrize(
    ("statuses", "word"),
    [
        (["valid", "valid", "valid"], "Succeeded"),
        (["valid", "pending", "valid"], "In progress"),
        (["timed_out", "valid", "timed_out"], "Timeout"),
        (["timed_out", "invalid", "valid"], "Failed"),
    ],
)
def test_the_names_together_make_one_word(statuses: list[str], word: str) -> None:
    api = Api()
    order_id = api.call("POST", ADVANCED, guide_body()).json["id"]
    dossier = api.book.order(order_id)
    assert dossier is not None
    certificate = dossier.newest
    items = tuple(
        replace(item, status=AuthorizationStatus(status))
        for item, status in zip(
            dossier.authorizations[certificate.certificate_id], statuses, strict=True
        )
    )
    pack = Authorizations(order_id=order_id, certificate_id=certificate.certificate_id, items=items)
    api.book.commit(replace(certificate, version=certificate.version + 1), pack)
    info = api.call("GET", f"order/certificate/{order_id}").json
    assert info["validation_status"] == word


@pytest.mark.parametrize(
    ("method", "word"),
    [
        (None, "required"),
        ("dns-cname-token", "not a method"),
        ("http-token", "not a method"),
        ("pigeon", "must be one of"),
    ],
)
def test_the_method_must_be_named_and_one_of_the_products(method: str | None, word: str) -> None:
    reply = Api().call("POST", ADVANCED, guide_body(dcv_method=method))
    assert (reply.status, reply.codes) == (400, ["invalid_field|dcv_method"])
    assert word in reply.json["errors"][0]["message"]
