"""Every route of docs/openapi.json, and every reference to a thing in its path, query and body.

A new route joins by itself. What it may refer to has to be known here: for a variable, a query
parameter or a body's field that looks like a reference and is in no table, the tests fail and name
it. Add its kind to the tables, and the kind's ids to `OURS` of `examples` where it is new.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tests.builders import MOMENT, a_certificate, an_authorization, an_order
from tests.fakes import SeededEntropy
from tests.managed_material import CERTIFICATE, ORDER, Shelf, issue_managed
from tests.unit.api import examples
from tests.unit.api.driving import KEY, OPERATORS_KEY, Reply
from tests.unit.api.material import SERIAL, THUMBPRINT
from tests.unit.api.twins import FOREIGN, MARK, UNKNOWN, add_twins
from vouchsafe.api.routes import ROUTES, Route
from vouchsafe.domain.authorization import Contact, DcvMethodName, Mailing
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.dossier import Allocation, Authorizations
from vouchsafe.domain.email_approval import ApprovalMessage, MailedValue, fingerprint
from vouchsafe.domain.managed_keys import ManagedKey, context_of
from vouchsafe.domain.order import OrderStatus, StatusReason
from vouchsafe.domain.order_fields import Field

DOCUMENT = Path(__file__).parents[3] / "docs" / "openapi.json"

#: What `{id}` means by what stands before it; see `examples`. Other variables choose a form, or
#: name something by a word.
PLAIN_VARIABLES = frozenset({"format", "platform", "template", "name"})

#: Query parameters that refer to something: by name, or by operation and name.
QUERY_KINDS: Mapping[str, str] = {
    "container_id": "container",
    "filters[container_id]": "container",
    "filters[organization_id]": "organization",
    "filters[user_id]": "user",
    "filters[id]": "order",
    "filters[certificate_id]": "certificate",
    "filters[metadata_id]": "metadata",
    "object": "order",
    "actor": "user",
}
#: How a query spells an id, where it does not stand alone.
SPELLED: Mapping[str, str] = {"object": "order {}", "actor": "user {}"}
#: Filters that the document does not list one by one.
MORE_QUERIES: Mapping[str, tuple[str, ...]] = {
    "order_lists.list_orders": tuple(
        f"filters[{each.value}]" for each in Field if each.value.endswith("_id")
    )
}
#: Query parameters that look like references and are none.
PLAIN_QUERIES = frozenset({"subId", "filters[product_name_id]"})

#: Fields of bodies that refer to something: by their path, wherever it stands.
BODY_KINDS: Mapping[str, str] = {
    "organization_id": "organization",
    "organization.id": "organization",
    "container.id": "container",
    "container_id": "container",
    "metadata_id": "metadata",
    "custom_fields.metadata_id": "metadata",
    "renewal_of_order_id": "order",
    "order_id": "order",
    "user_id": "user",
    "user.id": "user",
    "contacts.user_id": "user",
    "validations.user.id": "user",
    "validations.verified_users.id": "user",
}
#: Fields that look like references and are none: numbers of a fixed list, or kept as they came.
PLAIN_FIELDS = frozenset(
    {
        "server_platform.id",
        "certificate.server_platform.id",
        "certificate.ca_cert_id",
        "restricted_by_role_id",
        "alternative_order_id",
        "product_name_id",
        "template_id",
        "access_roles.id",
        "user.access_roles.id",
        # operators name certificates of every account, and issuers are nobody's
        "certificate_id",
        "filter.certificate_ids",
        "filter.account_id",
        "filter.issuer_id",
    }
)
#: Fields without a type of their own in the document: what they may hold that refers to something.
LOOSE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "organization": ("organization.id",),
    "container": ("container.id",),
    "custom_fields": (),
}


#: In place of a key: that of somebody who may call the route.
WHO_MAY = "who may"


class Unknown(AssertionError):
    """A reference that no table knows; the message says where it is and what to do."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One place of a call that refers to a thing of a kind: `place` is path, query or body."""

    place: str
    name: str
    kind: str

    def __str__(self) -> str:
        return f"{self.place} {self.name}"


@dataclass(frozen=True, slots=True)
class Wall:
    """A route as the document describes it, with its references."""

    route: Route
    references: tuple[Reference, ...]
    body: Any
    query: Mapping[str, str]

    @property
    def key(self) -> str:
        """The key of somebody who may call it."""
        return OPERATORS_KEY if examples.is_operators(self.route) else KEY

    def path(self, ids: Mapping[str, str]) -> str:
        """Below /v2, with the ids filled in."""
        return examples.path_of(self.route, dict(ids))


@cache
def document() -> dict[str, Any]:
    """docs/openapi.json."""
    read: dict[str, Any] = json.loads(DOCUMENT.read_text())
    return read


@cache
def walls() -> tuple[Wall, ...]:
    """Every route of the document. Raises Unknown naming all references that no table knows."""
    found, unknown = [], []
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            try:
                found.append(_wall(path, method.upper(), operation))
            except Unknown as one:
                unknown.append(str(one))
    if unknown:
        raise Unknown("\n".join(unknown))
    return tuple(found)


def routes_for_ids() -> list[Route]:
    """The routes to parametrise with, known before any table is looked at."""
    pairs = {(path, method) for path, each in document()["paths"].items() for method in each}
    return [route for route in ROUTES if (route.path, route.method.lower()) in pairs]


def wall_of(route: Route) -> Wall:
    """The wall of a route. Raises Unknown."""
    operation = document()["paths"][route.path][route.method.lower()]
    return _wall(route.path, route.method, operation)


@cache
def _routes() -> Mapping[tuple[str, str], Route]:
    return {(route.path, route.method): route for route in ROUTES}


def _wall(path: str, method: str, operation: Mapping[str, Any]) -> Wall:
    route = _routes()[path, method]
    where = f"{method} {path}"
    references = [
        *_of_path(where, route),
        *_of_query(where, operation, route),
        *_of_body(where, operation),
    ]
    body = examples.BODIES.get(route.operation)
    if body is None and route.request is not None and not route.request_optional:
        raise Unknown(f"{where}: give a body that works in BODIES of examples.py")
    return Wall(route, tuple(references), body, examples.QUERIES.get(route.operation, {}))


def _of_path(where: str, route: Route) -> Iterator[Reference]:
    for name in re.findall(r"\{(\w+)\}", route.path):
        if name in PLAIN_VARIABLES:
            continue
        kind = examples.kind_of(route, name)
        if kind is None:
            raise Unknown(f"{where}: {{{name}}} has no kind; add it to _KINDS of examples.py")
        if kind not in examples.OURS:
            raise Unknown(f"{where}: no {kind} is known; add an id to OURS of examples.py")
        yield Reference("path", name, kind)


def _of_query(where: str, operation: Mapping[str, Any], route: Route) -> Iterator[Reference]:
    names = [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"]
    for name in [*names, *MORE_QUERIES.get(route.operation, ())]:
        kind = QUERY_KINDS.get(name)
        if kind is not None:
            yield Reference("query", name, kind)
        elif _refers(re.sub(r"filters\[(.*)\]", r"\1", name)) and name not in PLAIN_QUERIES:
            raise Unknown(f"{where}: the query's {name} has no kind; add it to QUERY_KINDS")


def _of_body(where: str, operation: Mapping[str, Any]) -> Iterator[Reference]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    for name in _fields(content["schema"] if content else {}):
        kind = BODY_KINDS.get(name)
        if kind is not None:
            yield Reference("body", name, kind)
        elif _refers(name) and name not in PLAIN_FIELDS:
            raise Unknown(f"{where}: the body's {name} has no kind; add it to BODY_KINDS")


def _refers(name: str) -> bool:
    """Whether a field of that name looks like a reference: id, ids, …_id, …_ids, …Id."""
    last = name.rpartition(".")[2]
    return last in {"id", "ids", "actor", "object"} or bool(re.search(r"(_ids?|Ids?)$", last))


def _fields(schema: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[str]:
    """The paths of all fields of a body; entries of lists have the path of their list."""
    schema = _resolved(schema)
    for part in (schema, schema.get("items", {}), *schema.get("anyOf", [])):
        inner = _resolved(part)
        if inner is not schema and depth < 6:  # noqa: PLR2004 (deeper than any body)
            yield from _fields(inner, prefix, depth + 1)
        for name, value in inner.get("properties", {}).items() if inner is schema else ():
            path = f"{prefix}{name}"
            yield path
            yield from (f"{prefix}{each}" for each in LOOSE_FIELDS.get(name, ()) if not prefix)
            if depth < 6:  # noqa: PLR2004
                yield from _fields(value, f"{path}.", depth + 1)


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return document()["components"]["schemas"][name] if name else schema


#: Other things than ids by which routes find what is asked for: ours, foreign, unknown.
OTHER_WAYS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "orders.read": (
        (THUMBPRINT, THUMBPRINT[::-1], "cd" * 20),
        (f"{SERIAL:032X}", f"{SERIAL + FOREIGN:032X}", f"{SERIAL + UNKNOWN:032X}"),
    ),
    "requests.revoke_certificate": (
        (f"{SERIAL:032X}", f"{SERIAL + FOREIGN:032X}", f"{SERIAL + UNKNOWN:032X}"),
    ),
}

#: By what account 1's key, and the mail about its order, are found.
SECRETS = (KEY, examples.OURS["mailed_value"])

#: Routes whose order must be in another state than the issued one of `examples`.
PENDING = {"order": "1002", "certificate": "5002", "request": "302"}
TIMED_OUT = {"order": "1004", "certificate": "5004"}
MAILED = {"order": "1005", "certificate": "5005"}
MANAGED = {"order": str(ORDER), "certificate": str(CERTIFICATE)}
IDS: Mapping[str, Mapping[str, str]] = {
    "orders.check": PENDING,
    "orders.change_status": PENDING,
    "dcv.random_value": PENDING,
    "dcv.method": PENDING,
    "again.replace_request": PENDING,
    "again.reorder": TIMED_OUT,
    "key_exports.export": MANAGED,
}

# Ids of things.


def ours(route: Route, kind: str) -> str:
    """The id of account 1's thing that the route's example is about."""
    return IDS.get(route.operation, {}).get(kind, examples.OURS[kind])


def foreign(route: Route, kind: str) -> str:
    """The id of the other account's thing of a kind: the twin of ours."""
    own = ours(route, kind)
    return str(int(own) + FOREIGN) if own.isdigit() else own + MARK


def unknown(route: Route, kind: str) -> str:
    """An id of the same length that nothing of that kind has."""
    own = ours(route, kind)
    return str(int(own) % FOREIGN + UNKNOWN) if own.isdigit() else own + MARK[::-1]


# Calls.


class World:
    """Account 1, its twin, and what they are set back to before each call."""

    def __init__(self) -> None:
        self.api = examples.a_world()
        self.api.book.commit(*_orders_of_other_states(), *_mailed_order())
        shelf = Shelf(self.api.book, self.api.store, self.api.keys)
        issue_managed(shelf)
        add_twins(self.api.book, SECRETS)
        self._rewrap()
        for number, der in dict(self.api.store.objects).items():
            self.api.store.put(number + FOREIGN, der)
            self.api.packets.put(number, b'{"of":%d}\n' % number)
            self.api.packets.put(number + FOREIGN, b'{"of":%d}\n' % (number + FOREIGN))
        kinds = [each.name for each in fields(Allocation)]
        self.api.book.allocate(**dict.fromkeys(kinds, 9000))  # past the ids of the records
        self._kept = {name: _copied(vars(part)) for name, part in self._parts()}

    def _rewrap(self) -> None:
        """The twin's managed key is encrypted for the twin."""
        key, other = (self.api.book.records[ManagedKey, CERTIFICATE + n] for n in (0, FOREIGN))
        private = self.api.keys.open(key)
        wrapped = self.api.keys.wrap(private, context_of(other.order_id, other.certificate_id))
        self.api.book.records[ManagedKey, other.certificate_id] = replace(other, wrapped=wrapped)

    def _parts(self) -> list[tuple[str, Any]]:
        api = self.api
        return [
            ("book", api.book),
            ("store", api.store),
            ("packets", api.packets),
            ("workflow", api.workflow),
        ]

    def reset(self) -> None:
        """Everything as it was in the beginning."""
        for name, part in self._parts():
            for attribute, value in _copied(self._kept[name]).items():
                setattr(part, attribute, value)
        vars(self.api.entropy).update(vars(SeededEntropy()))
        self.api.tripwire.calls.clear()

    def call(
        self,
        wall: Wall,
        meant: Mapping[Reference, str] | None = None,
        *,
        key: str | None = WHO_MAY,
        headers: Mapping[str, str] | None = None,
        reset: bool = True,
    ) -> Reply:
        """The route's example with other ids at some of its references; the world is set back.

        `meant` gives the ids, `key` says whose call it is.
        """
        if reset:
            self.reset()
        ids = examples.OURS | IDS.get(wall.route.operation, {})
        query, body = dict(wall.query), copy.deepcopy(wall.body)
        for reference, number in (meant or {}).items():
            if reference.place == "path":
                ids[reference.kind] = number
            elif reference.place == "query":
                query[reference.name] = SPELLED.get(reference.name, "{}").format(number)
            else:
                body = _with(body or {}, reference.name.split("."), int(number))
        return self.api.call(
            wall.route.method,
            wall.path(ids),
            body,
            key=wall.key if key is WHO_MAY else key,
            query=query,
            headers={**examples.HEADERS.get(wall.route.operation, {}), **(headers or {})},
        )


def _orders_of_other_states() -> Iterator[Any]:
    """An order of account 1 whose names are to be proven, and one whose time is over."""
    over = {"status_reason": StatusReason.TIMED_OUT}
    for ids, order, certificate in (
        (PENDING, {}, {}),
        (
            TIMED_OUT,
            over | {"status": OrderStatus.INVALID},
            over | {"status": CertificateStatus.INVALID, "next_look_at": None},
        ),
    ):
        numbers = {f"{kind}_id": int(ids[kind]) for kind in ("order", "certificate")}
        made = a_certificate(**numbers, **certificate)
        items = tuple(an_authorization(name.value) for name in made.identifiers)
        yield an_order(**numbers, **order)
        yield made
        yield Authorizations(**numbers, items=items)


def _mailed_order() -> Iterator[Any]:
    """An order of account 1 that waits for the answer to a mail."""
    numbers = {f"{kind}_id": int(number) for kind, number in MAILED.items()}
    contact = Contact(address="admin@example.com", authorization_domain="example.com")
    mailing = Mailing(contact=contact, message_id="mail-of-account-1")
    made = a_certificate(**numbers, dcv_method=DcvMethodName.EMAIL, random_value=None)
    items = [
        an_authorization(name.value, method=DcvMethodName.EMAIL, mailings=(mailing,))
        for name in made.identifiers
    ]
    value = MailedValue(
        sha256=fingerprint(examples.OURS["mailed_value"]),
        created_at=MOMENT,
        expires_at=MOMENT + timedelta(days=30),
    )
    yield an_order(**numbers)
    yield made
    yield Authorizations(**numbers, items=tuple(items))
    yield ApprovalMessage(
        message_id=mailing.message_id,
        account_id=1,
        **numbers,
        name="example.com",
        address=contact.address,
        form_token="a-token-of-account-1",
        created_at=MOMENT,
        values=(value,),
    )


@cache
def world() -> World:
    """The one world of this process."""
    return World()


def _copied(value: Any) -> Any:
    """Containers copied, everything in them as it is: records never change."""
    if type(value) is dict:
        return {name: _copied(each) for name, each in value.items()}
    if type(value) in {list, set}:
        return type(value)(_copied(each) for each in value)
    return value


def _with(body: dict[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    """The body with a value at a path; a list's first entry has it."""
    first, *rest = path
    if not rest:
        return body | {first: value}
    inner = body.get(first)
    if isinstance(inner, list) or first in {"custom_fields"}:
        entries = inner if isinstance(inner, list) and inner else [{"value": "x"}]
        return body | {first: [_with(entries[0], rest, value), *entries[1:]]}
    return body | {first: _with(inner if isinstance(inner, dict) else {}, rest, value)}
