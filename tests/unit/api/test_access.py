"""What every call gets: headers, errors, routes that are none. Who gets in: `test_walls*`."""

from __future__ import annotations

import pytest

from tests.unit.api.driving import KEY, OTHERS_KEY, Api
from tests.unit.api.examples import a_world
from tests.unit.api.material import order_body
from vouchsafe.domain.accounts import Role


def test_lists_hold_nothing_of_another_account() -> None:
    answer = a_world().call("GET", "request", key=OTHERS_KEY).json
    assert (answer["requests"], answer["page"]["total"]) == ([], 0)


def test_an_operator_is_who_he_is_and_orders_nothing() -> None:
    api = Api()
    api.add_key("operator", role=Role.OPERATOR, account_id=0)
    reply = api.call("POST", "order/certificate/ssl_dv_geotrust_flex", order_body(), key="operator")
    assert (reply.status, reply.codes) == (403, ["access_denied|missing_permission"])


def test_a_caller_can_ask_who_he_is() -> None:
    me = Api().call("GET", "user/me").json
    assert (me["id"], me["account_id"], me["container"]["id"]) == (7, 1, 3)
    assert "restricted_by_role" not in me
    assert me["access_roles"] == [{"id": 1, "name": "Administrator"}]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "nothing/here"),
        ("DELETE", "order/certificate/1001"),
        ("GET", ""),
        ("POST", "request"),
        ("PATCH", "certificate/5001/chain"),
    ],
)
def test_an_unknown_route_is_not_found_with_or_without_a_key(method: str, path: str) -> None:
    for key in (KEY, None):
        reply = a_world().call(method, path, key=key)
        assert reply.status == 404
        assert reply.json == {
            "errors": [{"code": "not_found|route", "message": "The specified route was not found."}]
        }
        assert reply.headers["Content-Type"] == "application/json"


def test_a_slash_at_the_end_does_no_harm() -> None:
    api = a_world()
    assert api.call("GET", "request/").status == 200
    assert api.call("GET", "order/certificate/1001/").status == 200


def test_header_names_are_read_in_any_case() -> None:
    reply = Api().call("GET", "product", key=None, headers={"x-dc-devkey": KEY})
    assert reply.status == 200


def test_every_answer_forbids_caches_and_names_its_request() -> None:
    api = a_world()
    for path in ("order/certificate/1001", "order/certificate/1", "nothing"):
        headers = api.call("GET", path).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Strict-Transport-Security"].startswith("max-age=")
        assert headers["X-Request-Id"] == "c0ffee00-0000-4000-8000-000000000001"


def test_a_fault_of_ours_tells_nothing_and_is_logged_by_place() -> None:
    api = a_world()

    def broken(order_id: int) -> None:
        raise RuntimeError("secret inside")

    api.book.order = broken  # type: ignore[method-assign,assignment]
    reply = api.call("GET", "order/certificate/1001")
    assert (reply.status, reply.codes) == (500, ["internal_error"])
    logged = api.log.getvalue()
    assert "secret inside" not in logged + reply.content.decode()
    assert "RuntimeError" in logged and "orders.py" in logged
    assert "c0ffee00-0000-4000-8000-000000000001" in logged


def test_products_that_can_be_ordered_are_listed() -> None:
    products = Api().call("GET", "product").json["products"]
    flex = next(row for row in products if row["name_id"] == "ssl_dv_geotrust_flex")
    assert "dns-txt-token" in flex["dcv_methods"]
    assert {row["validation_type"] for row in products} == {"dv", "ov", "ev"}
