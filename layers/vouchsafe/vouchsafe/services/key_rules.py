"""What holds for every key of an account: how many a person may have, and which one must stay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from ..domain.accounts import ApiKey, Restriction, Role, User, UserStatus
from ..domain.errors import ErrorCode, VouchsafeError
from ..ports import Accounts

#: Keys in use a person may have: a change of the person writes all of them in one commit.
MOST_KEYS = 16


def in_use(keys: Iterable[ApiKey], user_id: int, now: datetime) -> list[ApiKey]:
    """The keys of a person that are neither revoked nor past their end; suspended ones count."""
    own = (key for key in keys if key.user_id == user_id)
    return [key for key in own if not key.revoked and not _is_over(key, now)]


def check_owner(user: User, keys: Iterable[ApiKey], now: datetime) -> None:
    """Raises VouchsafeError(CONFLICT, subject user) for a person who may not get another key."""
    if user.status is not UserStatus.ACTIVE:
        raise VouchsafeError(ErrorCode.CONFLICT, "The person is not active.", subject="user")
    if len(in_use(keys, user.user_id, now)) >= MOST_KEYS:
        detail = f"The person has {MOST_KEYS} keys already; revoke one first."
        raise VouchsafeError(ErrorCode.CONFLICT, detail, subject="user")


def touched(user: User) -> User:
    """The person as written with each new key: whoever changes the person meanwhile looks again."""
    return replace(user, version=user.version + 1)


def is_master(key: ApiKey, now: datetime) -> bool:
    """Whether an administrator can do everything with this key."""
    usable = not (key.revoked or key.suspended or _is_over(key, now))
    return key.role is Role.ADMINISTRATOR and key.restriction is Restriction.NONE and usable


def master_remains(keys: Sequence[ApiKey], without: Iterable[ApiKey], now: datetime) -> bool:
    """Whether there is a master key among `keys` that is none of those given up."""
    gone = {key.key_id for key in without}
    return any(is_master(key, now) for key in keys if key.key_id not in gone)


def person(account_id: int, user_id: int, *, accounts: Accounts) -> User | None:
    """A person of the account who was not deleted."""
    user = accounts.user(account_id, user_id)
    return None if user is None or user.status is UserStatus.DELETED else user


def _is_over(key: ApiKey, now: datetime) -> bool:
    return key.expires_at is not None and key.expires_at <= now
