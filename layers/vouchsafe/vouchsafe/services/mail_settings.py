"""Which mails an account does without."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from ..domain.accounts import Account, Principal
from ..domain.changes import ChangeKind
from ..domain.errors import not_found
from ..domain.mail_choices import MailChoice
from ..domain.traces import traced
from ..ports import Accounts, Clock, Entropy, Ledger
from ..record import Record
from .account_changes import account_change
from .attempts import attempted
from .idempotency import OnceOnly


def account_with_mails(account_id: int, *, accounts: Accounts) -> Account:
    """The account. Raises not_found."""
    account = accounts.account(account_id)
    if account is None:
        raise not_found("account")
    return account


def switch_mails_off(
    choices: Collection[MailChoice],
    principal: Principal,
    *,
    once: OnceOnly[None] | None,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Have the account get all mails but those; the same again changes nothing.

    Raises not_found, Unavailable for an account that changes too fast.
    """
    wanted = tuple(each.value for each in MailChoice if each in choices)

    def attempt(now: datetime) -> tuple[None, tuple[Record, ...]]:
        before = account_with_mails(principal.account_id, accounts=accounts)
        if before.mails_off == wanted:
            return None, ()
        after = replace(before, mails_off=wanted, version=before.version + 1)
        told = account_change(ChangeKind.ACCOUNT_CHANGED, principal, {}, now, entropy)
        return None, (after, traced(told, before, after))

    what = f"account {principal.account_id}"
    attempted(attempt, once=once, what=what, ledger=ledger, clock=clock)
