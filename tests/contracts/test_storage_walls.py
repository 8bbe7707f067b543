"""A foreign thing costs the same calls to the table as an unknown one does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.contracts.aws import make_table
from tests.contracts.conftest import adapters
from tests.unit.api import examples
from tests.unit.api.driving import KEY, Api
from tests.unit.api.twins import FOREIGN, MARK
from tests.unit.api.walls import Reference, World, foreign, routes_for_ids, unknown, wall_of
from vouchsafe.api.routes import Route
from vouchsafe.domain.dossier import Authorizations

OF_THINGS = [r for r in routes_for_ids() if "{" in r.path and not examples.is_operators(r)]


@dataclass
class _Noting:
    """A DynamoDB client that notes every call, and what a Query asks."""

    client: Any
    calls: list[tuple[str, str]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.client, name)
        if name in {"exceptions", "meta"}:
            return call

        def noted(**arguments: Any) -> Any:
            asked = (
                f"{arguments.get('IndexName', '')} {arguments.get('KeyConditionExpression', '')}"
            )
            self.calls.append((name, asked.strip()))
            return call(**arguments)

        return noted


def _on_the_table(client: Any) -> Api:
    """The examples' world and its twin, answered from a table."""
    there = World()
    there.reset()
    api = there.api
    ports = adapters(client)
    _copy(api.book.records, ports.ledger)
    given = api._dependencies

    def dependencies(function: Any) -> Any:
        deps = given(function)
        names = [f.name for f in fields(deps) if getattr(deps, f.name) is api.book]  # type: ignore[arg-type]
        return replace(deps, **{name: getattr(ports, name) for name in names})  # type: ignore[type-var]

    api._dependencies = dependencies  # type: ignore[method-assign]
    return api


def _copy(records: dict[Any, Any], ledger: Any) -> None:
    """Write every record, authorizations with their certificate."""
    packs = {r.certificate_id: r for r in records.values() if isinstance(r, Authorizations)}
    for record in records.values():
        if isinstance(record, Authorizations):
            continue
        first = replace(record, version=1) if hasattr(record, "version") else record
        pack = packs.get(getattr(record, "certificate_id", 0))
        along = [pack] if pack and type(record).__name__ == "Certificate" else []
        ledger.commit(first, *along)


@pytest.fixture(scope="module")
def table() -> Iterator[tuple[Api, _Noting]]:
    with mock_aws():
        client = boto3.client("dynamodb")
        make_table(client)
        noting = _Noting(client)
        yield _on_the_table(noting), noting


def _ask(api: Api, route: Route, reference: Reference, number: str, key: str = KEY) -> Any:
    wall = wall_of(route)
    ids = examples.OURS | {reference.kind: number}
    return api.call(route.method, wall.path(ids), wall.body, key=key, query=wall.query)


@pytest.mark.parametrize("route", OF_THINGS, ids=lambda r: f"{r.method} {r.path}")
def test_foreign_and_unknown_ids_take_the_same_calls(
    route: Route, table: tuple[Api, _Noting]
) -> None:
    api, noting = table
    for reference in wall_of(route).references:
        if reference.place != "path" or reference.kind == "product":
            continue
        taken = []
        for number in (foreign(route, reference.kind), unknown(route, reference.kind)):
            noting.calls.clear()
            reply = _ask(api, route, reference, number)
            assert reply.status in {400, 404}
            assert MARK.encode() not in reply.content
            taken.append(list(noting.calls))
        assert taken[0] == taken[1]


def test_the_other_account_is_really_there(table: tuple[Api, _Noting]) -> None:
    api, _ = table
    for path in ("order/certificate/{}", "order/certificate/{}/note"):
        reply = api.call("GET", path.format(1001 + FOREIGN), key=KEY + MARK)
        assert reply.status == 200
    assert MARK.encode() in api.call("GET", "organization", key=KEY + MARK).content
