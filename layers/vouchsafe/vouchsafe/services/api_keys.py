"""Keys made, revoked and taken up again by their owners and administrators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.accounts import ApiKey, Principal, Restriction, Role
from ..domain.changes import ChangeKind
from ..domain.errors import (
    Conflict,
    ErrorCode,
    Flaw,
    Unavailable,
    VouchsafeError,
    invalid,
    not_found,
)
from ..domain.privileges import Action, gives_no_more, may
from ..ports import Accounts, Clock, Entropy, Ledger, Record
from .account_changes import account_change
from .accounts import LONGEST_NAME, CreatedKey, new_key
from .idempotency import OnceOnly, used

_ATTEMPTS = 5


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
    FORBIDDEN for a key that would give more than the caller's, and INVALID.
    """
    now = clock.now()
    _check(wish, now)
    user = accounts.user(principal.account_id, user_id)
    if user is None:
        raise not_found("user")
    if user_id != principal.user_id and not may(principal, Action.ADMINISTER):
        raise _forbidden()
    number = ledger.allocate(keys=1).keys[0]
    made = new_key(number, user, wish.name, now, entropy, restriction=wish.restriction)
    record = replace(
        made.record,
        expires_at=wish.expires_at or principal.expires_at,
        source_ranges=wish.source_ranges or principal.source_ranges,
    )
    if not gives_no_more(record, principal):
        raise _forbidden()
    made = replace(made, record=record)
    change = account_change(ChangeKind.KEY_CREATED, principal, {"key_id": number}, now, entropy)
    ledger.commit(record, change, *used(once, made, now))
    return made


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

    Raises not_found, FORBIDDEN for taking up a key that gives more than the caller's, and CONFLICT
    (subject key) for the last key with which an administrator can do everything.
    """
    for _ in range(_ATTEMPTS):
        key = visible_key(key_id, principal, accounts=accounts)
        if key.revoked is not active:
            return
        now = clock.now()
        if active and not gives_no_more(key, principal):
            raise _forbidden()
        records: list[Record] = [replace(key, revoked=not active, version=key.version + 1)]
        if not active:
            records += _guard(key, now, accounts)
        kind = ChangeKind.KEY_ACTIVATED if active else ChangeKind.KEY_REVOKED
        change = account_change(kind, principal, {"key_id": key_id}, now, entropy)
        try:
            ledger.commit(*records, change)
        except Conflict:
            continue
        return
    raise Unavailable(f"key {key_id} is being changed by others")


def _guard(key: ApiKey, now: datetime, accounts: Accounts) -> list[Record]:
    """Keep an account from locking itself out.

    The account's record moves along, so that of two who revoke the last two keys one looks again.
    """
    if not _is_master(key, now):
        return []
    others = [k for k in accounts.keys_of(key.account_id) if k.key_id != key.key_id]
    if not any(_is_master(other, now) for other in others):
        detail = "It is the last unrestricted administrator key of the account; make another first."
        raise VouchsafeError(ErrorCode.CONFLICT, detail, subject="key")
    account = accounts.account(key.account_id)
    return [] if account is None else [replace(account, version=account.version + 1)]


def _is_master(key: ApiKey, now: datetime) -> bool:
    ended = key.revoked or (key.expires_at is not None and key.expires_at <= now)
    return key.role is Role.ADMINISTRATOR and key.restriction is Restriction.NONE and not ended


def _is_visible(key: ApiKey, principal: Principal) -> bool:
    return key.user_id == principal.user_id or principal.role is Role.ADMINISTRATOR


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
