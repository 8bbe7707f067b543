"""The API's description for people and programs (OpenAPI 3.1), made from routes and models."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from . import (
    account_answers,
    account_schemas,
    answers,
    audit_answers,
    change_answers,
    csr_answers,
    domain_answers,
    domain_schemas,
    dry_run_answers,
    key_schemas,
    list_answers,
    list_schemas,
    order_answers,
    people_answers,
    people_schemas,
    problem_schemas,
    revocation_answers,
    revocation_schemas,
    schemas,
    vetting_answers,
    vetting_schemas,
    webhook_answers,
    webhook_schemas,
)
from .routes import ROUTES, Route

_REFERENCE = "#/components/schemas/{model}"
_DESCRIPTION = (
    "Certificate orders over HTTPS, in the form that CertCentral clients speak."
    " Paths stand below the base URL, which ends in `/services`."
)
_REFUSALS = {
    400: "The request cannot be carried out; every flaw is named.",
    403: "No key, a key that is not good here, or a permission that is missing.",
    404: "No such thing, or not this account's.",
    413: "The body is too large; nothing was read.",
    429: "Too many requests with this key; try again after the seconds in Retry-After.",
    500: "A fault of ours.",
    503: "Busy; try again after the seconds in Retry-After.",
}


def describe() -> dict[str, Any]:
    """The whole document as plain JSON values."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Vouchsafe", "version": "2", "description": _DESCRIPTION},
        "servers": [{"url": "/services"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "responses": {"Problem": _json_response("A refusal.", "Problems")},
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-DC-DEVKEY"},
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": route.summary,
        "tags": [route.operation.partition(".")[0]],
        "responses": _responses(route),
    }
    parameters = _parameters(route)
    if parameters:
        operation["parameters"] = parameters
    if route.takes:
        file = {"schema": {"type": "string", "format": "binary"}}
        content = dict.fromkeys(route.takes, file)
        operation["requestBody"] = {"required": True, "content": content}
    if route.request is not None:
        operation["requestBody"] = {
            "required": not route.request_optional,
            "content": _json_content(route.request),
        }
    return operation


def _operation_id(route: Route) -> str:
    """Unique also where one operation answers two paths."""
    return f"{route.operation_id}_format" if _is_second(route) else route.operation_id


def _is_second(route: Route) -> bool:
    return next(r for r in ROUTES if r.operation == route.operation) is not route


def _parameters(route: Route) -> list[dict[str, Any]]:
    kinds = (("path", route.parameters), ("query", route.queries), ("header", route.headers))
    return [
        {
            "name": name,
            "in": kind,
            "required": kind == "path",
            "description": text,
            "schema": {"type": "string"},
        }
        for kind, described in kinds
        for name, text in described.items()
    ]


def _responses(route: Route) -> dict[str, Any]:
    responses = {
        str(status): _response(status, content) for status, content in route.responses.items()
    }
    if route.also is not None:
        schema = {"type": "string"}
        responses["200"]["content"][route.also] = {"schema": schema}
    for status, text in _REFUSALS.items():
        responses[str(status)] = _json_response(text, "Problems")
    return dict(sorted(responses.items()))


def _response(status: int, content: str | None) -> dict[str, Any]:
    if content is None:
        return {"description": "Done; no body."}
    if content == "application/json":  # a file that is JSON, described on a page of its own
        return {"description": "The file.", "content": {content: {"schema": {"type": "object"}}}}
    if "/" in content:
        schema = {"type": "string", "format": "binary"}
        return {"description": "The file.", "content": {"*/*": {"schema": schema}}}
    return _json_response("Created." if status == 201 else "Found.", content)  # noqa: PLR2004


def _json_response(description: str, model: str) -> dict[str, Any]:
    return {"description": description, "content": _json_content(model)}


def _json_content(model: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REFERENCE.format(model=model)}}}


def model_named(name: str) -> type[BaseModel]:
    """The model a route names. Raises StopIteration for a name that is none."""
    modules = (
        account_schemas,
        account_answers,
        schemas,
        answers,
        audit_answers,
        change_answers,
        order_answers,
        people_answers,
        people_schemas,
        problem_schemas,
        csr_answers,
        list_schemas,
        list_answers,
        domain_schemas,
        domain_answers,
        dry_run_answers,
        key_schemas,
        vetting_schemas,
        vetting_answers,
        revocation_answers,
        revocation_schemas,
        webhook_answers,
        webhook_schemas,
    )
    model: type[BaseModel] = next(getattr(m, name) for m in modules if hasattr(m, name))
    return model


def _schemas() -> dict[str, Any]:
    named = {answers.Problems.__name__}
    for route in ROUTES:
        named |= {m for m in route.responses.values() if m is not None and "/" not in m}
        named |= {route.request} if route.request else set()
    models = [(model_named(name), "validation") for name in sorted(named)]
    _, document = models_json_schema(
        models,  # type: ignore[arg-type]
        ref_template=_REFERENCE,
    )
    definitions: dict[str, Any] = untitled(document["$defs"])
    return dict(sorted(definitions.items()))


def untitled(value: Any) -> Any:
    """The schema without `title` keywords (properties named title would be objects)."""
    if isinstance(value, dict):
        kept = {n: v for n, v in value.items() if not (n == "title" and isinstance(v, str))}
        return {name: untitled(inner) for name, inner in kept.items()}
    return [untitled(inner) for inner in value] if isinstance(value, list) else value
