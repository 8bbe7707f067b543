"""The API's functions over fakes, driven with gateway events as a client would drive the API."""

from __future__ import annotations

import base64
import io
import itertools
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools import Logger

from tests.builders import (
    MOMENT,
    a_user,
    an_account,
    an_api_key,
)
from tests.fake_managed_keys import FakeKeyService
from tests.fake_messages import FakeContacts
from tests.fake_packets import FakePacketStore
from tests.fake_trial import FakeFirstLook, FakeLintOnly
from tests.fake_vetting import FakeEvidenceStore
from tests.fakes import (
    FakeBook,
    FakeDomainChecker,
    FakeRateLimits,
    FakeStore,
    FakeWorkflow,
    FrozenClock,
    SeededEntropy,
)
from tests.tripwire import Tripwire
from tests.unit.validation.checking import eyes_over
from tests.unit.validation.eyes import World
from vouchsafe import dependencies as give
from vouchsafe.api import app
from vouchsafe.api.openapi import model_named
from vouchsafe.api.routes import ROUTES, Function, Route
from vouchsafe.dependencies_keys import ManagedKeysApi
from vouchsafe.domain.accounts import ApiKey, Role
from vouchsafe.key_ports import KnownKeys
from vouchsafe.settings import Settings, Stage
from vouchsafe.trial_ports import PATIENCE, TrialPorts

KEY = "a-key-for-tests"
OTHERS_KEY = "a-key-of-account-2"
OPERATORS_KEY = "a-key-of-an-operator"
_NUMBERS = itertools.count()  # a logger's name is taken once per process


@dataclass
class Reply:
    """A response as the client gets it."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def codes(self) -> list[str]:
        return [error["code"] for error in self.json["errors"]]


def event_for(
    method: str,
    path: str,
    *,
    body: str | bytes | None = None,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A proxy event as the gateway makes it; a body of bytes arrives as base64."""
    encoded = isinstance(body, bytes)
    return {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": dict(headers or {}),
        "multiValueHeaders": {name: [value] for name, value in (headers or {}).items()},
        "queryStringParameters": dict(query) if query else None,
        "multiValueQueryStringParameters": {k: [v] for k, v in query.items()} if query else None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "requestId": "c0ffee00-0000-4000-8000-000000000001",
            "stage": "services",
            "path": f"/services{path}",
            "httpMethod": method,
            "identity": {"sourceIp": "192.0.2.7", "userAgent": "tests"},
        },
        "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": encoded,
    }


@dataclass
class Api:
    """All functions of the API over one book. `log` holds every line they wrote."""

    tripwire: Tripwire = field(default_factory=Tripwire)
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(MOMENT))
    settings: Settings = field(
        default_factory=lambda: Settings(stage=Stage.LOCAL, dcv_domain="dcv.example")
    )
    pause: Callable[[float], object] = float  # sleeps not at all
    limited: bool = False
    log: io.StringIO = field(default_factory=io.StringIO)

    def __post_init__(self) -> None:
        self.book = FakeBook(self.tripwire)
        self.store = FakeStore(self.tripwire)
        self.workflow = FakeWorkflow(self.tripwire)
        self.evidence = FakeEvidenceStore(self.tripwire)
        self.packets = FakePacketStore(self.tripwire)
        self.limits = FakeRateLimits(self.tripwire)
        self.contacts = FakeContacts(tripwire=self.tripwire)
        self.entropy = SeededEntropy()
        self.keys = FakeKeyService(self.tripwire)
        self.checker = FakeDomainChecker(self.tripwire)
        self.world = World()
        eyes = eyes_over(self.world, self.clock)
        self.first_look = FakeFirstLook(eyes, self.tripwire)
        self.lint_only = FakeLintOnly(self.tripwire)
        self.patience = PATIENCE
        self.known_keys: KnownKeys | None = None
        self.book.commit(an_account(), a_user(), an_api_key(KEY))
        other = {"account_id": 2, "user_id": 8, "container_id": 4}
        self.book.commit(
            an_account(account_id=2, name="Other Ltd", root_container_id=4),
            a_user(**other),
            an_api_key(OTHERS_KEY, key_id=42, **other),
        )
        operator = {"account_id": 0, "user_id": 9, "container_id": 0, "role": Role.OPERATOR}
        self.book.commit(a_user(**operator), an_api_key(OPERATORS_KEY, key_id=43, **operator))
        self._logger = Logger(service=f"tests-{next(_NUMBERS)}", stream=self.log, level="DEBUG")
        self._handlers: dict[Function, app.Handler] = {}
        self.tripwire.calls.clear()

    def add_key(self, secret: str, **changed: Any) -> ApiKey:
        """A further key on record."""
        key = an_api_key(secret, **({"key_id": 99} | changed))
        self.book.commit(key)
        return key

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = KEY,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request: objects go as JSON, text and bytes as they are. Paths stand below /v2."""
        content = body if body is None or isinstance(body, str | bytes) else json.dumps(body)
        sent = {} if key is None else {"X-DC-DEVKEY": key}
        sent |= headers or {}
        event = event_for(method, f"/v2/{path}", body=content, headers=sent, query=query)
        return self.send(event)

    def send(self, event: dict[str, Any]) -> Reply:
        """Hand an event to the function the gateway would choose."""
        function = _function(event["httpMethod"], event["path"])
        response = self._handler(function)(event, None)
        content = (response.get("body") or "").encode()
        if response["isBase64Encoded"]:
            content = base64.b64decode(content)
        headers = {n: v[0] for n, v in response["multiValueHeaders"].items()}
        reply = Reply(response["statusCode"], headers, content)
        _hold_against_documents(event, reply)
        return reply

    def _handler(self, function: Function) -> app.Handler:
        if function not in self._handlers:
            managed = function is Function.MANAGED_KEYS
            given = self._managed() if managed else self._dependencies(function)
            self._handlers[function] = app.build(
                function.value, given, pause=self.pause, log=self._logger
            )
        return self._handlers[function]

    def _common(self) -> dict[str, Any]:
        return {
            "settings": self.settings,
            "clock": self.clock,
            "entropy": self.entropy,
            "accounts": self.book,
            "ledger": self.book,
            "limits": self.limits if self.limited else None,
        }

    def _managed(self) -> give.Caller:
        more = {"issuers": self.book, "store": self.store}
        return ManagedKeysApi(**self._common(), **more, managed=self.book, opener=self.keys)

    def _dependencies(self, function: Function) -> give.Caller | None:
        common = self._common()
        match function:
            case Function.ORDERS:
                return give.OrdersApi(
                    **common,
                    reviews=self.book,
                    looks=self.book,
                    lists=self.book,
                    workflow=self.workflow,
                    issuers=self.book,
                    store=self.store,
                    messages=self.book,
                    domains=self.book,
                    contacts=self.contacts,
                    trial=self._trial(),
                    known_keys=self.known_keys,
                )
            case Function.CERTIFICATES:
                return give.CertificatesApi(
                    **common, issuers=self.book, store=self.store, packets=self.packets
                )
            case Function.REQUESTS:
                return give.RequestsApi(**common, workflow=self.workflow, policies=self.book)
            case Function.ACCOUNTS:
                return give.DomainsApi(
                    **common,
                    **self._vetting(),
                    domains=self.book,
                    checker=self.checker,
                    webhooks=self.book,
                )
            case Function.OPERATORS:
                return give.OperatorsApi(
                    **common,
                    **self._vetting(),
                    policies=self.book,
                    evidence=self.evidence,
                    keys=self.book,
                    issuers=self.book,
                    cases=self.book,
                )
            case Function.UNKNOWN:
                return None

    def _trial(self) -> TrialPorts:
        return TrialPorts(
            policies=self.book,
            issuers=self.book,
            first_look=self.first_look,
            linter=self.lint_only,
            contacts=self.contacts,
            publication_url="http://ca.example.com",
            profile_rules=self.settings.profile_rules,
            patience=self.patience,
        )

    def _vetting(self) -> dict[str, Any]:
        return {
            "feed": self.book,
            "reviews": self.book,
            "parked": self.book,
            "workflow": self.workflow,
        }


def route_of(method: str, path: str) -> Route | None:
    """The route of a call, if there is one."""
    for route in ROUTES:
        pattern = re.sub(r"\{\w+\}", "[^/]+", route.path)
        if route.method == method and re.fullmatch(pattern, path.rstrip("/")):
            return route
    return None


def _function(method: str, path: str) -> Function:
    route = route_of(method, path)
    return Function.UNKNOWN if route is None else route.function


def _hold_against_documents(event: dict[str, Any], reply: Reply) -> None:
    """Every answer of every test is one that docs/openapi.json describes, field by field."""
    if reply.status >= 400:
        model_named("Problems").model_validate_json(reply.content)
        return
    route = route_of(event["httpMethod"], event["path"])
    assert route is not None
    described = route.responses[reply.status]
    if described is None:
        assert reply.content == b""
        assert "Content-Type" not in reply.headers
    elif route.also is not None and reply.headers["Content-Type"] == route.also:
        assert (b"\r\n" in reply.content) is (route.also == "text/csv")
    elif "/" not in described:
        assert reply.headers["Content-Type"] == "application/json"
        model_named(described).model_validate_json(reply.content, strict=True)
