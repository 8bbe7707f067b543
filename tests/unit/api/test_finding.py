"""Which route a method and a path mean."""

from __future__ import annotations

import pytest

from vouchsafe.api.finding import Finder
from vouchsafe.api.permissions import Action
from vouchsafe.api.route import Function, Route


def a_route(method: str, path: str) -> Route:
    return Route(
        method=method,
        path=path,
        function=Function.ORDERS,
        operation="orders.read",
        action=Action.LOOK,
        summary=path,
    )


ROUTES = [
    a_route("GET", "/v2/thing/{id}"),
    a_route("GET", "/v2/thing/list"),
    a_route("PUT", "/v2/thing/{id}/status"),
    a_route("GET", "/v2/thing/{id}/part/{format}"),
]


def found(method: str, path: str) -> tuple[str, dict[str, str]] | None:
    match = Finder(ROUTES).find(method, path)
    return match and (match[0].path, dict(match[1]))


def test_a_variable_takes_one_segment_and_is_handed_over_by_name() -> None:
    assert found("GET", "/v2/thing/7") == ("/v2/thing/{id}", {"id": "7"})
    assert found("GET", "/v2/thing/7/part/pem_all") == (
        "/v2/thing/{id}/part/{format}",
        {"id": "7", "format": "pem_all"},
    )


def test_a_path_without_variables_comes_before_one_that_would_match_too() -> None:
    assert found("GET", "/v2/thing/list") == ("/v2/thing/list", {})


@pytest.mark.parametrize("path", ["/services/v2/thing/7", "/v2/thing/7/", "/services/v2/thing/7//"])
def test_the_base_path_and_slashes_at_the_end_change_nothing(path: str) -> None:
    assert found("GET", path) == ("/v2/thing/{id}", {"id": "7"})


@pytest.mark.parametrize("value", ["a b", "*.example.com", "a%2Fb", "ü", "{x}", "[::1]", "a|b^c"])
def test_a_value_may_hold_what_the_gateway_decodes(value: str) -> None:
    assert found("GET", f"/v2/thing/{value}") == ("/v2/thing/{id}", {"id": value})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v2/thing/7"),
        ("get", "/v2/thing/list"),
        ("GET", "/v2/thing"),
        ("GET", "/v2/thing//part/pem"),
        ("GET", "/v2/thing/7/other/pem"),
        ("GET", "/v2/thing/a\nb"),
        ("GET", '/v2/thing/"'),
        ("GET", "/servicesv2/thing/7"),
        ("GET", "/services"),
        ("GET", "/"),
        ("GET", ""),
    ],
)
def test_nothing_else_matches(method: str, path: str) -> None:
    assert found(method, path) is None
