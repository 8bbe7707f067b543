"""Bodies of the vendor's guide and of real clients, each through the whole edge."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.builders import MOMENT
from tests.unit.api.driving import Api
from tests.unit.api.material import PRODUCT
from tests.unit.api.printed_bodies import printed_order, printed_reissue
from tests.unit.api.vendor_bodies import CLIENTS, DER, WITHOUT_METHOD
from vouchsafe.domain.authorization import DcvMethodName, Proof
from vouchsafe.domain.certificate import Certificate
from vouchsafe.domain.order import Order
from vouchsafe.domain.proofs import DomainProof

PLACE = f"order/certificate/{PRODUCT}"


def _only(api: Api, kind: type) -> Any:
    (record,) = [record for key, record in api.book.records.items() if key[0] is kind]
    return record


def _prove(api: Api, domain: str = "example.com") -> None:
    proof = Proof(
        method=DcvMethodName.DNS_TXT,
        br_section="3.2.2.4.7",
        authorization_domain=domain,
        steps=(),
        value="_earlier",
        proven_at=MOMENT,
        quorum="5/6",
        perspectives=(),
    )
    made = DomainProof(
        account_id=1, authorization_domain=domain, proof=proof, order_id=900, certificate_id=4900
    )
    api.book.commit(made)


@pytest.mark.parametrize("product", [PRODUCT, "ssl_basic", "advanced_dv"])
def test_the_guides_order_as_printed_is_no_json(product: str) -> None:
    reply = Api().call("POST", f"order/certificate/{product}", printed_order())
    assert (reply.status, reply.codes) == (400, ["bad_request_format"])


def test_the_guides_reissue_as_printed_is_no_json() -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads(printed_reissue())
    assert json.loads(printed_reissue(","))["certificate"]["skip_approval"] is True


def test_the_guides_order_with_its_comma_is_understood_field_by_field() -> None:
    body = json.loads(printed_order(",")) | {"dcv_method": "dns-txt-token"}
    del body["custom_fields"]  # the account has none yet
    api = Api()
    reply = api.call("POST", PLACE, body)
    assert reply.status == 201
    said = "\n".join(reply.json["warnings"])
    for field in ("organization: ", "dcv_emails: ", "certificate.organization_units: "):
        assert field in said
    assert "unknown field" not in said
    info = api.call("GET", f"order/certificate/{reply.json['id']}").json
    assert info["comments"] == "Message for the approver"
    assert info["payment_method"] == "balance"
    assert info["locale"] == "en"
    assert info["disable_renewal_notifications"] is True
    assert info["validity_years"] == 2
    assert info["order_valid_till"] == "2028-11-21"
    assert info["dcv_emails"] == body["dcv_emails"]
    assert info["certificate"]["server_platform"]["id"] == 45
    assert info["price"] == 0
    assert info["purchased_dns_names"] == 2


def test_the_guides_order_names_a_mailbox_that_nobody_may_ask() -> None:
    body = json.loads(printed_order(","))
    del body["custom_fields"]
    reply = Api().call("POST", PLACE, body)
    assert (reply.status, reply.codes) == (400, ["invalid_field|dcv_emails[0].email"])
    assert "hostmaster" in reply.json["errors"][0]["message"]


def test_with_a_mailbox_that_may_be_asked_the_guides_order_is_one_by_mail() -> None:
    body = json.loads(printed_order(",").replace("hostname@", "hostmaster@"))
    del body["custom_fields"]
    api = Api()
    placed = api.call("POST", PLACE, body)
    assert placed.status == 201, placed.content
    info = api.call("GET", f"order/certificate/{placed.json['id']}").json
    assert info["dcv_method"] == "email"
    addresses = {one["dns_name"]: one["addresses"] for one in info["validations"]}
    wanted = {one["dns_name"]: [one["email"]] for one in body["dcv_emails"]}
    assert addresses == wanted


@pytest.mark.parametrize("client", CLIENTS)
def test_a_real_clients_body_makes_an_order(client: str) -> None:
    api = Api()
    if client in WITHOUT_METHOD:
        _prove(api)
    reply = api.call("POST", PLACE, CLIENTS[client])
    assert reply.status == 201, reply.content
    assert reply.headers["Content-Type"] == "application/json"
    assert _only(api, Certificate).csr == DER
    assert isinstance(reply.json["id"], int)
    assert "unknown field" not in "\n".join(reply.json.get("warnings", []))


@pytest.mark.parametrize("client", sorted(WITHOUT_METHOD))
def test_without_a_method_names_that_nobody_proved_wait_for_mails_with_a_warning(
    client: str,
) -> None:
    api = Api()
    reply = api.call("POST", PLACE, CLIENTS[client])
    assert reply.status == 201
    assert [one for one in reply.json["warnings"] if one.startswith("dcv_method: e-mail is used")]
    assert _only(api, Certificate).dcv_method is DcvMethodName.EMAIL


def test_a_local_date_time_means_its_day() -> None:
    api = Api()
    api.call("POST", PLACE, CLIENTS["keyfactor"])
    assert f"{_only(api, Order).term_ends_at:%Y-%m-%d}" == "2027-03-01"


def test_zeros_of_go_are_not_remarked() -> None:
    reply = Api().call("POST", PLACE, CLIENTS["sapcc"])
    (only,) = [w for w in reply.json["warnings"] if "skip_approval" not in w]
    assert "the longest life" in only


def test_a_hint_on_a_named_product_is_remarked() -> None:
    api = Api()
    _prove(api)
    warnings = api.call("POST", PLACE, CLIENTS["lemur"]).json["warnings"]
    assert "product: is ignored: the product is named in the path" in warnings


def test_a_refusal_has_exactly_the_content_type_clients_compare() -> None:
    for body in ("{", json.dumps({})):
        reply = Api().call("POST", PLACE, body)
        assert reply.headers["Content-Type"] == "application/json"
        assert reply.json["errors"][0]["message"]


def test_a_lapsed_proof_does_not_stand_for_a_method() -> None:
    api = Api()
    _prove(api)
    (record,) = [r for k, r in api.book.records.items() if k[0] is DomainProof]
    old = replace(record.proof, proven_at=MOMENT.replace(year=2024))
    api.book.commit(replace(record, proof=old))
    placed = api.call("POST", PLACE, CLIENTS["lemur"]).json
    info = api.call("GET", f"order/certificate/{placed['id']}").json
    assert {one["validation_status"] for one in info["validations"]} == {"In progress"}
