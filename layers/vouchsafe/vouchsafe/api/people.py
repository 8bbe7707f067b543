"""Accounts, containers and people, as clients read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..dependencies import AccountsApi
from ..domain.accounts import Account, Restriction, Role, User
from ..domain.errors import not_found
from .call import Answer, Call, answer_json
from .dialect import timestamp
from .paging import paged

#: The vendor's numbers and names of roles.
ROLES = {
    Role.ADMINISTRATOR: (1, "Administrator"),
    Role.LIMITED_USER: (2, "Limited User"),
    Role.FINANCE_MANAGER: (3, "Finance Manager"),
    Role.MANAGER: (4, "Manager"),
    Role.STANDARD_USER: (5, "Standard User"),
    Role.OPERATOR: (90, "Operator"),
}
#: The vendor's numbers and names of what a key may be limited to.
RESTRICTIONS: Mapping[Restriction, tuple[int, str]] = {
    Restriction.NONE: (0, "None"),
    Restriction.ORDERS: (100, "Orders"),
    Restriction.ORDERS_DOMAINS_ORGANIZATIONS: (101, "Orders, Domains, Organizations"),
    Restriction.VIEW_ONLY: (102, "View Only"),
}


def me(call: Call, deps: AccountsApi) -> Answer:
    """GET user/me: the person behind the key, and what the key is limited to."""
    principal = call.principal
    user = deps.accounts.user(principal.account_id, principal.user_id)
    if user is None:
        raise not_found("user")
    number, name = RESTRICTIONS[principal.restriction]
    limited = principal.restriction is not Restriction.NONE
    key = {"restricted_by_role": {"id": number, "name": name}} if limited else {}
    account = deps.accounts.account(user.account_id)
    return answer_json(person(user, account) | key)


def list_people(call: Call, deps: AccountsApi) -> Answer:
    """GET user: the account's people."""
    account = own_account(call, deps)
    rows, page = paged(deps.accounts.users_of(account.account_id), call.query)
    return answer_json({"users": [person(user, account) for user in rows], "page": page})


def read_person(call: Call, deps: AccountsApi) -> Answer:
    """GET user/{id}."""
    user = deps.accounts.user(call.principal.account_id, call.number("user"))
    if user is None:
        raise not_found("user")
    return answer_json(person(user, own_account(call, deps)))


def person(user: User, account: Account | None) -> dict[str, Any]:
    """A person; `account` names the container, operators have none."""
    number, name = ROLES[user.role]
    return {
        "id": user.user_id,
        "username": user.email,
        "account_id": user.account_id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "job_title": "",
        "telephone": "",
        "status": "active",
        "type": "standard",
        "is_cert_central": True,
        "is_enterprise": False,
        "is_saml_sso_only": False,
        "has_container_assignments": False,
        "date_created": timestamp(user.created_at),
        "access_roles": [{"id": number, "name": name}],
        "container": _reference(user, account),
    }


def _reference(user: User, account: Account | None) -> dict[str, Any]:
    if account is None or account.root_container_id != user.container_id:
        return {"id": user.container_id}
    return container(account)


def container(account: Account) -> dict[str, Any]:
    """The account's one container, its root."""
    return {
        "id": account.root_container_id,
        "public_id": f"c{account.root_container_id}",
        "parent_id": 0,
        "name": account.name,
        "template_id": 1,
        "ekey": f"c{account.root_container_id}",
        "has_logo": False,
        "is_active": True,
    }


def own_account(call: Call, deps: AccountsApi) -> Account:
    """The caller's account. Raises not_found, which only a half restored table can bring about."""
    account = deps.accounts.account(call.principal.account_id)
    if account is None:
        raise not_found("account")
    return account


def own_container(call: Call, deps: AccountsApi) -> Account:
    """The account whose container the path names. Raises not_found for any other container."""
    account = own_account(call, deps)
    if call.number("container") != account.root_container_id:
        raise not_found("container")
    return account


def read_account(call: Call, deps: AccountsApi) -> Answer:
    """GET account: the account and its rules."""
    account = own_account(call, deps)
    return answer_json(account_row(account))


def account_row(account: Account) -> dict[str, Any]:
    """An account, for its people and for operators."""
    return {
        "id": account.account_id,
        "display_name": account.name,
        "make_renewal_calls": False,
        "root_container_id": account.root_container_id,
        "date_created": timestamp(account.created_at),
        "is_active": True,
        "cert_central_type": "enterprise",
        "cert_transparency": "on",
        "orders_need_approval": account.orders_need_approval,
        "two_person": account.two_person,
        "may_skip_approval": account.may_skip_approval,
    }


def list_containers(call: Call, deps: AccountsApi) -> Answer:
    """GET container."""
    rows, page = paged([container(own_account(call, deps))], call.query)
    return answer_json({"containers": rows, "page": page})


def read_container(call: Call, deps: AccountsApi) -> Answer:
    """GET container/{id}."""
    return answer_json(container(own_container(call, deps)))


def list_children(call: Call, deps: AccountsApi) -> Answer:
    """GET container/{id}/children: there are none, an account has its root alone."""
    own_container(call, deps)
    none: list[dict[str, Any]] = []
    rows, page = paged(none, call.query)
    return answer_json({"containers": rows, "page": page})
