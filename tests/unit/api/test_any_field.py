"""Odd values in every field, query and path of every route: refused by name or taken, no fault."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.api.driving import KEY, OPERATORS_KEY, Api, Reply
from tests.unit.api.examples import BODIES, OURS, QUERIES, a_world, is_operators, path_of
from vouchsafe.api.openapi import model_named
from vouchsafe.api.routes import ROUTES, Route

ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**400,
    "",
    " ",
    "0",
    "\u00b2",
    "\x00",
    "\ud7ff",
    "2026-02-30",
    "9999-12-31",
    "a" * 5000,
    "\u2011\u202e",
    [],
    [None],
    [{}],
    ["", 5, {"a": [1]}],
    {},
    {"id": {}},
    {"id": "\u00b2", "years": [], "": 0},
)
WORDS = ("", " ", "-1", "0", "\u00b2", "1e9", "9" * 400, "%", "...", ">", "a...b", "\x00", "[0]")
PARTS = ("0", "01x", "9" * 40, "-1", "\u00b2", "%2e%2e", "a" * 300, "~")
READING = [route for route in ROUTES if route.method == "GET"]
TAKING = [route for route in ROUTES if route.request]
ASKED = [route for route in ROUTES if route.query]
NUMBERED = [r for r in ROUTES if "{" in r.path and "{token}" not in r.path]  # no id


def _world() -> Api:
    """Counters stand past the ids of what is there."""
    api = a_world()
    api.book.allocate(accounts=60, users=60, keys=60)
    return api


def _call(api: Api, route: Route, path: str, **sent: Any) -> Reply:
    key = OPERATORS_KEY if is_operators(route) else KEY
    return api.call(route.method, path, key=key, **sent)


def _judge(api: Api, reply: Reply, before: dict[Any, Any], names: set[str]) -> None:
    """Taken, or refused with nothing written and every flaw under a field that was sent."""
    assert reply.status < 500, reply.content
    if reply.status < 400:
        return
    assert api.book.records == before
    for error in reply.json["errors"]:
        kind, _, field = error["code"].partition("|")
        assert error["message"]
        if kind == "invalid_field":
            assert error["message"].startswith(f"{field}: ")
            assert field.partition(".")[0].partition("[")[0] in names, field


@pytest.mark.parametrize("route", TAKING, ids=lambda route: route.operation)
@pytest.mark.long
def test_a_body_with_one_odd_field(route: Route) -> None:
    assert route.request is not None
    fields = set(model_named(route.request).model_fields)
    api = _world()
    for field in sorted(fields):
        for value in ODD:
            before = dict(api.book.records)
            body = dict(BODIES.get(route.operation) or {}) | {field: value}
            reply = _call(api, route, path_of(route, OURS), body=body)
            _judge(api, reply, before, fields | {"product", "dcv_method"})


@pytest.mark.parametrize("route", ASKED, ids=lambda route: route.operation)
def test_a_query_with_one_odd_value(route: Route) -> None:
    api = _world()
    for name in route.query:
        for word in WORDS:
            before = dict(api.book.records)
            query = QUERIES.get(route.operation, {}) | {name: word}
            reply = _call(api, route, path_of(route, OURS), query=query)
            _judge(api, reply, before, {each.partition("[")[0] for each in route.query})


@pytest.mark.parametrize("route", NUMBERED, ids=lambda route: f"{route.method} {route.path}")
def test_a_path_with_an_odd_variable_is_not_found(route: Route) -> None:
    api = _world()
    before = dict(api.book.records)
    for odd in PARTS:
        path = path_of(route, dict.fromkeys(OURS, odd))
        reply = _call(api, route, path, body=BODIES.get(route.operation))
        assert reply.status == 404, reply.content
        assert reply.codes[0].startswith("not_found|")
        assert api.book.records == before


@pytest.mark.parametrize("spelled", ["true", "True", "1"])
@pytest.mark.parametrize(
    "operation", ["again.duplicate", "again.reissue", "again.reorder", "orders.place"]
)
@pytest.mark.long
def test_a_dry_run_changes_nothing_whatever_it_is_sent(operation: str, spelled: str) -> None:
    (route,) = [route for route in ROUTES if route.operation == operation]
    assert route.tried
    api = _world()
    assert route.request is not None
    for field in (*model_named(route.request).model_fields, None):
        for value in ODD[:6]:
            before = dict(api.book.records)
            body = dict(BODIES.get(operation) or {}) | ({field: value} if field else {})
            sent = {"body": body, "query": {"dry_run": spelled}}
            reply = _call(api, route, path_of(route, OURS), **sent)
            assert reply.status in {200, 400}
            assert api.book.records == before


@pytest.mark.parametrize("body", ["{}", "null", "not JSON at all", "[1,"])
@pytest.mark.parametrize("route", READING, ids=lambda route: route.path)
def test_a_body_on_a_reading_call_does_no_harm(route: Route, body: str) -> None:
    api, query = _world(), QUERIES.get(route.operation)
    plain = _call(api, route, path_of(route, OURS), query=query)
    not_packed_yet = route.operation == "packets.read" and plain.status == 404
    assert plain.status == 200 or not_packed_yet
    assert _call(api, route, path_of(route, OURS), query=query, body=body) == plain
