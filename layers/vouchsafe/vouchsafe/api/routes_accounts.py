"""Routes of keys, and those of operators about accounts."""

from __future__ import annotations

from .permissions import Action
from .route import Function, Group, Route

_PAGE = {"limit": "Rows of a page, 1000 at most.", "offset": "Rows before the page."}
_CONTAINER = {"id": "The container's id."}
_USER = {"id": "The person's id."}
_KEY = {"id": "The key's id."}
_ACCOUNT = {"id": "The account's id."}

_GROUP = Group(function=Function.ACCOUNTS)
_reading, _changing = _GROUP.reading, _GROUP.changing
_overseeing = Group(
    function=Function.OPERATORS, prefix="/v2/operator", looks=Action.OVERSEE
).reading

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
    _overseeing(
        "account",
        "operators.list_accounts",
        "AccountList",
        "List accounts",
        query={"limit": _PAGE["limit"], "after": "The last id of the page before."},
    ),
    _overseeing(
        "account/{id}",
        "operators.read_account",
        "AccountInfo",
        "Read an account",
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
    _overseeing(
        "account/{id}/organization",
        "operators.list_organizations",
        "OrganizationList",
        "List an account's organizations",
        parameters=_ACCOUNT,
        query=_PAGE,
    ),
)

_MAILS = (
    _reading(
        "account/mail-settings",
        "mail_settings.read",
        "MailSettings",
        "Read which mails the account does without",
    ),
    _changing(
        "PUT",
        "account/mail-settings",
        "mail_settings.change",
        "Switch kinds of informational mails off for the account, and on again",
        request="MailSettingsBody",
        action=Action.ADMINISTER,
    ),
)

ACCOUNTS: tuple[Route, ...] = (*_KEYS, *_MAILS, *_OPERATORS)
