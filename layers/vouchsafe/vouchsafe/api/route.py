"""What a route is: one method on one path, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .bodies import LARGEST_BODY
from .permissions import Action

IDEMPOTENCY_HEADER = "Idempotency-Key"
DRY_RUN = "dry_run"
_TRIED = (
    "true: nothing is done; the answer (200) says what the call would come to, with every refusal."
)
_ONCE = "Optional: the same key and request do the same thing once and get the same answer."


class Function(StrEnum):
    """The Lambda functions behind the API, by folder."""

    ORDERS = "orders_api"
    CERTIFICATES = "certificates_api"
    MANAGED_KEYS = "managed_keys_api"
    REQUESTS = "requests_api"
    ACCOUNTS = "accounts_api"
    OPERATORS = "operators_api"
    UNKNOWN = "unknown_route"

    @property
    def logical_id(self) -> str:
        """The resource in the template."""
        return "".join(word.title() for word in self.value.split("_")) + "Function"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method on one path. `operation` names the function that answers it: `module.name`.

    `request` and `responses` name models of `schemas` and `answers`; a response without a JSON body
    has its media type, or nothing. `parameters` describe the path's variables and the query.
    """

    method: str
    path: str
    function: Function
    operation: str
    action: Action
    summary: str
    request: str | None = None
    request_optional: bool = False
    responses: Mapping[int, str | None] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    also: str | None = None  # another media type in which the answer can be had
    once: bool = False
    tried: bool = False  # can be called with dry_run, which does nothing
    each_time: bool = False  # a POST whose answer is a secret: nothing of it is kept to repeat
    takes: tuple[str, ...] = ()  # media types of a body that is a file, not JSON
    largest: int = LARGEST_BODY  # bytes of a body

    @property
    def is_once(self) -> bool:
        """Whether an `Idempotency-Key` is honoured: on POST, and where `once` says so."""
        return (self.method == "POST" and not self.each_time) or self.once

    @property
    def queries(self) -> Mapping[str, str]:
        """The names of the query that a client may send, and what they mean."""
        return {**self.query, DRY_RUN: _TRIED} if self.tried else self.query

    @property
    def headers(self) -> Mapping[str, str]:
        """The request headers a client may send, besides its key, and what they mean."""
        return {IDEMPOTENCY_HEADER: _ONCE} if self.is_once else {}

    @property
    def operation_id(self) -> str:
        """A name for generated clients: `orders_place`."""
        return self.operation.replace(".", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Routes of one function below one prefix: what they have in common is said once."""

    function: Function
    prefix: str = "/v2"
    looks: Action = Action.LOOK
    changes: Action = Action.ORGANIZE

    def reading(
        self,
        path: str,
        operation: str,
        answer: str,
        summary: str,
        *,
        action: Action | None = None,
        parameters: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Route:
        """A route that changes nothing."""
        return Route(
            method="GET",
            path=f"{self.prefix}/{path}",
            function=self.function,
            operation=operation,
            action=action or self.looks,
            summary=summary,
            responses={200: answer},
            parameters=parameters or {},
            query=query or {},
        )

    def changing(
        self,
        method: str,
        path: str,
        operation: str,
        summary: str,
        *,
        request: str | None = None,
        responses: Mapping[int, str | None] | None = None,
        parameters: Mapping[str, str] | None = None,
        action: Action | None = None,
    ) -> Route:
        """A route that changes something; every PUT among them honours an `Idempotency-Key`."""
        return Route(
            method=method,
            path=f"{self.prefix}/{path}",
            function=self.function,
            operation=operation,
            action=action or self.changes,
            summary=summary,
            request=request,
            responses=responses or {204: None},
            parameters=parameters or {},
            once=method == "PUT",
        )


ORDER_ID = {"id": "The order's id."}
CERTIFICATE_ID = {"id": "The certificate's id."}
FILE = "application/octet-stream"
