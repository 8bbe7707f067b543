"""Changes of accounts: what a person did as a change record, and the rules an operator sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..domain.accounts import Account, Principal, Role
from ..domain.changes import Change, ChangeKind
from ..domain.errors import not_found
from ..domain.traces import traced
from ..ports import Accounts, Clock, Entropy, Ledger
from .new_changes import new_change


def account_change(
    kind: ChangeKind,
    principal: Principal,
    data: dict[str, object],
    now: datetime,
    entropy: Entropy,
    *,
    subject: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Change:
    """The change record of what a person did in the account, or an operator.

    `subject` names the object ("organization 12"), `before` and `after` what of it changed.
    """
    word = "operator" if principal.role is Role.OPERATOR else "user"
    return new_change(
        kind,
        principal.account_id,
        data,
        now=now,
        entropy=entropy,
        actor=f"{word} {principal.user_id}",
        subject=subject,
        before=before,
        after=after,
    )


def set_rules(
    account_id: int,
    rules: Mapping[str, bool],
    principal: Principal,
    *,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> Account:
    """Set an account's own rules about approvals, by the names of `Account`'s fields.

    Raises not_found, and Conflict when the account changed meanwhile.
    """
    account = accounts.account(account_id)
    if account is None:
        raise not_found("account")
    changed = replace(
        account,
        orders_need_approval=rules.get("orders_need_approval", account.orders_need_approval),
        two_person=rules.get("two_person", account.two_person),
        may_skip_approval=rules.get("may_skip_approval", account.may_skip_approval),
        version=account.version + 1,
    )
    now = clock.now()
    change = account_change(ChangeKind.ACCOUNT_CHANGED, principal, dict(rules), now, entropy)
    change = traced(change, account, changed)
    ledger.commit(changed, replace(change, account_id=account_id))
    return changed
