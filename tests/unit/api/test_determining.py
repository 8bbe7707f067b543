"""Orders that name no product, and what there is to choose from."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders_accounts import an_organization
from tests.unit.api.driving import Api
from tests.unit.api.material import PRODUCT, order_body
from vouchsafe.api.dialect import METHOD_WORDS
from vouchsafe.domain.determination import determine_product
from vouchsafe.domain.errors import VouchsafeError
from vouchsafe.domain.order import Order
from vouchsafe.domain.products import PRODUCTS
from vouchsafe.domain.records import ENGINES

SSL = "order/certificate/ssl"

#: Names, hint, whether there is an organization → the product.
MEANT = [
    (["example.com"], "", True, "ssl_plus"),
    (["www.example.com", "example.com"], "", True, "ssl_plus"),
    (["example.com", "shop.example.com"], "", True, "ssl_multi_domain"),
    (["*.example.com"], "", True, "ssl_wildcard"),
    (["*.example.com", "example.com"], "ssl", False, "ssl_wildcard"),
    (["*.example.com", "www.example.com"], "", True, "ssl_cloud_wildcard"),
    (["example.com"], "ev", True, "ssl_ev_plus"),
    (["example.com", "example.org"], "EV", True, "ssl_ev_multi_domain"),
    (["example.com"], "private", True, "private_ssl_plus"),
    (["example.com", "example.org"], "private", False, "private_ssl_multi_domain"),
    (["*.example.com"], "private", True, "private_ssl_wildcard"),
    (["example.com", "*.example.org"], "", False, PRODUCT),
    (["example.com"], "dv", True, PRODUCT),
    (["example.com"], "ssl_dv_rapidssl", True, "ssl_dv_rapidssl"),
    ([], "", False, PRODUCT),
]


@pytest.mark.parametrize(("names", "hint", "organization", "product"), MEANT)
def test_names_organization_and_hint_tell_the_product(
    names: list[str], hint: str, organization: bool, product: str
) -> None:
    meant = determine_product(names, hint=hint, with_organization=organization)
    assert meant is PRODUCTS[product]


@pytest.mark.parametrize(
    ("names", "hint"),
    [
        (["example.com"], "moon"),
        (["*.example.com"], "ev"),
        (["*.example.com", "shop.example.com"], "private"),
    ],
)
def test_what_fits_none_is_ambiguous(names: list[str], hint: str) -> None:
    with pytest.raises(VouchsafeError) as caught:
        determine_product(names, hint=hint, with_organization=True)
    assert caught.value.subject == "ambiguous_product"


def test_an_order_without_a_product_says_what_was_chosen() -> None:
    api = Api()
    reply = api.call("POST", SSL, order_body())
    assert reply.status == 201
    assert f"product: {PRODUCT} was chosen by the order's data" in reply.json["warnings"]
    info = api.call("GET", f"order/certificate/{reply.json['id']}").json
    assert info["product"]["name_id"] == PRODUCT


@pytest.mark.parametrize("hint", ["moon", "ev"])
def test_an_ambiguous_order_is_refused_by_its_own_code(hint: str) -> None:
    api = Api()
    reply = api.call("POST", SSL, order_body(product={"type_hint": hint}))
    assert (reply.status, reply.codes) == (400, ["ambiguous_product"])
    assert "type_hint" in reply.json["errors"][0]["message"]
    assert not [key for key in api.book.records if key[0] is Order]


def test_an_organization_makes_it_a_product_that_names_one() -> None:
    api = Api()
    api.book.commit(an_organization(organization_id=5))
    reply = api.call("POST", SSL, order_body(organization={"id": 5}))
    assert reply.status == 201
    assert "product: ssl_cloud_wildcard was chosen by the order's data" in reply.json["warnings"]


@pytest.mark.parametrize(
    "body",
    [
        {"certificate": 5},
        {"certificate": {"dns_names": 7, "common_name": []}},
        {"product": "x", "organization": 3},
        {"product": {"type_hint": ["dv"]}},
    ],
)
def test_bodies_that_fit_nothing_are_refused_not_misread(body: dict[str, Any]) -> None:
    assert Api().call("POST", SSL, body).status == 400


def test_every_offered_product_can_be_read() -> None:
    api = Api()
    offered = api.call("GET", "product").json["products"]
    assert {row["name_id"] for row in offered} == {p.product_id for p in PRODUCTS.values() if p.on}
    for row in offered:
        assert api.call("GET", f"product/{row['name_id']}").json == row
        assert row["group_name"] and row["name"] and row["type"] and row["validation_type"]
        assert row["csr_required"] is (row["name_id"] != "cloud_basic")
        assert row["allowed_validity_years"] == [1, 2, 3]
        hashes = row["signature_hash_types"]
        assert hashes["default_hash_type_id"] in {h["id"] for h in hashes["allowed_hash_types"]}
        usable = PRODUCTS[row["name_id"]].methods & ENGINES
        assert set(row["dcv_methods"]) == {METHOD_WORDS[method] for method in usable}
        assert row["server_platforms"]
    required = {row["name_id"] for row in offered if row["certificate_name_required"]}
    assert required == {"advanced_dv", "advanced_ov", "cloud_basic"}


def test_a_container_in_the_path_of_a_product_does_no_harm() -> None:
    plain = Api().call("GET", "product/ssl_dv_rapidssl")
    assert Api().call("GET", "product/ssl_dv_rapidssl&container_id=3").json == plain.json


@pytest.mark.parametrize("product", ["ssl_moon", "ssl"])
def test_what_cannot_be_ordered_cannot_be_read(product: str) -> None:
    reply = Api().call("GET", f"product/{product}")
    assert (reply.status, reply.codes) == (404, ["not_found|product"])
