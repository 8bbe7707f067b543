"""What operators do with accounts: make them, set their rules, look. They never order."""

from __future__ import annotations

from typing import Any

from ..dependencies import OperatorsApi
from ..domain.accounts import Account
from ..domain.errors import Flaw, invalid, not_found
from ..services.account_changes import set_rules
from ..services.accounts import CreatedAccount, create_account
from .account_schemas import AccountBody, RulesBody
from .agreement import agreement_row
from .call import Answer, Call, answer_json
from .containers import tree_of
from .idempotency import once_only
from .organization_rows import organization_row
from .paging import MOST_ROWS, paged, whole
from .people import account_row
from .reading import validated

_RULES = ("orders_need_approval", "two_person", "may_skip_approval")
_LARGEST_ID = 2**31
_SHOWN_ONCE = "The key was shown once, with the first answer, and is kept nowhere."


def make_account(call: Call, deps: OperatorsApi) -> Answer:
    """POST operator/account: the answer alone ever shows the administrator's key."""
    body, warnings = validated(AccountBody, call.body())
    made = create_account(
        body.name or "",
        body.email or "",
        agreement=(body.agreement or "").strip(),
        in_force=deps.settings.subscriber_agreement_version,
        actor=f"operator {call.principal.user_id}",
        once=once_only(call, _again),
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    shown = _made(made) | {"api_key": made.key.secret, "warnings": warnings}
    return answer_json(shown, 201)


def _again(made: CreatedAccount) -> Answer:
    return answer_json(_made(made) | {"warnings": [_SHOWN_ONCE]}, 201)


def _made(made: CreatedAccount) -> dict[str, Any]:
    return {
        "id": made.account.account_id,
        "user_id": made.user.user_id,
        "key_id": made.key.record.key_id,
    }


def list_accounts(call: Call, deps: OperatorsApi) -> Answer:
    """GET operator/account[?after=&limit=]: by id; `next` is the next page's `after`."""
    limit = whole(call.query, "limit", 100, most=MOST_ROWS)
    after = whole(call.query, "after", 0, most=_LARGEST_ID)
    found = deps.accounts.accounts_after(after, limit)
    more = len(found) == limit
    listed: dict[str, Any] = {"accounts": [account_row(each) for each in found]}
    return answer_json(listed | ({"next": found[-1].account_id} if more else {}))


def read_account(call: Call, deps: OperatorsApi) -> Answer:
    """GET operator/account/{id}: with what it accepted of the subscriber agreement."""
    account = _account(call, deps)
    agreement = agreement_row(account, deps.settings.subscriber_agreement_version)
    return answer_json(account_row(account) | {"agreement": agreement})


def _account(call: Call, deps: OperatorsApi) -> Account:
    account = deps.accounts.account(call.number("account"))
    if account is None:
        raise not_found("account")
    return account


def change_rules(call: Call, deps: OperatorsApi) -> Answer:
    """PUT operator/account/{id}/rules: what is left out stays."""
    account = _account(call, deps)
    body, _ = validated(RulesBody, call.body())
    wanted = {name: getattr(body, name) for name in _RULES}
    rules = {name: value for name, value in wanted.items() if value is not None}
    if not rules:
        raise invalid(*(Flaw(name, "is required, or another rule is") for name in _RULES))
    set_rules(
        account.account_id,
        rules,
        call.principal,
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)


def list_organizations(call: Call, deps: OperatorsApi) -> Answer:
    """GET operator/account/{id}/organization."""
    account, now = _account(call, deps), deps.clock.now()
    rows, page = paged(deps.accounts.organizations_of(account.account_id), call.query)
    tree = tree_of(account, deps.accounts.containers_of(account.account_id))
    listed = [organization_row(each, tree, now) for each in rows]
    return answer_json({"organizations": listed, "page": page})
