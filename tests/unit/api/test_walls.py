"""Walls between accounts: a foreign thing is an unknown one, over every route of the document.

Generated from docs/openapi.json; `walls` says how a new route joins.
"""

from __future__ import annotations

import re
import statistics
import time
from typing import Any

import pytest

from tests.unit.api import examples
from tests.unit.api.driving import KEY, OPERATORS_KEY, Reply
from tests.unit.api.material import order_body
from tests.unit.api.twins import FOREIGN, MARK, UNKNOWN, twin
from tests.unit.api.walls import (
    BODY_KINDS,
    OTHER_WAYS,
    QUERY_KINDS,
    Reference,
    Unknown,
    Wall,
    World,
    document,
    foreign,
    routes_for_ids,
    unknown,
    wall_of,
    walls,
    world,
)
from vouchsafe.api.routes import ROUTES, Route
from vouchsafe.domain.accounts import ApiKey
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.dossier import IdempotencyRecord

EACH = pytest.mark.parametrize("route", routes_for_ids(), ids=lambda r: f"{r.method} {r.path}")
#: Kinds of which every account is told the same, or which only operators name.
NOBODYS = frozenset({"product", "account", "review", "evidence", "clearance"})
#: How what is not one's own is refused, where it is not simply not found.
REFUSED_AS = {"mailed_value": (400, r"invalid_field\|token")}
#: What only says that somebody read.
NOTED_READING = frozenset({ChangeKind.AUDIT_LOG_READ})


def sent_and_told(reply: Reply, *ids: str) -> tuple[int, dict[str, str], bytes]:
    """An answer without the ids that were asked for."""
    content = reply.content
    for number in sorted(ids, key=len, reverse=True):
        content = content.replace(number.encode(), b"#")
    headers = {n: v for n, v in reply.headers.items() if n not in {"Content-Length"}}
    return reply.status, headers, content


def leaks(reply: Reply, *sent: str) -> list[str]:
    """What an answer holds of the other account: its marks, its values, its ids."""
    text = "\n".join([reply.content.decode("latin-1"), *reply.headers.values()])
    numbers = {n for n in re.findall(r"\b4\d{6}\b", text) if n not in sent}
    return sorted(numbers) + re.findall(rf".{{0,30}}{MARK}.{{0,30}}", text, re.IGNORECASE)


def owned(wall: Wall) -> list[Reference]:
    """The references of a route to things that accounts own."""
    return [reference for reference in wall.references if reference.kind not in NOBODYS]


def test_every_route_and_every_reference_is_known() -> None:
    found = [(wall.route.method, wall.route.path) for wall in walls()]
    assert sorted(found) == sorted((route.method, route.path) for route in ROUTES)


@EACH
def test_a_foreign_thing_answers_exactly_like_an_unknown_one(route: Route) -> None:
    """In status, body and headers; by the same calls to storage in the same order; no trace."""
    wall, there = wall_of(route), world()
    for reference in owned(wall):
        theirs, nobodys = foreign(route, reference.kind), unknown(route, reference.kind)
        first = there.call(wall, {reference: theirs})
        calls, after = list(there.api.tripwire.calls), set(there.api.book.records)
        second = there.call(wall, {reference: nobodys})
        where = f"{wall.route.method} {wall.route.path}: {reference}"
        assert sent_and_told(first, theirs) == sent_and_told(second, nobodys), where
        assert calls == there.api.tripwire.calls, where
        assert after == set(there.api.book.records), where
        assert wall.key != KEY or leaks(first, theirs) == [], where
        if reference.place == "path":
            status, code = REFUSED_AS.get(reference.kind, (404, r"not_found\|\w+"))
            assert (first.status, len(first.codes)) == (status, 1), where
            assert re.fullmatch(code, first.codes[0]), where
            assert not there.api.workflow.orders and not there.api.workflow.revocations


@EACH
def test_ones_own_thing_is_found_and_the_other_account_finds_its_own(route: Route) -> None:
    wall, there = wall_of(route), world()
    own = there.call(wall)
    assert own.status not in {403, 404} and own.status < 500, own.content
    if own.status >= 400:
        codes = own.codes
        assert not [c for c in codes if c.startswith(("invalid_field", "bad_request"))], own.content
    if wall.key == KEY:
        assert leaks(own) == []
    mine = {reference: foreign(route, reference.kind) for reference in owned(wall)}
    if mine and wall.key == KEY:
        theirs = there.call(wall, mine, key=KEY + MARK)
        assert theirs.status != 404 and theirs.status < 500, theirs.content


@pytest.mark.parametrize("operation", OTHER_WAYS)
def test_other_ways_to_a_thing_are_walled_alike(operation: str) -> None:
    wall = wall_of(next(route for route in ROUTES if route.operation == operation))
    reference = next(each for each in wall.references if each.place == "path")
    there = world()
    for ours, theirs, nobodys in OTHER_WAYS[operation]:
        assert there.call(wall, {reference: ours}).status < 400
        assert there.call(wall, {reference: theirs}, key=KEY + MARK).status < 400
        first = there.call(wall, {reference: theirs})
        calls = list(there.api.tripwire.calls)
        second = there.call(wall, {reference: nobodys})
        assert sent_and_told(first, theirs) == sent_and_told(second, nobodys)
        assert first.status == 404
        assert calls == there.api.tripwire.calls


@pytest.mark.parametrize("product", ["ssl_basic", "ssl_ev_basic", "advanced_ov"])
def test_nobody_orders_for_another_accounts_organization(product: str) -> None:
    """The example order is for a DV product, which names no organization."""
    there = world()
    replies, calls = {}, {}
    for number in ("601", str(601 + FOREIGN), str(601 + UNKNOWN)):
        there.reset()
        body = order_body(organization={"id": number}, certificate__dns_names=["example.com"])
        replies[number] = there.api.call("POST", f"order/certificate/{product}", body)
        calls[number] = list(there.api.tripwire.calls)
        assert leaks(replies[number], number) == []
    own, theirs, nobodys = replies.items()
    assert sent_and_told(theirs[1], theirs[0]) == sent_and_told(nobodys[1], nobodys[0])
    assert theirs[1].status == 400
    assert "organization" in theirs[1].content.decode()
    assert calls[theirs[0]] == calls[nobodys[0]]
    assert own[1].content != theirs[1].content


@EACH
def test_reading_writes_nothing_but_that_it_was_read(route: Route) -> None:
    if route.method != "GET":
        return
    wall, there = wall_of(route), world()
    there.call(wall)
    before = dict(world().api.book.records)
    there.reset()
    kept = there.api.book.records
    fresh = [record for key, record in before.items() if key not in kept]
    assert all(isinstance(each, Change) and each.kind in NOTED_READING for each in fresh)
    assert all(before[key] == record for key, record in kept.items())


@EACH
def test_a_used_idempotency_key_of_another_account_is_a_fresh_one(route: Route) -> None:
    if not route.is_once:
        return
    wall, there = wall_of(route), world()
    headers = {"Idempotency-Key": "the-same"}
    plain = there.call(wall, headers=headers)
    there.reset()
    used = IdempotencyRecord(
        account_id=1 + FOREIGN,
        key="the-same",
        fingerprint="x",
        order_id=None,
        status=201,
        answer={"name": MARK},
        created_at=there.api.clock.now(),
    )
    there.api.book.records[IdempotencyRecord, used.account_id, used.key] = used
    again = there.call(wall, headers=headers, reset=False)
    assert (again.status, again.content) == (plain.status, plain.content)


@EACH
def test_operators_name_accounts_things_together_with_their_account(route: Route) -> None:
    """What is not the named account's is unknown there, although operators see every account."""
    wall, there = wall_of(route), world()
    if wall.key != OPERATORS_KEY or not route.path.startswith("/v2/operator/account/{id}"):
        return
    account = next(each for each in wall.references if each.kind == "account")
    for number in (unknown(route, "account"), "0", "x"):
        reply = there.call(wall, {account: number})
        assert (reply.status, reply.codes) == (404, ["not_found|account"])


class TestTheTablesAreChecked:
    """A route that refers to something in a new way is named, not passed over."""

    def _document(self, monkeypatch: pytest.MonkeyPatch, path: str, **operation: Any) -> str:
        route = next(r for r in ROUTES if r.path == path)
        described = document()["paths"][path][route.method.lower()]
        changed = described | operation
        monkeypatch.setitem(document()["paths"][path], route.method.lower(), changed)
        with pytest.raises(Unknown) as error:
            wall_of(route)
        return str(error.value)

    def test_a_query_parameter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        parameters = [{"name": "planet_id", "in": "query"}]
        told = self._document(monkeypatch, "/v2/request", parameters=parameters)
        assert told == "GET /v2/request: the query's planet_id has no kind; add it to QUERY_KINDS"

    def test_a_field_deep_in_a_body(self, monkeypatch: pytest.MonkeyPatch) -> None:
        inner = {"type": "object", "properties": {"planet_ids": {"type": "array"}}}
        schema = {"type": "object", "properties": {"moons": {"type": "array", "items": inner}}}
        content = {"application/json": {"schema": schema}}
        told = self._document(monkeypatch, "/v2/request", requestBody={"content": content})
        assert "the body's moons.planet_ids has no kind; add it to BODY_KINDS" in told

    def test_a_variable_of_a_path(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(examples, "_KINDS", ())
        with pytest.raises(Unknown, match=r"GET /v2/request/\{id\}: \{id\} has no kind"):
            wall_of(next(r for r in ROUTES if r.operation == "requests.read"))

    def test_every_kind_that_a_table_names_has_an_id(self) -> None:
        assert {*QUERY_KINDS.values(), *BODY_KINDS.values()} <= set(examples.OURS)


class TestTwins:
    def test_the_other_account_has_everything_that_the_first_has(self) -> None:
        there = world()
        there.reset()
        kinds: dict[bool, list[str]] = {True: [], False: []}
        for key, record in there.api.book.records.items():
            account = getattr(record, "account_id", None)
            if account in {1, 1 + FOREIGN}:
                kinds[account == 1].append(key[0].__name__)
        assert kinds[True] and sorted(kinds[True]) == sorted(kinds[False])

    def test_every_text_of_a_twin_is_marked(self) -> None:
        there = world()
        there.reset()
        keys = [r for r in there.api.book.records.values() if isinstance(r, ApiKey)]
        copy = twin(keys[0])
        assert MARK in copy.name and copy.key_id == keys[0].key_id + FOREIGN

    def test_a_leak_would_be_seen(self) -> None:
        assert leaks(Reply(200, {}, f"Acme {MARK} Ltd".encode())) == [f"Acme {MARK} Ltd"]
        assert leaks(Reply(200, {}, b'{"id":4001001}')) == ["4001001"]
        assert leaks(Reply(200, {}, b'{"id":4001001}'), "4001001") == []


def test_a_foreign_order_takes_as_long_as_an_unknown_one() -> None:
    """Statistics over the API in process; the calls to storage are compared one by one above."""
    wall = wall_of(next(route for route in ROUTES if route.operation == "orders.read"))
    (reference,) = (each for each in wall.references if each.place == "path")
    there: World = world()
    numbers = foreign(wall.route, "order"), unknown(wall.route, "order")
    times: dict[str, list[float]] = {number: [] for number in numbers}
    for _ in range(200):
        for number, taken in times.items():
            began = time.perf_counter()
            there.call(wall, {reference: number})
            taken.append(time.perf_counter() - began)
    theirs, nobodys = (statistics.median(sorted(t)[:150]) for t in times.values())
    assert 0.6 < theirs / nobodys < 1.6
