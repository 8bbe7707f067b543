"""Who gets in: every route, every role, every restriction of keys, every key that is none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_user, an_api_key
from tests.unit.api.driving import Reply
from tests.unit.api.examples import is_operators
from tests.unit.api.walls import World, routes_for_ids, wall_of, world
from vouchsafe.api.routes import Route
from vouchsafe.domain.accounts import ApiKey, Restriction, Role, User
from vouchsafe.domain.privileges import ALLOWED, LEFT

EACH = pytest.mark.parametrize("route", routes_for_ids(), ids=lambda r: f"{r.method} {r.path}")
SECRET = "a-key-made-for-one-call"
#: What the edge asks of storage before it lets anybody in.
AT_THE_DOOR = ["accounts.key"]
NO_KEY = {
    "errors": [
        {
            "code": "access_denied|access_denied_invalid_key",
            "message": "Access denied due to access_denied_invalid_key.",
        }
    ]
}
#: Keys that were good once, or are good elsewhere.
OUT_OF_USE: tuple[dict[str, Any], ...] = (
    {"revoked": True},
    *({"suspended": True} for _ in range("suspended" in ApiKey.__slots__)),
    {"expires_at": MOMENT},
    {"expires_at": MOMENT - timedelta(days=400)},
    {"source_ranges": ("198.51.100.0/24",)},
    {"source_ranges": ("2001:db8::/32",)},
)


def _with_key(there: World, role: Role, **changed: Any) -> None:
    """Set the world back; user 7, or operator 9, has that role and a key."""
    there.reset()
    operator = {"account_id": 0, "user_id": 9, "container_id": 0}
    whose = operator if role is Role.OPERATOR else {}
    key = an_api_key(SECRET, key_id=99, role=role, **(whose | changed))
    there.api.book.records[ApiKey, key.sha256] = key
    if not whose:
        there.api.book.records[User, 1, 7] = a_user(role=role)


def _call(there: World, route: Route, key: str | None = SECRET) -> Reply:
    return there.call(wall_of(route), key=key, reset=False)


@EACH
def test_a_role_under_a_restriction_may_do_what_the_table_says(route: Route) -> None:
    there = world()
    for role in Role:
        for restriction in Restriction:
            _with_key(there, role, restriction=restriction)
            before = dict(there.api.book.records)
            reply = _call(there, route)
            refused = reply.status == 403 and reply.codes == ["access_denied|missing_permission"]
            at_the_door = refused and there.api.tripwire.calls == AT_THE_DOOR
            allowed = role in ALLOWED[route.action] and route.action in LEFT[restriction]
            assert at_the_door is not allowed, (role, restriction, reply)
            if not allowed:
                assert there.api.book.records == before
            elif reply.status == 404:
                pytest.fail(f"{role} under {restriction} does not find his own: {reply}")


@EACH
def test_a_key_out_of_use_or_place_is_no_key(route: Route) -> None:
    there = world()
    role = Role.OPERATOR if is_operators(route) else Role.ADMINISTRATOR
    for changed in OUT_OF_USE:
        _with_key(there, role, **changed)
        before = dict(there.api.book.records)
        reply = _call(there, route)
        assert (reply.status, reply.json) == (403, NO_KEY), changed
        assert there.api.tripwire.calls == AT_THE_DOOR
        assert there.api.book.records == before


@EACH
def test_without_a_good_key_every_route_answers_alike(route: Route) -> None:
    there = world()
    for key in (None, "", "wrong", "x" * 500, "caf\u00e9", "vouchsafe_"):
        there.reset()
        before = dict(there.api.book.records)
        reply = _call(there, route, key)
        assert (reply.status, reply.json) == (403, NO_KEY), key
        assert reply.headers["Content-Type"] == "application/json"
        assert set(there.api.tripwire.calls) <= set(AT_THE_DOOR)
        assert there.api.book.records == before


@EACH
def test_a_key_in_its_time_and_place_is_good(route: Route) -> None:
    there = world()
    role = Role.OPERATOR if is_operators(route) else Role.ADMINISTRATOR
    good = {"expires_at": MOMENT + timedelta(seconds=1), "source_ranges": ("192.0.2.0/24",)}
    _with_key(there, role, **good)
    reply = _call(there, route)
    assert not (reply.status == 403 and there.api.tripwire.calls == AT_THE_DOOR)


@EACH
def test_a_route_that_changes_things_is_not_open_to_readers(route: Route) -> None:
    assert (route.action in LEFT[Restriction.VIEW_ONLY]) is (route.method == "GET")
