"""Keys made, revoked and taken up again by their owners and administrators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.accounts import ApiKey, Principal, Restriction, User
from ..domain.changes import ChangeKind
from ..domain.errors import (
    ErrorCode,
    Flaw,
    VouchsafeError,
    invalid,
    not_found,
)
from ..domain.privileges import Action, Scope, gives_no_more, reach
from ..domain.traces import traced
from ..ports import Accounts, Clock, Entropy, Ledger, Record
from .account_changes import account_change
from .accounts import LONGEST_NAME
from .attempts import attempted
from .idempotency import OnceOnly
from .key_rules import check_owner, is_master, master_remains, person, touched
from .keys import CreatedKey, new_key


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWish:
    """What a key shall be. Ranges are networks in canonical form; none: from everywhere."""

    name: str
    restriction: Restriction = Restriction.NONE
    expires_at: datetime | None = None
    source_ranges: tuple[str, ...] = ()


def make_key(
    user_id: int,
    wish: KeyWish,
    principal: Principal,
    *,
    once: OnceOnly[CreatedKey] | None = None,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> CreatedKey:
    """A further key for a person of the caller's account; the caller's own, or an administrator's.

    What the wish leaves open is as with the caller's key: its end and its ranges. Raises not_found,
    FORBIDDEN for a key that would give more than the caller's, INVALID, and CONFLICT (subject user)
    for a person who is not active or has too many.
    """
    _check(wish, clock.now())
    numbers = list[int]()

    def attempt(now: datetime) -> tuple[CreatedKey, tuple[Record, ...]]:
        user = person(principal.account_id, user_id, accounts=accounts)
        if user is None:
            raise not_found("user")
        if user_id != principal.user_id and reach(principal, Action.MAKE_KEYS) < Scope.EVERYTHING:
            raise _forbidden()
        check_owner(user, accounts.keys_of(principal.account_id), now)
        if not numbers:
            numbers.extend(ledger.allocate(keys=1).keys)
        made = _made(numbers[0], user, wish, principal=principal, now=now, entropy=entropy)
        data: dict[str, object] = {"key_id": numbers[0]}
        change = account_change(ChangeKind.KEY_CREATED, principal, data, now, entropy)
        return made, (made.record, touched(user), traced(change, None, made.record))

    return attempted(attempt, once=once, what=f"user {user_id}", ledger=ledger, clock=clock)


def _made(
    number: int,
    user: User,
    wish: KeyWish,
    *,
    principal: Principal,
    now: datetime,
    entropy: Entropy,
) -> CreatedKey:
    """The key, with what the wish leaves open. Raises FORBIDDEN."""
    made = new_key(number, user, wish.name, now, entropy, restriction=wish.restriction)
    record = replace(
        made.record,
        expires_at=wish.expires_at or principal.expires_at,
        source_ranges=wish.source_ranges or principal.source_ranges,
    )
    if not gives_no_more(record, principal):
        raise _forbidden()
    return replace(made, record=record)


def visible_keys(principal: Principal, *, accounts: Accounts) -> Sequence[ApiKey]:
    """The keys a caller may know of: all of the account's to administrators, else one's own."""
    found = accounts.keys_of(principal.account_id)
    return [key for key in found if _is_visible(key, principal)]


def visible_key(key_id: int, principal: Principal, *, accounts: Accounts) -> ApiKey:
    """One of those keys. Raises not_found."""
    key = accounts.key_of(principal.account_id, key_id)
    if key is None or not _is_visible(key, principal):
        raise not_found("key")
    return key


def set_key_status(
    key_id: int,
    principal: Principal,
    *,
    active: bool,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Revoke a key, or take it up again; what is so already stays so.

    Raises not_found, FORBIDDEN for taking up a key that gives more than the caller's, and CONFLICT:
    subject key for the last key with which an administrator can do everything, subject user for
    one whose owner is not active or has too many.
    """

    def attempt(now: datetime) -> tuple[None, tuple[Record, ...]]:
        key = visible_key(key_id, principal, accounts=accounts)
        if key.revoked is not active:
            return None, ()
        changed, along = (
            _taken_up(key, principal, now, accounts)
            if active
            else (replace(key, revoked=True, version=key.version + 1), _guard(key, now, accounts))
        )
        kind = ChangeKind.KEY_ACTIVATED if active else ChangeKind.KEY_REVOKED
        change = account_change(kind, principal, {"key_id": key_id}, now, entropy)
        return None, (changed, *along, traced(change, key, changed))

    attempted(attempt, once=None, what=f"key {key_id}", ledger=ledger, clock=clock)


def _taken_up(
    key: ApiKey, principal: Principal, now: datetime, accounts: Accounts
) -> tuple[ApiKey, list[Record]]:
    """A revoked key as it counts again, with what its owner may do by now; its owner, touched."""
    user = person(key.account_id, key.user_id, accounts=accounts)
    if user is None:
        raise not_found("key")
    check_owner(user, accounts.keys_of(key.account_id), now)
    changed = replace(
        key,
        revoked=False,
        suspended=False,
        role=user.role,
        container_id=user.container_id,
        version=key.version + 1,
    )
    if not gives_no_more(changed, principal):
        raise _forbidden()
    return changed, [touched(user)]


def _guard(key: ApiKey, now: datetime, accounts: Accounts) -> list[Record]:
    """Keep an account from locking itself out.

    The account's record moves along, so that of two who revoke the last two keys one looks again.
    """
    if not is_master(key, now):
        return []
    account = accounts.account(key.account_id)  # before what is judged, for its version
    if not master_remains(accounts.keys_of(key.account_id), [key], now):
        detail = "It is the last unrestricted administrator key of the account; make another first."
        raise VouchsafeError(ErrorCode.CONFLICT, detail, subject="key")
    return [] if account is None else [replace(account, version=account.version + 1)]


def _is_visible(key: ApiKey, principal: Principal) -> bool:
    everybodys = reach(principal, Action.LOOK_AT_KEYS) is Scope.EVERYTHING
    return key.user_id == principal.user_id or everybodys


def _check(wish: KeyWish, now: datetime) -> None:
    flaws = []
    if not wish.name.strip() or len(wish.name) > LONGEST_NAME:
        flaws.append(Flaw("name", f"must have 1 to {LONGEST_NAME} characters"))
    if wish.expires_at is not None and wish.expires_at <= now:
        flaws.append(Flaw("expires", "must lie in the future"))
    if flaws:
        raise invalid(*flaws)


def _forbidden() -> VouchsafeError:
    detail = "A key cannot give more than the key it is made with."
    return VouchsafeError(ErrorCode.FORBIDDEN, detail)
