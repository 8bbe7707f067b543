"""Routes of accounts: keys, organizations, domains; and those of operators."""

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


_KEYS = (
    _reading(
        "key",
        "keys.list_keys",
        "KeyList",
        "List API keys: one's own, an administrator all",
        action=Action.LOOK_AT_KEYS,
        query=_PAGE,
    ),
    _reading(
        "key/{id}",
        "keys.read_key",
        "KeyInfo",
        "Read about an API key",
        action=Action.LOOK_AT_KEYS,
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
)

ACCOUNTS: tuple[Route, ...] = (*_KEYS, *_OPERATORS)
