"""Routes of accounts: people, containers, keys, organizations, domains; and those of operators."""

from __future__ import annotations

from collections.abc import Mapping

from .permissions import Action
from .route import Function, Route

_PAGE = {"limit": "Rows of a page, 1000 at most.", "offset": "Rows before the page."}
_CONTAINER = {"id": "The container's id."}
_USER = {"id": "The person's id."}
_KEY = {"id": "The key's id."}
_ORGANIZATION = {"id": "The organization's id."}
_ACCOUNT = {"id": "The account's id."}
_OF_CONTAINER = {"container_id": "The container's id."}


def _reading(
    path: str,
    operation: str,
    answer: str,
    summary: str,
    *,
    action: Action = Action.LOOK,
    parameters: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
) -> Route:
    return Route(
        method="GET",
        path=f"/v2/{path}",
        function=Function.OPERATORS if path.startswith("operator/") else Function.ACCOUNTS,
        operation=operation,
        action=action,
        summary=summary,
        responses={200: answer},
        parameters=parameters or {},
        query=query or {},
    )


_PEOPLE = (
    _reading("user/me", "people.me", "Person", "Who am I", action=Action.IDENTIFY),
    _reading(
        "user",
        "people.list_people",
        "PersonList",
        "List the account's people",
        action=Action.LOOK_AT_PEOPLE,
        query=_PAGE,
    ),
    _reading(
        "user/{id}",
        "people.read_person",
        "Person",
        "Read about a person",
        action=Action.LOOK_AT_PEOPLE,
        parameters=_USER,
    ),
    _reading("account", "people.read_account", "AccountInfo", "Read the account and its rules"),
    _reading(
        "container", "people.list_containers", "ContainerList", "List containers", query=_PAGE
    ),
    _reading(
        "container/{id}",
        "people.read_container",
        "Container",
        "Read a container",
        parameters=_CONTAINER,
    ),
    _reading(
        "container/{id}/children",
        "people.list_children",
        "ContainerList",
        "List the containers in a container",
        parameters=_CONTAINER,
        query=_PAGE,
    ),
)

_KEYS = (
    _reading(
        "key",
        "keys.list_keys",
        "KeyList",
        "List API keys: one's own, an administrator all",
        action=Action.LOOK_AT_PEOPLE,
        query=_PAGE,
    ),
    _reading(
        "key/{id}",
        "keys.read_key",
        "KeyInfo",
        "Read about an API key",
        action=Action.LOOK_AT_PEOPLE,
        parameters=_KEY,
    ),
    Route(
        method="POST",
        path="/v2/key/user/{id}",
        function=Function.ACCOUNTS,
        operation="keys.make",
        action=Action.MAKE_KEYS,
        summary="Make an API key, shown once",
        request="KeyBody",
        responses={201: "MadeKey"},
        parameters=_USER,
    ),
    Route(
        method="PUT",
        path="/v2/key/{id}/status",
        function=Function.ACCOUNTS,
        operation="keys.change_status",
        action=Action.MAKE_KEYS,
        summary="Revoke an API key, or take it up again",
        request="StatusBody",
        responses={204: None},
        parameters=_KEY,
    ),
)

_ORGANIZATIONS = (
    _reading(
        "organization",
        "organizations.list_organizations",
        "OrganizationList",
        "List organizations",
        query=_PAGE
        | _OF_CONTAINER
        | {
            "include_validation": "false leaves `validations` out.",
            "filters[status]": "active, inactive or approved.",
        },
    ),
    Route(
        method="POST",
        path="/v2/organization",
        function=Function.ACCOUNTS,
        operation="organizations.create",
        action=Action.ORGANIZE,
        summary="Create an organization",
        request="OrganizationBody",
        responses={201: "MadeOrganization"},
    ),
    _reading(
        "organization/{id}",
        "organizations.read",
        "OrganizationInfo",
        "Read an organization",
        parameters=_ORGANIZATION,
    ),
    _reading(
        "organization/{id}/validation",
        "organizations.read_validation",
        "ValidationList",
        "Read what of an organization was validated",
        parameters=_ORGANIZATION,
    ),
    _reading(
        "container/{id}/order/organization",
        "organizations.list_orderable",
        "OrganizationList",
        "List the validated organizations one may order for",
        parameters=_CONTAINER,
        query=_PAGE | {"include_validation": "false leaves `validations` out."},
    ),
    _reading(
        "domain",
        "domains.list_domains",
        "DomainList",
        "List proven domains",
        query=_PAGE | _OF_CONTAINER | {"include_validation": "true adds `validations`."},
    ),
    _reading(
        "domain/{id}",
        "domains.read",
        "DomainInfo",
        "Read a proven domain",
        parameters={"id": "The domain's id."},
    ),
)

_OPERATORS = (
    Route(
        method="POST",
        path="/v2/operator/account",
        function=Function.OPERATORS,
        operation="operators.make_account",
        action=Action.OPERATE,
        summary="Make an account; its administrator's key is shown once",
        request="AccountBody",
        responses={201: "MadeAccount"},
    ),
    _reading(
        "operator/account",
        "operators.list_accounts",
        "AccountList",
        "List accounts",
        action=Action.OVERSEE,
        query={"limit": _PAGE["limit"], "after": "The last id of the page before."},
    ),
    _reading(
        "operator/account/{id}",
        "operators.read_account",
        "AccountInfo",
        "Read an account",
        action=Action.OVERSEE,
        parameters=_ACCOUNT,
    ),
    Route(
        method="PUT",
        path="/v2/operator/account/{id}/rules",
        function=Function.OPERATORS,
        operation="operators.change_rules",
        action=Action.OPERATE,
        summary="Set an account's rules about approvals",
        request="RulesBody",
        responses={204: None},
        parameters=_ACCOUNT,
    ),
    _reading(
        "operator/account/{id}/organization",
        "operators.list_organizations",
        "OrganizationList",
        "List an account's organizations",
        action=Action.OVERSEE,
        parameters=_ACCOUNT,
        query=_PAGE,
    ),
    Route(
        method="POST",
        path="/v2/operator/account/{id}/organization-validation",
        function=Function.OPERATORS,
        operation="operators.validate_organization",
        action=Action.OPERATE,
        summary="Record what was validated about an organization",
        request="OrganizationValidationBody",
        responses={201: "ValidationList"},
        parameters=_ACCOUNT,
    ),
)

ACCOUNTS: tuple[Route, ...] = (*_PEOPLE, *_KEYS, *_ORGANIZATIONS, *_OPERATORS)
