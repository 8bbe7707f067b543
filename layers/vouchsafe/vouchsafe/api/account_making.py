"""Direct invocations that make accounts, operators and keys: their events and answers."""

from __future__ import annotations

from typing import Any

from ..dependencies import AccountMaking
from ..domain.accounts import Restriction
from ..domain.errors import Flaw, VouchsafeError, invalid
from ..domain.validity import whole_number
from ..services import accounts
from ..services.keys import CreatedKey
from .problems import error_body

_ACTIONS = ("create_account", "create_operator", "create_key")


def make(event: dict[str, Any], deps: AccountMaking) -> dict[str, Any]:
    """Do what `event["action"]` says. The answer holds the key, once, or `errors`."""
    try:
        return _made(event, deps)
    except VouchsafeError as refused:
        return error_body(refused)


def _made(event: dict[str, Any], deps: AccountMaking) -> dict[str, Any]:
    match event.get("action"):
        case "create_account":
            return _account(event, deps)
        case "create_operator":
            return _operator(event, deps)
        case "create_key":
            return _key(event, deps)
    raise invalid(Flaw("action", f"must be one of {', '.join(_ACTIONS)}"))


def _account(event: dict[str, Any], deps: AccountMaking) -> dict[str, Any]:
    made = accounts.create_account(
        _text(event, "name"),
        _text(event, "email"),
        agreement=_text(event, "agreement"),
        in_force=deps.settings.subscriber_agreement_version,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return {"account_id": made.account.account_id} | _shown(made.key)


def _operator(event: dict[str, Any], deps: AccountMaking) -> dict[str, Any]:
    made = accounts.create_operator(
        _text(event, "name"),
        _text(event, "email"),
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return {"account_id": accounts.OPERATORS} | _shown(made)


def _key(event: dict[str, Any], deps: AccountMaking) -> dict[str, Any]:
    restriction = event.get("restriction", Restriction.NONE.value)
    if restriction not in set(Restriction):
        raise invalid(Flaw("restriction", f"must be one of {', '.join(Restriction)}"))
    made = accounts.create_key(
        whole_number(event.get("account_id")) or 0,
        whole_number(event.get("user_id")) or 0,
        name=_text(event, "name"),
        restriction=Restriction(restriction),
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return {"account_id": made.record.account_id} | _shown(made)


def _shown(key: CreatedKey) -> dict[str, Any]:
    return {
        "user_id": key.record.user_id,
        "key_id": key.record.key_id,
        "api_key": key.secret,
    }


def _text(event: dict[str, Any], name: str) -> str:
    value = event.get(name, "")
    if not isinstance(value, str):
        raise invalid(Flaw(name, "must be a text"))
    return value
