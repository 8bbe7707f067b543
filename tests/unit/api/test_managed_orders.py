"""Orders of the product whose key the service makes: no request, the guide's fields, a new key."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.builders import an_issuer_record
from tests.managed_material import Shelf, issue_managed
from tests.unit.api.driving import OPERATORS_KEY, Api
from tests.unit.api.guide_material import end
from tests.unit.api.material import order_body, pem_csr
from vouchsafe.domain.certificate import Certificate, CertificateStatus
from vouchsafe.domain.issuers import Trust
from vouchsafe.domain.order import StatusReason
from vouchsafe.settings import Settings, Stage

PLACE = "order/certificate/cloud_basic"
REISSUE = {
    "certificate": {
        "common_name": "www.example.com",
        "dns_names": ["example.com"],
        "server_platform": {"id": 45},
    },
    "skip_approval": True,
}


def basic_body(**changed: Any) -> dict[str, Any]:
    """A body that makes an order for cloud_basic."""
    sent = order_body(certificate_name="web-shop", dcv_method="dns-cname-token")
    del sent["certificate"]["csr"]
    for name, value in changed.items():
        part, _, inner = name.rpartition("__")
        (sent[part] if part else sent)[inner] = value
    return sent


def placed(api: Api, **changed: Any) -> dict[str, Any]:
    reply = api.call("POST", PLACE, basic_body(**changed))
    assert reply.status == 201, reply.content
    return reply.json  # type: ignore[no-any-return]


def details(api: Api, order_id: int) -> Any:
    return api.call("GET", f"order/certificate/{order_id}").json


def certificate_of(api: Api, order_id: int) -> Certificate:
    dossier = api.book.order(order_id)
    assert dossier is not None
    return dossier.newest


def test_an_order_needs_no_request_and_shows_none() -> None:
    api = Api()
    info = details(api, placed(api)["id"])
    assert info["product"]["name_id"] == "cloud_basic"
    assert "csr" not in info["certificate"] and "key_size" not in info["certificate"]
    assert certificate_of(api, info["id"]).csr == b""


@pytest.mark.parametrize("csr", [pem_csr(), "no request"])
def test_a_request_is_refused(csr: str) -> None:
    api = Api()
    reply = api.call("POST", PLACE, basic_body(certificate__csr=csr))
    assert (reply.status, reply.codes) == (400, ["invalid_field|certificate.csr"])
    assert "made by the service" in reply.json["errors"][0]["message"]
    assert not [key for key in api.book.records if key[0] is Certificate]


def test_blanks_in_place_of_a_request_say_nothing() -> None:
    assert placed(Api(), certificate__csr="")["id"]
    assert placed(Api(), certificate__csr=None)["id"]


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"certificate_name": None}, ["certificate_name"]),
        ({"dcv_method": None}, ["dcv_method"]),
        ({"dcv_method": "dns-txt-token"}, ["dcv_method"]),
        ({"dcv_method": "http-token"}, ["dcv_method"]),
        ({"certificate_name": "", "dcv_method": ""}, ["certificate_name", "dcv_method"]),
    ],
)
def test_name_and_method_are_required(changed: dict[str, Any], fields: list[str]) -> None:
    reply = Api().call("POST", PLACE, basic_body(**changed))
    assert reply.status == 400
    assert sorted(reply.codes) == [f"invalid_field|{field}" for field in fields]


def test_each_name_is_proven_by_a_record_of_the_guides_form_new_for_each_order() -> None:
    api, seen = Api(), set()
    for name in ("first", "second"):
        info = details(api, placed(api, certificate_name=f"{name}-one")["id"])
        for row in info["validations"]:
            assert row["record_type"] == "CNAME"
            label = re.fullmatch(r"(_[0-9a-f]{32})\.(.+)", row["record_name"])
            assert label is not None
            assert label[2] == row["dns_name"].removeprefix("*.")
            assert re.fullmatch(r"_[0-9a-f]{32}\.dcv\.example", row["record_value"])
            seen |= {label[1], row["record_value"]}
    assert len(seen) == 2 * 2 * 3


def test_it_can_be_proven_by_e_mail() -> None:
    api = Api()
    info = details(api, placed(api, dcv_method="email")["id"])
    assert {row["method"] for row in info["validations"]} == {"email"}


def test_the_method_stays_as_it_was_ordered() -> None:
    api = Api()
    path = f"order/certificate/{placed(api)['id']}/dcv-method"
    reply = api.call("PUT", path, {"dcv_method": "email"})
    assert (reply.status, reply.codes) == (400, ["invalid_field|dcv_method"])


def test_no_other_request_takes_the_place_of_the_services() -> None:
    api = Api()
    path = f"order/certificate/{placed(api)['id']}/csr"
    reply = api.call("POST", path, {"csr": pem_csr()})
    assert (reply.status, reply.codes) == (400, ["invalid_field|csr"])


@pytest.mark.parametrize("trust", list(Trust))
@pytest.mark.parametrize("made", [True, False])
def test_public_issuers_and_the_switch_refuse_the_product_with_a_reason(
    trust: Trust, made: bool
) -> None:
    settings = Settings(
        stage=Stage.LOCAL, dcv_domain="dcv.example", issuer_trust=trust, managed_keys=made
    )
    api = Api(settings=settings)
    reply = api.call("POST", PLACE, basic_body())
    offered = [row["name_id"] for row in api.call("GET", "product").json["products"]]
    if trust is Trust.PRIVATE and made:
        assert reply.status == 201
        assert "cloud_basic" in offered
        return
    assert (reply.status, reply.codes) == (400, ["invalid_field|product"])
    reason = "BR 6.1.1.3" if trust is Trust.PUBLIC else "not made by the service"
    assert reason in reply.json["errors"][0]["message"]
    assert "cloud_basic" not in offered
    assert api.call("GET", "product/cloud_basic").status == 404


def issued(settings: Settings | None = None) -> Api:
    """Order 1006 of cloud_basic, issued over a key of the service."""
    api = Api() if settings is None else Api(settings=settings)
    api.book.commit(an_issuer_record())
    api.book.allocate(orders=1010, certificates=5010)
    issue_managed(Shelf(api.book, api.store, api.keys))
    return api


def test_an_issued_order_shows_how_long_its_key_is_and_no_request() -> None:
    info = details(issued(), 1006)
    assert info["certificate"]["key_size"] == 256
    assert "csr" not in info["certificate"]


def test_a_reissue_takes_no_request_and_gets_a_key_of_its_own() -> None:
    api = issued()
    reply = api.call("POST", "order/certificate/1006/reissue", REISSUE)
    assert reply.status == 201, reply.content
    fresh = certificate_of(api, 1006)
    assert fresh.certificate_id != 5006
    assert (fresh.csr, fresh.product_id) == (b"", "cloud_basic")


def test_a_reissue_with_a_request_is_refused() -> None:
    sent = {**REISSUE, "certificate": {**REISSUE["certificate"], "csr": pem_csr()}}  # type: ignore[dict-item]
    for operation in ("reissue", "duplicate"):
        reply = issued().call("POST", f"order/certificate/1006/{operation}", sent)
        assert (reply.status, reply.codes) == (400, ["invalid_field|certificate.csr"])


def test_a_reissue_names_all_else_that_is_missing() -> None:
    reply = issued().call("POST", "order/certificate/1006/reissue", {"certificate": {}})
    assert sorted(reply.codes) == [
        "invalid_field|certificate.common_name",
        "invalid_field|certificate.dns_names",
        "invalid_field|certificate.server_platform.id",
    ]


def test_no_reissue_where_keys_are_not_made_any_more() -> None:
    off = Settings(stage=Stage.LOCAL, dcv_domain="dcv.example", managed_keys=False)
    reply = issued(off).call("POST", "order/certificate/1006/reissue", REISSUE)
    assert (reply.status, reply.codes) == (400, ["invalid_field|product"])


@pytest.mark.parametrize("made", [True, False])
def test_ordering_again_makes_a_new_key(made: bool) -> None:
    api = Api()
    order_id = placed(api)["id"]
    if made:
        certificate = certificate_of(api, order_id)
        with_key = replace(certificate, csr=b"any request", version=certificate.version + 1)
        api.book.commit(with_key)
    end(api, order_id, CertificateStatus.INVALID, StatusReason.TIMED_OUT)
    reply = api.call("POST", f"order/certificate/{order_id}/reorder")
    assert reply.status == 201, reply.content
    assert certificate_of(api, reply.json["id"]).csr == b""


def test_a_key_that_is_not_made_yet_cannot_be_blocked() -> None:
    api = Api()
    order_id = placed(api)["id"]
    body = {"certificate_id": certificate_of(api, order_id).certificate_id, "reason": "leaked"}
    reply = api.call("POST", "operator/blocked-key", body, key=OPERATORS_KEY)
    assert (reply.status, reply.codes) == (400, ["invalid_field|certificate_id"])


def test_no_request_is_judged_for_a_product_that_takes_none() -> None:
    body = {"csr": pem_csr(), "product_name_id": "cloud_basic"}
    reply = Api().call("POST", "csr/validate", body)
    assert (reply.status, reply.codes) == (400, ["invalid_field|product_name_id"])
