"""The same Idempotency-Key and request: done once, answered alike, at any time and in parallel."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tripwire import Tripwire
from tests.unit.api.driving import KEY, OPERATORS_KEY, OTHERS_KEY, Api, Reply
from tests.unit.api.examples import BODIES, OURS, a_world, is_operators, path_of
from vouchsafe.api.routes import ROUTES, Route
from vouchsafe.domain.dossier import IdempotencyRecord
from vouchsafe.domain.requests import Request

#: These need an order or a field in another state; the tests of their own cover them.
ELSEWHERE = {
    "custom_fields.set_value",
    "again.replace_request",
    "again.reorder",
    "domain_emails.resend",
    "reviews.post_evidence",  # its body is a file
}
ONCE = [route for route in ROUTES if route.is_once and route.operation not in ELSEWHERE]
#: Never recorded, not even for a repeated request.
SHOWN_ONCE = {"api_key", "signing_secret", "warnings"}

each_once = pytest.mark.parametrize("route", ONCE, ids=lambda r: f"{r.method} {r.path}")


def _send(api: Api, route: Route, body: Any, key: str = "k-1", caller: str = "") -> Reply:
    caller = caller or (OPERATORS_KEY if is_operators(route) else KEY)
    path = path_of(route, OURS)
    return api.call(route.method, path, body, key=caller, headers={"Idempotency-Key": key})


def _world() -> Api:
    """Counters stand past the ids of what the example's account has."""
    api = a_world()
    kinds = ("orders", "certificates", "requests", "accounts", "users", "keys", "organizations")
    api.book.allocate(**dict.fromkeys(kinds, 6000))
    return api


def _kept(api: Api) -> list[IdempotencyRecord]:
    return [r for r in api.book.records.values() if isinstance(r, IdempotencyRecord)]


@each_once
def test_every_post_and_every_revocation_is_done_once(route: Route) -> None:
    api, body = _world(), BODIES.get(route.operation)
    first = _send(api, route, body)
    assert first.status in {200, 201, 204}, first.content
    assert "Idempotency-Replayed" not in first.headers
    after = dict(api.book.records)
    again = _send(api, route, body)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.status == first.status
    assert _but_shown_once(again) == _but_shown_once(first)
    assert api.book.records == after
    assert len(_kept(api)) == 1


def _but_shown_once(reply: Reply) -> Any:
    if not reply.content:
        return None
    return {name: value for name, value in reply.json.items() if name not in SHOWN_ONCE}


@each_once
def test_the_same_key_with_another_request_is_refused(route: Route) -> None:
    api, body = _world(), BODIES.get(route.operation)
    _send(api, route, body)
    after = dict(api.book.records)
    other = _send(api, route, (body or {}) | {"remark": "another"})
    assert (other.status, other.codes) == (400, ["idempotency_key_reused"])
    assert api.book.records == after


@each_once
def test_a_twin_that_was_faster_gives_its_answer_to_the_slower_one(route: Route) -> None:
    """The twin comes and is done between the slower one's look-up and its commit."""
    api, body = _world(), BODIES.get(route.operation)
    twin: list[Reply] = []
    plain = api.book.commit

    def commit(*records: Any) -> None:
        if not twin:
            twin.append(Reply(0, {}, b""))
            twin[0] = _send(api, route, body)
        plain(*records)

    api.book.commit = commit  # type: ignore[method-assign]
    slower = _send(api, route, body)
    assert twin[0].status == slower.status != 0
    assert slower.headers["Idempotency-Replayed"] == "true"
    assert _but_shown_once(slower) == _but_shown_once(twin[0])
    assert len(_kept(api)) == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "caf\u00e9", "a\x7fb"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    api = _world()
    reply = _send(api, next(r for r in ONCE if r.operation == "keys.make"), {"name": "x"}, key)
    assert (reply.status, reply.codes) == (400, ["invalid_field|Idempotency-Key"])


def test_keys_of_two_accounts_do_not_meet() -> None:
    api = _world()
    route = next(r for r in ONCE if r.operation == "organizations.create")
    body = BODIES[route.operation]
    first = _send(api, route, body)
    other = _send(api, route, body, caller=OTHERS_KEY)
    assert other.status == 201
    assert other.json["id"] != first.json["id"]
    assert "Idempotency-Replayed" not in other.headers


def test_the_layout_of_a_body_does_not_matter() -> None:
    api = _world()
    route = next(r for r in ONCE if r.operation == "keys.make")
    _send(api, route, '{"name": "x", "expires": "2027-01-01"}')
    again = _send(api, route, b' {"expires":"2027-01-01",\n"name":"x"} ')
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_key_shown_once_is_recorded_nowhere() -> None:
    api = _world()
    route = next(r for r in ONCE if r.operation == "keys.make")
    made = _send(api, route, {"name": "x"}).json
    again = _send(api, route, {"name": "x"}).json
    assert "api_key" not in again
    assert again["warnings"] == [
        "The key was shown once, with the first answer, and is kept nowhere."
    ]
    assert made["api_key"] not in repr(api.book.records) + api.log.getvalue()


def test_asking_again_for_the_same_revocation_keeps_the_key_of_each_call() -> None:
    api = _world()
    api.book.records = {k: r for k, r in api.book.records.items() if not isinstance(r, Request)}
    first = api.call("PUT", "certificate/5001/revoke", headers={"Idempotency-Key": "a"})
    second = api.call("PUT", "certificate/5001/revoke", headers={"Idempotency-Key": "b"})
    third = api.call("PUT", "certificate/5001/revoke", headers={"Idempotency-Key": "b"})
    assert first.json == second.json == third.json
    assert "Idempotency-Replayed" not in second.headers
    assert third.headers["Idempotency-Replayed"] == "true"


def test_a_refused_request_uses_no_key_up() -> None:
    api = _world()
    route = next(r for r in ONCE if r.operation == "keys.make")
    assert _send(api, route, {"name": ""}).status == 400
    assert _send(api, route, {"name": "x"}).status == 201


def test_a_route_that_is_not_once_ignores_the_header() -> None:
    reply = Api(tripwire=Tripwire()).call("GET", "product", headers={"Idempotency-Key": " "})
    assert reply.status == 200
