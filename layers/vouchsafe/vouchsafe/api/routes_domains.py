"""Routes of domains and of how control of them is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .permissions import Action
from .route import Function, Route

_DOMAIN = {"id": "The domain's id."}
_VALIDATION = {"include_validation": "true adds `validations`."}
_REUSE = {"include_validation_reuse_status": "true adds how the proof may be relied on."}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """What differs from one route of domains to the next; reading needs no more than looking."""

    method: str
    path: str
    operation: str
    summary: str
    responses: Mapping[int, str | None]
    request: str | None = None
    request_optional: bool = False
    query: Mapping[str, str] = field(default_factory=dict)


def _route(row: _Row) -> Route:
    return Route(
        method=row.method,
        path=f"/v2/{row.path}",
        function=Function.ACCOUNTS,
        operation=row.operation,
        action=Action.LOOK if row.method == "GET" else Action.ORGANIZE,
        summary=row.summary,
        request=row.request,
        request_optional=row.request_optional,
        responses=row.responses,
        parameters=_DOMAIN if "{id}" in row.path else {},
        query=row.query,
    )


_THINGS = (
    _Row(
        method="GET",
        path="domain",
        operation="domain_lists.list_domains",
        summary="List domains",
        responses={200: "DomainList"},
        query={
            "limit": "Rows of a page, 1000 at most.",
            "offset": "Rows before the page.",
            "container_id": "The container's id.",
            "filters[name]": "The domain of exactly that name.",
            **_VALIDATION,
            **_REUSE,
        },
    ),
    _Row(
        method="POST",
        path="domain",
        operation="domains.add",
        summary="Add a domain, to be proven ahead of any order",
        request="DomainBody",
        responses={201: "AddedDomain"},
    ),
    _Row(
        method="GET",
        path="domain/validation-type",
        operation="domains.list_validation_types",
        summary="List what a domain's proof may serve",
        responses={200: "ValidationTypeList"},
    ),
    _Row(
        method="GET",
        path="domain/{id}",
        operation="domains.read",
        summary="Read a domain",
        responses={200: "DomainInfo"},
        query={"include_dcv": "true adds what to publish, what was seen.", **_VALIDATION, **_REUSE},
    ),
    _Row(
        method="DELETE",
        path="domain/{id}",
        operation="domains.remove",
        summary="Forget a domain and its proof",
        responses={204: None},
    ),
    _Row(
        method="PUT",
        path="domain/{id}/activate",
        operation="domains.activate",
        summary="Take a domain up again",
        responses={204: None},
    ),
    _Row(
        method="PUT",
        path="domain/{id}/deactivate",
        operation="domains.deactivate",
        summary="Hold a domain's proof back from new orders",
        responses={204: None},
    ),
    _Row(
        method="GET",
        path="domain/{id}/validation",
        operation="domains.read_validation",
        summary="Read how a domain is validated",
        responses={200: "DomainValidationList"},
    ),
    _Row(
        method="POST",
        path="domain/{id}/validation",
        operation="domains.submit",
        summary="Submit a domain for further kinds of validation",
        request="DomainValidationBody",
        responses={204: None},
    ),
)

_CONTROL = (
    _Row(
        method="GET",
        path="domain/dcv/method",
        operation="domain_dcv.list_methods",
        summary="List the methods in service",
        responses={200: "DcvMethodList"},
    ),
    _Row(
        method="PUT",
        path="domain/{id}/dcv/method",
        operation="domain_dcv.change_method",
        summary="Prove a domain another way, with a new value",
        request="DomainMethodBody",
        responses={200: "AddedDomain"},
    ),
    _Row(
        method="POST",
        path="domain/{id}/dcv/token",
        operation="domain_dcv.new_token",
        summary="Get a new value for a domain",
        responses={201: "AddedDomain"},
    ),
    _Row(
        method="PUT",
        path="domain/{id}/dcv/validate-token",
        operation="domain_dcv.validate_token",
        summary="Look for a domain's value now",
        request="DomainCheckBody",
        request_optional=True,
        responses={200: "CheckedToken"},
    ),
    _Row(
        method="PUT",
        path="domain/{id}/dcv/cname",
        operation="domain_dcv.validate_cname",
        summary="Look for a domain's value now (older form)",
        request="DomainCheckBody",
        request_optional=True,
        responses={200: "CheckedToken"},
    ),
    _Row(
        method="POST",
        path="domain/{id}/dcv/cname",
        operation="domain_dcv.post_cname",
        summary="Look for a domain's value now (older form)",
        request="DomainCheckBody",
        request_optional=True,
        responses={200: "CheckedToken"},
    ),
)

DOMAINS: tuple[Route, ...] = tuple(_route(row) for row in (*_THINGS, *_CONTROL))
