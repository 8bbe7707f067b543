"""Who gets in, who may do what, and what one account learns of another: nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_user
from tests.unit.api.driving import KEY, OPERATORS_KEY, OTHERS_KEY, Api
from tests.unit.api.examples import BODIES, NOBODYS, OURS, QUERIES, a_world, is_operators, path_of
from tests.unit.api.material import order_body
from vouchsafe.api.permissions import ALLOWED, Action
from vouchsafe.api.routes import ROUTES, Route
from vouchsafe.domain.accounts import Restriction, Role, User
from vouchsafe.domain.privileges import LEFT

ALL = pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.method} {r.path}")
#: Routes of things that an account owns.
OF_OBJECTS = [
    r
    for r in ROUTES
    if "{id}" in r.path and r.operation != "orders.place" and not is_operators(r)
    if not r.path.startswith("/v2/product")
]


@ALL
@pytest.mark.parametrize("key", [None, "", "wrong", "x" * 500, "caf\u00e9"])
def test_without_a_good_key_every_route_answers_alike(route: Route, key: str | None) -> None:
    api = a_world()
    before = dict(api.book.records)
    reply = api.call(route.method, path_of(route, OURS), BODIES.get(route.operation), key=key)
    assert reply.status == 403
    assert reply.json == {
        "errors": [
            {
                "code": "access_denied|access_denied_invalid_key",
                "message": "Access denied due to access_denied_invalid_key.",
            }
        ]
    }
    assert reply.headers["Content-Type"] == "application/json"
    assert api.book.records == before


@pytest.mark.parametrize(
    "changed",
    [
        {"revoked": True},
        {"expires_at": MOMENT},
        {"source_ranges": ("198.51.100.0/24",)},
        {"source_ranges": ("2001:db8::/32",)},
    ],
)
def test_a_key_out_of_use_or_place_is_no_key(changed: dict[str, Any]) -> None:
    api = Api()
    api.add_key("other", **changed)
    reply = api.call("GET", "product", key="other")
    assert (reply.status, reply.codes) == (403, ["access_denied|access_denied_invalid_key"])


@pytest.mark.parametrize(
    "changed",
    [{"expires_at": MOMENT + timedelta(seconds=1)}, {"source_ranges": ("192.0.2.0/24",)}],
)
def test_a_key_in_its_time_and_place_is_good(changed: dict[str, Any]) -> None:
    api = Api()
    api.add_key("other", **changed)
    assert api.call("GET", "product", key="other").status == 200


@pytest.mark.parametrize("route", OF_OBJECTS, ids=lambda r: f"{r.method} {r.path}")
def test_a_foreign_id_answers_exactly_like_an_unknown_one(route: Route) -> None:
    api = a_world()
    before = dict(api.book.records)
    body = BODIES.get(route.operation)
    foreign = api.call(route.method, path_of(route, OURS), body, key=OTHERS_KEY)
    unknown = api.call(route.method, path_of(route, NOBODYS), body, key=OTHERS_KEY)
    assert foreign == unknown
    assert foreign.status == 404
    assert re.fullmatch(r"not_found\|\w+", foreign.codes[0])
    assert api.book.records == before
    assert not api.workflow.orders and not api.workflow.revocations


def test_lists_hold_nothing_of_another_account() -> None:
    answer = a_world().call("GET", "request", key=OTHERS_KEY).json
    assert (answer["requests"], answer["page"]["total"]) == ([], 0)


@ALL
@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_the_table_says(route: Route, role: Role) -> None:
    api = a_world()
    api.add_key("theirs", role=role)
    api.book.records[User, 1, 7] = a_user(role=role)
    reply = api.call(route.method, path_of(route, OURS), BODIES.get(route.operation), key="theirs")
    refused = reply.status == 403 and reply.codes == ["access_denied|missing_permission"]
    assert refused is (role not in ALLOWED[route.action])


@ALL
def test_a_view_only_key_changes_nothing(route: Route) -> None:
    api = a_world()
    role = Role.OPERATOR if is_operators(route) else Role.ADMINISTRATOR
    api.add_key("viewer", restriction=Restriction.VIEW_ONLY, role=role)
    before = dict(api.book.records)
    body, query = BODIES.get(route.operation), QUERIES.get(route.operation)
    reply = api.call(route.method, path_of(route, OURS), body, key="viewer", query=query)
    assert (reply.status == 200) is (route.method == "GET")
    assert api.book.records == before


@ALL
def test_a_route_that_changes_things_is_not_open_to_readers(route: Route) -> None:
    assert (route.action in LEFT[Restriction.VIEW_ONLY]) is (route.method == "GET")


@ALL
def test_customers_and_operators_keep_to_their_own_routes(route: Route) -> None:
    api = a_world()
    before = dict(api.book.records)
    key = KEY if is_operators(route) else OPERATORS_KEY
    reply = api.call(route.method, path_of(route, OURS), BODIES.get(route.operation), key=key)
    if route.action is not Action.IDENTIFY:
        assert (reply.status, reply.codes) == (403, ["access_denied|missing_permission"])
    assert api.book.records == before


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
    assert flex["dcv_methods"] == ["dns-txt-token"]
    assert {row["validation_type"] for row in products} == {"dv"}
