"""A deployment's lists of denied and high-risk names, and who was cleared: operators' to set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..domain.accounts import Principal
from ..domain.changes import Change, ChangeKind
from ..domain.errors import ErrorCode, Flaw, VouchsafeError, invalid, not_found
from ..domain.policy_lists import (
    MOST_BYTES,
    MOST_CLEARANCES,
    Clearance,
    Clearances,
    PolicyLists,
)
from ..ports import Accounts, Clock, Entropy, Ledger, Policies, Record
from .account_changes import account_change
from .accounts import OPERATORS
from .attempts import attempted
from .idempotency import OnceOnly

_LISTS = ("denied_names", "denied_organizations", "high_risk_names")
#: So many entries that came and went stand in a change; the versions themselves hold the rest.
_TOLD = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsWish:
    """What the lists should be; None leaves a list as it is. `replaces`: the version it is for."""

    denied_names: tuple[str, ...] | None
    denied_organizations: tuple[str, ...] | None
    high_risk_names: tuple[str, ...] | None
    reason: str
    replaces: int | None = None


def set_lists(
    wish: ListsWish,
    principal: Principal,
    *,
    once: OnceOnly[PolicyLists] | None,
    policies: Policies,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> PolicyLists:
    """The next version of the lists; every earlier one stays readable.

    Raises CONFLICT (subject policy_lists) when another version than the wish's is in force, and
    INVALID when all lists together, those left as they are included, hold too much for one item.
    """

    def attempt(now: datetime) -> tuple[PolicyLists, tuple[Record, ...]]:
        before = policies.lists()
        if wish.replaces is not None and wish.replaces != before.version:
            detail = f"Version {before.version} is in force, not {wish.replaces}; read it first."
            raise VouchsafeError(ErrorCode.CONFLICT, detail, subject="policy_lists")
        given = {name: getattr(wish, name) for name in _LISTS}
        after = replace(
            before,
            **{name: entries for name, entries in given.items() if entries is not None},
            reason=wish.reason,
            set_at=now,
            operator_id=principal.user_id,
            version=before.version + 1,
        )
        _check_size(after, [name for name, entries in given.items() if entries is not None])
        return after, (after, _lists_told(before, after, principal, now, entropy))

    return attempted(attempt, once=once, what="the set of lists", ledger=ledger, clock=clock)


def _check_size(lists: PolicyLists, given: list[str]) -> None:
    size = sum(len(entry.encode()) for name in _LISTS for entry in getattr(lists, name))
    if size > MOST_BYTES:
        raise invalid(Flaw(given[0], f"makes more than {MOST_BYTES} bytes with the others"))


def _lists_told(
    before: PolicyLists, after: PolicyLists, principal: Principal, now: datetime, entropy: Entropy
) -> Change:
    came: dict[str, Any] = {"version": after.version}
    went: dict[str, Any] = {"version": before.version}
    for name in _LISTS:
        old, new = getattr(before, name), getattr(after, name)
        went[name] = {"entries": len(old), "gone": sorted(set(old) - set(new))[:_TOLD]}
        came[name] = {"entries": len(new), "new": sorted(set(new) - set(old))[:_TOLD]}
    change = account_change(
        ChangeKind.POLICY_LISTS_SET,
        principal,
        {"version": after.version, "reason": after.reason},
        now,
        entropy,
        subject=f"policy_lists {after.version}",
        before=went,
        after=came,
    )
    return replace(change, account_id=OPERATORS)


def clear(
    account_id: int,
    name: str,
    reason: str,
    principal: Principal,
    *,
    once: OnceOnly[Clearances] | None,
    accounts: Accounts,
    policies: Policies,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> Clearances:
    """Give an account a high-risk name and everything below it; a newer word replaces the older.

    Raises not_found for an unknown account, INVALID beyond MOST_CLEARANCES.
    """
    if accounts.account(account_id) is None:
        raise not_found("account")

    def attempt(now: datetime) -> tuple[Clearances, tuple[Record, ...]]:
        before = policies.clearances(account_id)
        others = tuple(each for each in before.items if each.name != name)
        if len(others) >= MOST_CLEARANCES:
            raise invalid(Flaw("name", f"an account is cleared for {MOST_CLEARANCES} at most"))
        given = Clearance(name=name, reason=reason, cleared_at=now, operator_id=principal.user_id)
        items = tuple(sorted((*others, given), key=lambda each: each.name))
        after = replace(before, items=items, version=before.version + 1)
        told = _told(account_id, principal, now, entropy, given=name)
        return after, (after, told)

    what = f"the set of clearances of account {account_id}"
    return attempted(attempt, once=once, what=what, ledger=ledger, clock=clock)


def withdraw(
    account_id: int,
    name: str,
    principal: Principal,
    *,
    policies: Policies,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Take a clearance back; certificates that were issued stay. Raises not_found."""

    def attempt(now: datetime) -> tuple[None, tuple[Record, ...]]:
        before = policies.clearances(account_id)
        rest = tuple(each for each in before.items if each.name != name)
        if len(rest) == len(before.items):
            raise not_found("clearance")
        after = replace(before, items=rest, version=before.version + 1)
        told = _told(account_id, principal, now, entropy, withdrawn=name)
        return None, (after, told)

    what = f"the set of clearances of account {account_id}"
    attempted(attempt, once=None, what=what, ledger=ledger, clock=clock)


def _told(
    account_id: int,
    principal: Principal,
    now: datetime,
    entropy: Entropy,
    *,
    given: str = "",
    withdrawn: str = "",
) -> Change:
    """The change record of a clearance given or withdrawn."""
    change = account_change(
        ChangeKind.CLEARANCE_GIVEN if given else ChangeKind.CLEARANCE_WITHDRAWN,
        principal,
        {"name": given or withdrawn},
        now,
        entropy,
        subject=f"account {account_id}",
        before={"cleared": withdrawn} if withdrawn else {},
        after={"cleared": given} if given else {},
    )
    return replace(change, account_id=account_id)
