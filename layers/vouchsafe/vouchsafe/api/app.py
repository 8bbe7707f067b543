"""The edge: from a gateway event to one operation and back. Everything that fails ends here."""

from __future__ import annotations

import base64
import binascii
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from aws_lambda_powertools import Logger

from ..dependencies import Caller
from ..domain.accounts import Principal
from ..domain.errors import Conflict, ErrorCode, Unavailable, VouchsafeError, not_found
from ..observability import logger
from ..services.keys import authenticate
from .bodies import check_size
from .call import Answer, Call
from .dry import is_dry
from .finding import Finder
from .idempotency import answered_once, token_of
from .limits import caller_of_key, headers_of, refuse_beyond, take
from .permissions import allow
from .problems import internal_error, problem, unavailable
from .routes import Function, Route, routes_of

type Operation = Callable[[Call, Any], Answer]
type Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

_KEY_HEADER = "x-dc-devkey"

#: On every answer. What an account reads is nobody else's, and nothing a cache may keep.
_HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


def build(
    function: str,
    dependencies: Caller | None,
    *,
    pause: Callable[[float], None] = time.sleep,
    log: Logger | None = None,
) -> Handler:
    """The handler of one of the API's functions, by folder name, over its dependencies.

    `pause` sleeps for seconds while a check is awaited. The unknown-route function has no
    dependencies: it knows no route at all.
    """
    log = log or logger()
    edge = _Edge(routes_of(Function(function)), dependencies, pause=pause, log=log)

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        del context
        log.set_correlation_id(_request_id(event))
        return edge.serve(event)

    return handle


def load(function: str) -> None:
    """Import everything a function's routes need, while its container starts."""
    for route in routes_of(Function(function)):
        _operation(route)


class _Edge:
    """Serves routes of one function: authenticate, allow, run, render."""

    def __init__(
        self,
        routes: tuple[Route, ...],
        dependencies: Caller | None,
        *,
        pause: Callable[[float], None],
        log: Logger,
    ) -> None:
        self._finder = Finder(routes)
        self._operations = {route.operation: _operation(route) for route in routes}
        self._dependencies = dependencies
        self._pause = pause
        self._log = log

    def serve(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """A gateway proxy event in, a proxy response out."""
        found = self._finder.find(event["httpMethod"], event["path"])
        if found is None:  # said before anybody is asked for a key
            return self._render(problem(not_found("route")), event, operation="unknown")
        route, parts = found
        told: dict[str, str] = {}
        answer = self._caught(route, lambda: self._run(route, parts, event, told))
        answer = replace(answer, headers={**told, **answer.headers})
        return self._render(answer, event, operation=route.operation)

    def _caught(self, route: Route, run: Callable[[], Answer]) -> Answer:
        try:
            return run()
        except VouchsafeError as refused:
            self._log.info("request.refused", operation=route.operation, code=refused.code.value)
            return problem(refused)
        except (Conflict, Unavailable) as trouble:
            self._log.warning("request.unavailable", operation=route.operation, cause=str(trouble))
            return unavailable()
        except Exception as fault:  # the edge: the client learns nothing of our inside
            self._log.error("request.failed", operation=route.operation, **_whereabouts(fault))
            return internal_error()

    def _run(
        self,
        route: Route,
        parts: Mapping[str, str],
        event: Mapping[str, Any],
        told: dict[str, str],
    ) -> Answer:
        """The operation's answer; `told` gets the headers of every answer, refusals included."""
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        principal = self._authenticated(event, headers)
        self._limit(principal, told)
        call = Call(
            principal=allow(route.action, principal),
            method=route.method,
            path=event["path"],
            parts=parts,
            query=event.get("queryStringParameters") or {},
            headers=headers,
            raw_body=_raw_body(event, route.largest),
            is_file=bool(route.takes),
            pause=self._pause,
        )
        operation, dependencies = self._operations[route.operation], self._dependencies
        assert dependencies is not None, "a function with routes has dependencies"
        if route.tried and is_dry(call):
            token_of(call)  # a key that is none is refused as ever; a good one is not used up
            return operation(call, dependencies)
        if not route.is_once:
            return operation(call, dependencies)
        return answered_once(
            call,
            lambda: operation(call, dependencies),
            ledger=dependencies.ledger,
        )

    def _limit(self, principal: Principal, told: dict[str, str]) -> None:
        assert self._dependencies is not None, "a function with routes has dependencies"
        allowance = take(
            caller_of_key(principal),
            self._dependencies.settings.rate_limits,
            self._dependencies.clock.now(),
            port=self._dependencies.limits,
            log=self._log,
        )
        told.update(headers_of(allowance))
        refuse_beyond(allowance)

    def _authenticated(self, event: Mapping[str, Any], headers: Mapping[str, str]) -> Principal:
        assert self._dependencies is not None, "a function with routes has dependencies"
        source = event["requestContext"]["identity"].get("sourceIp") or ""
        return authenticate(
            headers.get(_KEY_HEADER, ""),
            source,
            accounts=self._dependencies.accounts,
            clock=self._dependencies.clock,
        )

    def _render(
        self, answer: Answer, event: Mapping[str, Any], *, operation: str
    ) -> dict[str, Any]:
        self._log.info("request.answered", operation=operation, status=answer.status)
        headers = {**_HEADERS, "X-Request-Id": _request_id(event), **answer.headers}
        if answer.content is not None:
            headers.setdefault("Content-Type", answer.content_type)
        content = answer.content or ""  # never null: an emulator of the gateway falls over it
        return {
            "statusCode": answer.status,
            "body": base64.b64encode(content).decode() if isinstance(content, bytes) else content,
            "isBase64Encoded": isinstance(content, bytes),
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
        }


def _operation(route: Route) -> Operation:
    """The function that answers a route; its module is loaded with the functions that need it."""
    module, name = route.operation.split(".")
    operation: Operation = getattr(import_module(f".{module}", __package__), name)
    return operation


def _raw_body(event: Mapping[str, Any], most: int) -> bytes:
    """The body's bytes; the gateway hands them over as text or as base64."""
    text = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        raw = text.encode("utf-8", "surrogatepass")
    elif len(text) > most * 2:
        raw = b" " * (most + 1)
    else:
        raw = _decoded(text)
    check_size(raw, most)
    return raw


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise VouchsafeError(ErrorCode.MALFORMED, "The body is not valid base64.") from None


def _whereabouts(fault: Exception) -> dict[str, Any]:
    """What broke and where. Not its message: that may quote what the client sent."""
    frames = traceback.extract_tb(fault.__traceback__)
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"fault": type(fault).__qualname__, "places": places}


def _request_id(event: Mapping[str, Any]) -> str:
    """The gateway's id of a request: in the answer, in our logs, in the gateway's logs."""
    return str((event.get("requestContext") or {}).get("requestId") or "")
