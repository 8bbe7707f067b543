"""The subscriber agreement: which version is in force, and its acceptance by an account.

Nothing is issued to a subscriber who has not accepted it (BR 9.6.3).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..domain.accounts import Account, AgreementAcceptance, Principal
from ..domain.changes import Change, ChangeKind
from ..domain.errors import Flaw, invalid, not_found
from ..ports import Accounts, Clock, Entropy, Ledger, Record
from .account_changes import account_change
from .attempts import attempted
from .idempotency import OnceOnly


def has_accepted(account: Account, in_force: str) -> bool:
    """Whether the account accepted the version in force."""
    return account.agreement is not None and account.agreement.version == in_force


def accept_agreement(
    version: str,
    in_force: str,
    principal: Principal,
    *,
    once: OnceOnly[Account] | None,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> Account:
    """Record the caller's acceptance for the account; accepting again changes nothing.

    Raises INVALID for another version than the one in force.
    """
    if version != in_force:
        raise invalid(Flaw("version", f"must be {in_force}, the version in force"))

    def attempt(now: datetime) -> tuple[Account, tuple[Record, ...]]:
        before = accounts.account(principal.account_id)
        if before is None:
            raise not_found("account")
        if has_accepted(before, in_force):
            return before, ()
        accepted = AgreementAcceptance(version=version, accepted_at=now, user_id=principal.user_id)
        after = replace(before, agreement=accepted, version=before.version + 1)
        return after, (after, _told(before, version, principal, now, entropy))

    what = f"account {principal.account_id}"
    return attempted(attempt, once=once, what=what, ledger=ledger, clock=clock)


def _told(
    before: Account, version: str, principal: Principal, now: datetime, entropy: Entropy
) -> Change:
    return account_change(
        ChangeKind.AGREEMENT_ACCEPTED,
        principal,
        {"version": version},
        now,
        entropy,
        subject=f"account {before.account_id}",
        before={"version": before.agreement.version if before.agreement else None},
        after={"version": version},
    )
