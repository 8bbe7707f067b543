"""Orders proven by CNAME and by file, as clients see them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import a_proof
from tests.unit.api.driving import Api
from tests.unit.api.material import order_body
from vouchsafe.domain.authorization import AuthorizationStatus, LookSummary
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.products import PRODUCTS

ORDER = "order/certificate/ssl_dv_geotrust_flex"
FILE = "/.well-known/pki-validation/fileauth.txt"


def place(api: Api, method: str, *names: str) -> dict[str, Any]:
    body = order_body(
        dcv_method=method, certificate__common_name=names[0], certificate__dns_names=list(names[1:])
    )
    reply = api.call("POST", ORDER, body)
    assert reply.status == 201, reply.json
    return reply.json  # type: ignore[no-any-return]


def validations(api: Api, order_id: int) -> list[dict[str, Any]]:
    return api.call("GET", f"order/certificate/{order_id}").json["validations"]  # type: ignore[no-any-return]


def test_a_cname_order_prints_the_record_that_counts() -> None:
    api = Api()
    placed = place(api, "dns-cname-token", "www.example.com", "*.shop.example.com")
    value = placed["dcv_random_value"]
    first, wildcard = validations(api, placed["id"])
    assert (first["method"], first["record_type"]) == ("dns-cname-token", "CNAME")
    assert first["record_name"] == f"{value}.www.example.com"
    assert wildcard["record_name"] == f"{value}.shop.example.com"
    assert first["record_value"] == "dcv.dcv.example"
    assert "file_url" not in first


def test_a_file_order_prints_where_the_file_goes() -> None:
    api = Api()
    placed = place(api, "http-token", "www.example.com", "example.com")
    rows = validations(api, placed["id"])
    assert [row["file_url"] for row in rows] == [
        f"http://www.example.com{FILE}",
        f"http://example.com{FILE}",
    ]
    assert {row["record_type"] for row in rows} == {"HTTP"}
    assert {row["record_value"] for row in rows} == {placed["dcv_random_value"]}


def test_the_steps_to_what_was_proven_are_shown() -> None:
    api = Api()
    order_id = place(api, "dns-txt-token", "www.example.com")["id"]
    dossier = api.book.order(order_id)
    assert dossier is not None
    (item,) = dossier.authorizations[dossier.newest.certificate_id]
    steps = ("leftmost label removed: www.example.com -> example.com",)
    proven = replace(item, status=AuthorizationStatus.VALID, proof=a_proof(steps=steps))
    ids = {"order_id": order_id, "certificate_id": dossier.newest.certificate_id}
    certificate = replace(dossier.newest, version=dossier.newest.version + 1)
    api.book.commit(certificate, Authorizations(items=(proven,), **ids))
    (row,) = validations(api, order_id)
    assert (row["authorization_domain"], row["authorization_steps"]) == ("example.com", [*steps])


def test_a_wildcard_cannot_be_ordered_by_file() -> None:
    body = order_body(dcv_method="http-token", certificate__dns_names=["*.example.com"])
    reply = Api().call("POST", ORDER, body)
    assert (reply.status, reply.codes) == (400, ["invalid_field|dcv_method"])
    assert "*.example.com" in reply.json["errors"][0]["message"]


def test_nor_can_an_order_with_one_be_changed_to_it() -> None:
    api = Api()
    order_id = place(api, "dns-txt-token", "www.example.com", "*.example.com")["id"]
    reply = api.call(
        "PUT", f"order/certificate/{order_id}/dcv-method", {"dcv_method": "http-token"}
    )
    assert (reply.status, reply.codes) == (400, ["invalid_field|dcv_method"])
    assert {row["method"] for row in validations(api, order_id)} == {"dns-txt-token"}


@pytest.mark.parametrize("method", ["http-token", "dns-cname-token"])
def test_a_method_change_asks_for_the_other_record_with_a_new_value(method: str) -> None:
    api = Api()
    placed = place(api, "dns-txt-token", "www.example.com")
    path = f"order/certificate/{placed['id']}"
    reply = api.call("PUT", f"{path}/dcv-method", {"dcv_method": method})
    assert reply.status == 200
    value = reply.json["dcv_random_value"]
    assert value not in {placed["dcv_random_value"], None}
    (row,) = validations(api, placed["id"])
    assert row["method"] == method
    assert value in row["record_name"] + row["record_value"]
    same = api.call("PUT", f"{path}/dcv-random-value")
    assert (same.status, same.json["dcv_random_value"]) == (200, value)


def _look_in_vain(api: Api, order_id: int) -> None:
    """A look of the run that was started: the first name is proven, the others are not."""
    dossier = api.book.order(order_id)
    assert dossier is not None
    newest = dossier.newest
    items = dossier.authorizations[newest.certificate_id]
    look = LookSummary(
        looked_at=api.clock.now(), cause="x", explanation="status 404.", advice="Place it."
    )
    seen = tuple(
        replace(one, last_look=look, status=AuthorizationStatus.VALID if not n else one.status)
        for n, one in enumerate(items)
    )
    run = api.workflow.orders[-1][2]
    looked = replace(newest, run=run, looks=newest.looks + 1, version=newest.version + 1)
    ids = {"order_id": order_id, "certificate_id": newest.certificate_id}
    api.book.commit(looked, Authorizations(items=seen, **ids))


def test_a_check_of_files_is_refused_until_all_were_found() -> None:
    api = Api(pause=lambda _: _look_in_vain(api, order_id))
    order_id = place(api, "http-token", "www.example.com", "example.com")["id"]
    check = f"order/certificate/{order_id}/check-dcv"
    reply = api.call("PUT", check)
    assert (reply.status, reply.codes) == (400, ["file_random_value_not_found"])
    message = reply.json["errors"][0]["message"]
    assert message.startswith("Could not find the random value at the expected file location")
    assert "example.com: status 404." in message
    found = api.call("PUT", check, {"dns_name_validations": ["www.example.com"]})
    assert (found.status, found.json["dns_name_validations"][0]["status"]) == (200, "approved")


def test_a_check_of_records_answers_200_with_what_is_missing() -> None:
    api = Api(pause=lambda _: _look_in_vain(api, order_id))
    order_id = place(api, "dns-cname-token", "www.example.com", "example.com")["id"]
    assert api.call("PUT", f"order/certificate/{order_id}/check-dcv").status == 200


def test_products_say_which_methods_they_take() -> None:
    api = Api()
    flex = api.call("GET", "product/ssl_dv_geotrust_flex").json["dcv_methods"]
    assert {"dns-txt-token", "dns-cname-token", "http-token"} <= set(flex)
    guide = api.call("GET", "product/advanced_dv").json["dcv_methods"]
    assert not {"dns-cname-token", "http-token"} & set(guide)


def test_only_the_product_that_prints_hexadecimal_labels_has_such_values() -> None:
    assert [row.product_id for row in PRODUCTS.values() if row.hexadecimal_values] == [
        "cloud_basic"
    ]
