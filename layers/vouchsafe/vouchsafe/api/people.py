"""People, and the account itself, as clients read and change them."""

from __future__ import annotations

from typing import Any

from ..dependencies import AccountsApi
from ..domain.accounts import Account, Restriction, User, UserStatus
from ..domain.containers import Container
from ..domain.errors import Flaw, invalid, not_found
from ..services.containers import placing
from ..services.key_rules import person as somebody
from ..services.users import create_user, edit_user, set_role, set_status
from .call import Answer, Call, answer_json
from .containers import Tree, container_row, own_tree, tree_of
from .dialect import timestamp
from .idempotency import once_only
from .liberal import says_something
from .mail_states import mail_state_of
from .paging import paged
from .people_reading import read_new_person, read_profile, read_role
from .people_schemas import EditUserBody, RoleBody, UserBody
from .people_words import RESTRICTIONS, ROLES
from .reading import validated
from .schemas import StatusBody

_STATUSES = {"active": UserStatus.ACTIVE, "inactive": UserStatus.INACTIVE}


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
    below = deps.accounts.containers_of(user.account_id) if account else ()
    tree = {} if account is None else tree_of(account, below)
    return answer_json(person(user, tree) | key)


def list_people(call: Call, deps: AccountsApi) -> Answer:
    """GET user[?container_id=]: the account's people, or those of one container."""
    tree = own_tree(call, deps)
    wanted = call.query.get("container_id", "").strip()
    found = [
        user
        for user in deps.accounts.users_of(call.principal.account_id)
        if user.status is not UserStatus.DELETED and wanted in {"", "0", str(user.container_id)}
    ]
    rows, page = paged(found, call.query)
    return answer_json({"users": [person(user, tree) for user in rows], "page": page})


def read_person(call: Call, deps: AccountsApi) -> Answer:
    """GET user/{id}."""
    user = _found(call, deps)
    return answer_json(person(user, own_tree(call, deps)) | mail_state_of(user, deps))


def _found(call: Call, deps: AccountsApi) -> User:
    number, account_id = call.number("user"), call.principal.account_id
    user = somebody(account_id, number, accounts=deps.accounts)
    if user is None:
        raise not_found("user")
    return user


def person(user: User, tree: Tree) -> dict[str, Any]:
    """A person; `tree` has the account's containers, operators have none."""
    number, name = ROLES[user.role]
    container = tree.get(user.container_id)
    return {
        "id": user.user_id,
        "username": user.username or user.email,
        "account_id": user.account_id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "job_title": user.job_title,
        "telephone": user.telephone,
        "status": user.status.value,
        "type": "standard",
        "is_cert_central": True,
        "is_enterprise": False,
        "is_saml_sso_only": False,
        "has_container_assignments": False,
        "date_created": timestamp(user.created_at),
        "access_roles": [{"id": number, "name": name}],
        "container": container_row(container, tree) if container else {"id": user.container_id},
    }


def create(call: Call, deps: AccountsApi) -> Answer:
    """POST user: the person's id. A person acts with a key, which POST key/user/{id} makes."""
    body, warnings = validated(UserBody, call.body())
    flaws: list[Flaw] = []
    profile, role = read_new_person(body, flaws)
    if body.is_api_only:
        flaws.append(Flaw("is_api_only", "is not available: create a person, and then a key"))
    given = None if body.container is None else body.container.id
    container = placing(given, call.principal, ledger=deps.ledger)
    if isinstance(container, Flaw):
        flaws.append(container)
    if flaws or role is None or not isinstance(container, Container):
        raise invalid(*flaws)
    warnings += _remarks(body)

    def answer(made: User) -> Answer:
        return answer_json({"id": made.user_id, "warnings": warnings}, 201)

    made = create_user(
        profile,
        role,
        container.container_id,
        call.principal,
        once=once_only(call, answer),
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return answer(made)


def _remarks(body: UserBody) -> list[str]:
    found = []
    if says_something(body.container_id_assignments):
        found.append("container_id_assignments: is ignored: a person stands in one container")
    if says_something(body.is_saml_sso_only):
        found.append("is_saml_sso_only: is ignored: people act by their keys")
    return found


def edit(call: Call, deps: AccountsApi) -> Answer:
    """PUT user/{id}: names, address, job title, telephone number."""
    user = _found(call, deps)
    body, _ = validated(EditUserBody, call.body())
    flaws: list[Flaw] = []
    profile = read_profile(body, flaws)
    if flaws:
        raise invalid(*flaws)
    edit_user(
        user.user_id,
        profile,
        call.principal,
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)


def change_role(call: Call, deps: AccountsApi) -> Answer:
    """PUT user/{id}/role."""
    user = _found(call, deps)
    body, _ = validated(RoleBody, call.body())
    flaws: list[Flaw] = []
    role = read_role(body.access_roles, flaws)
    if role is None:
        raise invalid(*flaws)
    set_role(
        user.user_id,
        role,
        call.principal,
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)


def change_status(call: Call, deps: AccountsApi) -> Answer:
    """PUT user/{id}/status: active or inactive."""
    user = _found(call, deps)
    body, _ = validated(StatusBody, call.body())
    status = _STATUSES.get((body.status or "").lower())
    if status is None:
        raise invalid(Flaw("status", f"must be one of {', '.join(_STATUSES)}"))
    return _with_status(user, status, call, deps)


def delete(call: Call, deps: AccountsApi) -> Answer:
    """DELETE user/{id}: for good; what the person did stays on record."""
    return _with_status(_found(call, deps), UserStatus.DELETED, call, deps)


def _with_status(user: User, status: UserStatus, call: Call, deps: AccountsApi) -> Answer:
    set_status(
        user.user_id,
        status,
        call.principal,
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)


def own_account(call: Call, deps: AccountsApi) -> Account:
    """The caller's account. Raises not_found, which only a half restored table can bring about."""
    account = deps.accounts.account(call.principal.account_id)
    if account is None:
        raise not_found("account")
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
