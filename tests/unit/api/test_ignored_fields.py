"""Nothing is dropped without a word: every answer with a body names what was ignored."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.api.driving import KEY, OPERATORS_KEY, Api
from tests.unit.api.examples import BODIES, OURS, a_world, is_operators, path_of
from tests.unit.api.material import timed_out
from vouchsafe.api.route import FILE
from vouchsafe.api.routes import ROUTES, Route

#: 204 has no place for a word; these are told in docs/divergences.md.
SILENT = {route.operation for route in ROUTES if route.request and set(route.responses) == {204}}
#: Nor has a file.
SILENT |= {
    route.operation for route in ROUTES if route.request and route.responses.get(200) == FILE
}
WITH_BODY = [route for route in ROUTES if route.request and route.operation not in SILENT]
MORE_BODIES = {"dcv.method": {"dcv_method": "dns-txt-token"}}


def _send(route: Route, extra: dict[str, Any]) -> Any:
    caller = OPERATORS_KEY if is_operators(route) else KEY
    api: Api = timed_out() if route.operation == "again.reorder" else a_world()
    api.book.allocate(accounts=60, users=60, keys=60)
    ids = OURS
    if route.operation == "dcv.method":  # of a pending order
        placed = api.call("POST", f"order/certificate/{OURS['product']}", BODIES["orders.place"])
        ids = OURS | {"order": str(placed.json["id"])}
    body = (BODIES | MORE_BODIES).get(route.operation) or {}
    return api.call(route.method, path_of(route, ids), body | extra, key=caller)


@pytest.mark.parametrize("route", WITH_BODY, ids=lambda route: route.operation)
def test_an_unknown_field_is_ignored_and_named(route: Route) -> None:
    reply = _send(route, {"colour": "blue", "shade": "", "depth": 0})
    assert reply.status in {200, 201}, reply.content
    unknown = [text for text in reply.json["warnings"] if "unknown field" in text]
    assert unknown == ["colour: unknown field, ignored"]


@pytest.mark.parametrize("route", WITH_BODY, ids=lambda route: route.operation)
def test_a_body_of_known_fields_is_not_remarked(route: Route) -> None:
    reply = _send(route, {})
    assert "unknown field" not in "".join(reply.json.get("warnings", []))


def test_a_field_inside_a_list_is_named_with_its_place() -> None:
    body = {"metadata": [{"label": "Team"}, {"label": "Budget", "colour": "red"}]}
    reply = a_world().call("POST", "account/metadata/bulk", body)
    assert reply.json["warnings"] == ["metadata[1].colour: unknown field, ignored"]
