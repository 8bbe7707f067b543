"""What every changing route leaves in the audit log: who, what, before and after; no secret."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any

import pytest

from tests.unit.api.driving import OPERATORS_KEY
from tests.unit.api.walls import SECRETS, World, document, routes_for_ids, wall_of, world
from vouchsafe.api.routes import Route
from vouchsafe.domain.accounts import ApiKey
from vouchsafe.domain.authorization import RandomValue
from vouchsafe.domain.certificate import Certificate
from vouchsafe.domain.changes import Change
from vouchsafe.domain.dossier import IdempotencyRecord
from vouchsafe.domain.traces import SHOWN

CHANGING = [route for route in routes_for_ids() if route.method != "GET"]
EACH = pytest.mark.parametrize("route", CHANGING, ids=lambda r: f"{r.method} {r.path}")
PLANTED = "-----BEGIN PRIVATE KEY----- planted MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQ"
#: Fields in which people write whatever they like.
FREE_TEXTS = frozenset(
    {
        "comment",
        "comments",
        "custom_renewal_message",
        "evidence",
        "message",
        "note",
        "processor_comment",
        "remark",
        "remarks",
        "text",
    }
)
#: Routes that write nothing that lasts: they judge, or start what writes for itself.
WRITE_NOTHING = frozenset({"csr_tools.validate", "orders.check"})
_SHORT = 8  # characters; what is that short is no secret
_ACTOR = re.compile(r"(user|operator) [1-9]\d*|system")
_SECRET_NAMES = re.compile(r"(^|_)(token|secret|nonce|password)(s|$)|token$|secret$")


def _schema(route: Route) -> Mapping[str, Any]:
    if route.request is None:
        return {}
    named: Mapping[str, Any] = document()["components"]["schemas"][route.request]
    return named.get("properties", {})


def _with_free_texts(route: Route, body: Any) -> Any:
    """The example with something that should not be there in every free text."""
    names = FREE_TEXTS & set(_schema(route))
    return body if not names else (body or {}) | dict.fromkeys(names, PLANTED)


def _secrets_in(value: Any, name: str = "") -> Iterator[str]:
    """Everything secret among records, by type and by name."""
    if isinstance(value, RandomValue):
        yield value.value
    if isinstance(value, ApiKey):
        yield value.sha256
    if isinstance(value, Certificate):
        yield base64.b64encode(value.csr).decode()[:48]
    if isinstance(value, str) and len(value) > _SHORT and _SECRET_NAMES.search(name):
        yield value
    for inner, each in _parts_of(value, name):
        yield from _secrets_in(each, inner)


def _parts_of(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if is_dataclass(value) and not isinstance(value, type):
        yield from ((each.name, getattr(value, each.name)) for each in fields(value))
    elif isinstance(value, Mapping):
        yield from ((str(key), each) for key, each in value.items())
    elif isinstance(value, list | tuple):
        yield from ((name, each) for each in value)


def _run(route: Route) -> tuple[World, list[Change], dict[Any, Any], set[str]]:
    """The route's example called; the changes it made, what else is new, what must not be told."""
    wall, there = wall_of(route), world()
    object.__setattr__(wall, "body", _with_free_texts(route, wall.body))
    there.reset()
    before = dict(there.api.book.records)
    reply = there.call(wall)
    assert reply.status < 300 or reply.codes[0].startswith("invalid_status"), reply.content
    records = there.api.book.records
    fresh = {key: r for key, r in records.items() if before.get(key) is not r}
    secrets = {*SECRETS, OPERATORS_KEY, PLANTED, *_secrets_in(list(records.values()))}
    is_json = reply.headers.get("Content-Type") == "application/json"
    if is_json and reply.status < 300 and "api_key" in reply.json:
        secrets.add(reply.json["api_key"])
    body = wall.body if isinstance(wall.body, dict) else {}
    if "passphrase" in body:
        secrets.add(body["passphrase"])
    csr = body.get("csr") or body.get("certificate", {}).get("csr")
    if csr:
        secrets.add(csr.splitlines()[1][:48])
    changes = [record for record in fresh.values() if isinstance(record, Change)]
    others = {key: r for key, r in fresh.items() if key[0] not in {Change, IdempotencyRecord}}
    return there, changes, others, secrets


@EACH
def test_no_change_tells_a_secret(route: Route) -> None:
    _, changes, _, secrets = _run(route)
    for change in changes:
        text = json.dumps(asdict(change), default=str)
        told = [secret for secret in secrets if secret in text or json.dumps(secret)[1:-1] in text]
        assert told == [], change


@EACH
def test_whatever_changes_something_says_who_did_what_to_what(route: Route) -> None:
    _, changes, others, _ = _run(route)
    if route.operation in WRITE_NOTHING:
        assert (changes, others) == ([], {})
    if others:
        assert changes, f"{route.operation} wrote {sorted(key[0].__name__ for key in others)}"
    for change in changes:
        assert _ACTOR.fullmatch(change.actor), change
        assert re.fullmatch(r"[a-z_]+ (\d+|[0-9a-f]{64}|[0-9A-Z]{26})", change.subject), change
        assert change.before or change.after or change.data, change
        assert change.before != change.after or not change.after, change


def test_free_texts_of_records_are_not_among_what_is_shown() -> None:
    shown = {name for names in SHOWN.values() for name in names}
    assert not shown & (FREE_TEXTS | {"random_value", "sha256", "description", "frozen"})
