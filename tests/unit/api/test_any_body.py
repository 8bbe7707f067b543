"""Whatever is sent: never a fault of ours, and nothing written unless it is an order."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.api.driving import Api
from tests.unit.api.material import PRODUCT, order_body, pem_csr
from vouchsafe.api.schemas import CertificatePart, OrderBody

API = Api()
ODD = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "\u00b2",
        "2026-13-01",
        "dns\u2011txt-token",
        "x" * 5000,
        "\x00",
        "*.",
        "..",
        "@",
    ]
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
ANYTHING = st.recursive(
    SCALARS | ODD | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=10,
)
TOP = st.sampled_from(sorted(OrderBody.model_fields))
INNER = st.sampled_from(sorted(CertificatePart.model_fields))
PRODUCTS = st.sampled_from([PRODUCT, "advanced_dv", "wildcard_dv_geotrust", "ssl"])
FAST = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _send(path: str, body: Any, method: str = "POST") -> int:
    before = dict(API.book.records)
    text = json.dumps(body).encode("utf-8", "surrogatepass")
    reply = API.call(method, path, text)
    assert reply.status < 500, reply.content
    assert reply.headers["Content-Type"] == "application/json"
    if reply.status >= 400:
        assert API.book.records == before
        assert all(error["code"] and error["message"] for error in reply.json["errors"])
    return reply.status


@FAST
@given(
    PRODUCTS,
    st.dictionaries(TOP, ANYTHING, max_size=4),
    st.dictionaries(INNER, ANYTHING, max_size=3),
)
def test_an_order_with_anything_in_its_fields(
    product: str, top: dict[str, Any], inner: dict[str, Any]
) -> None:
    body = order_body() | top
    if isinstance(body["certificate"], dict):
        body["certificate"] = body["certificate"] | inner
    _send(f"order/certificate/{product}", body)


@FAST
@given(PRODUCTS, st.dictionaries(st.text(max_size=12) | TOP, ANYTHING, max_size=6))
def test_any_object_for_an_order(product: str, body: dict[str, Any]) -> None:
    assert _send(f"order/certificate/{product}", body) == 400


@FAST
@given(
    st.dictionaries(
        st.sampled_from(["common_name", "dns_names", "organization", "product_name_id"]), ANYTHING
    ),
    st.just(pem_csr()) | ANYTHING,
)
def test_any_object_for_the_csr_tool(body: dict[str, Any], csr: Any) -> None:
    _send("csr/validate", body | {"csr": csr})


@FAST
@given(ANYTHING)
def test_anything_for_a_change_of_method(word: Any) -> None:
    order_id = API.call("POST", f"order/certificate/{PRODUCT}", order_body()).json["id"]
    _send(f"order/certificate/{order_id}/dcv-method", {"dcv_method": word}, method="PUT")


@FAST
@given(st.binary(max_size=60))
def test_any_bytes_for_an_order(raw: bytes) -> None:
    before = dict(API.book.records)
    reply = API.call("POST", f"order/certificate/{PRODUCT}", raw)
    assert reply.status == 400
    assert API.book.records == before
