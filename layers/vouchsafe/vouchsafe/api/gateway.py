"""The gateway's definition, made from the routes: which function answers what, and nothing more."""

from __future__ import annotations

import json
from typing import Any

from .pages import PAGES
from .routes import ROUTES, Function

_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
#: Methods that known paths refuse in our own words; AWS itself would answer others with the
#: MISSING_AUTHENTICATION_TOKEN response below, which says the same.
_COMMON_METHODS = ("get", "post", "put", "patch", "delete")
#: Everything else. The emulator imports no `any` method, so methods are named.
_CATCH_ALL = ("/", "/{proxy+}")

_NO_ROUTE = ("not_found|route", "The specified route was not found.")
_TOO_MANY = ("request_limit_exceeded", "Service unavailable, please limit request volume")
_BUSY = ("service_unavailable", "The service is busy; please try again.")
_BROKEN = ("internal_error", "An error occurred while processing your request.")

#: What the gateway refuses by itself, in the vendor's form: kind → status (None: as it is), words.
_OWN_REFUSALS: dict[str, tuple[int | None, tuple[str, str]]] = {
    "MISSING_AUTHENTICATION_TOKEN": (404, _NO_ROUTE),
    "RESOURCE_NOT_FOUND": (404, _NO_ROUTE),
    "REQUEST_TOO_LARGE": (413, ("request_too_large", "The body is too large.")),
    "THROTTLED": (429, _TOO_MANY),
    "QUOTA_EXCEEDED": (429, _TOO_MANY),
    "INTEGRATION_TIMEOUT": (504, _BUSY),
    "INTEGRATION_FAILURE": (502, _BROKEN),
    "DEFAULT_4XX": (None, ("bad_request_format", "The request was refused.")),
    "DEFAULT_5XX": (None, _BROKEN),
}
_PLAIN_HEADERS = {
    "Cache-Control": "'private, no-store'",
    "X-Content-Type-Options": "'nosniff'",
}


def definition_body() -> dict[str, Any]:
    """The DefinitionBody of the REST API: OpenAPI with the gateway's extensions, kept small."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _to(route.function.logical_id)
    for page in PAGES:
        paths[page.path] = {method: _to(page.logical_id) for method in page.methods}
    for methods in paths.values():
        for method in _COMMON_METHODS:
            methods.setdefault(method, _to(Function.UNKNOWN.logical_id))
    for path in _CATCH_ALL:
        paths[path] = {method: _to(Function.UNKNOWN.logical_id) for method in _METHODS}
    return {
        "openapi": "3.0.1",
        "info": {"title": "Vouchsafe", "version": "2"},
        "paths": {path: dict(sorted(methods.items())) for path, methods in sorted(paths.items())},
        "x-amazon-apigateway-binary-media-types": ["*/*"],
        "x-amazon-apigateway-gateway-responses": {
            kind: _gateway_response(*words) for kind, words in _OWN_REFUSALS.items()
        },
    }


def _to(logical_id: str) -> dict[str, Any]:
    """A method that hands the whole request to the function of that name in the template."""
    uri = (
        "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
        f"${{{logical_id}.Arn}}/invocations"
    )
    return {
        "responses": {},
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "uri": {"Fn::Sub": uri},
        },
    }


def _gateway_response(status: int | None, words: tuple[str, str]) -> dict[str, Any]:
    code, message = words
    body = json.dumps({"errors": [{"code": code, "message": message}]}, separators=(",", ":"))
    headers = _PLAIN_HEADERS | ({"Retry-After": "'1'"} if words is _TOO_MANY else {})
    response: dict[str, Any] = {
        "responseParameters": {
            f"gatewayresponse.header.{name}": text for name, text in headers.items()
        },
        "responseTemplates": {"application/json": body},
    }
    return response if status is None else {"statusCode": str(status)} | response
