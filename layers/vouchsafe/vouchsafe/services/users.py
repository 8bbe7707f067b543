"""People of an account: created, edited, given a role, deactivated, deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from ..domain.accounts import Principal, Role, User, UserStatus
from ..domain.addresses import folded
from ..domain.changes import ChangeKind
from ..domain.errors import not_found
from ..domain.privileges import Action, Scope, no_wider, reach
from ..ports import Accounts, Clock, Entropy, Ledger, Record
from .attempts import attempted, undisturbed
from .idempotency import OnceOnly, used
from .key_rules import person
from .people import Profile, commit_with_address, followed, forbidden, new_user, person_change


def create_user(
    profile: Profile,
    role: Role,
    container_id: int,
    principal: Principal,
    *,
    once: OnceOnly[User] | None = None,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> User:
    """A new person in a container the caller may use, without a key yet.

    Raises FORBIDDEN for a role that gives more than the caller's, INVALID for an address somebody
    else has.
    """
    now = clock.now()
    user = new_user(profile, role, container_id, principal, ledger=ledger, now=now)
    kind = ChangeKind.USER_CREATED
    change = person_change(kind, principal, None, user, now=now, entropy=entropy)
    records: tuple[Record, ...] = (user, change, *used(once, user, now))
    commit_with_address(user, records, once=once, accounts=accounts, ledger=ledger)
    return user


def edit_user(
    user_id: int,
    profile: Profile,
    principal: Principal,
    *,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Set what a person goes by.

    Raises not_found, FORBIDDEN for a person out of the caller's reach, INVALID for an address
    somebody else has.
    """

    def attempt() -> None:
        user = _found(user_id, principal, accounts)
        _allow_editing(user, principal, ledger)
        after = _edited(user, profile)
        if after == user:
            return
        after, kind = replace(after, version=user.version + 1), ChangeKind.USER_CHANGED
        change = person_change(kind, principal, user, after, now=clock.now(), entropy=entropy)
        if folded(after.email) == folded(user.email):
            ledger.commit(after, change)
        else:
            records = (after, change)
            commit_with_address(after, records, once=None, accounts=accounts, ledger=ledger)

    undisturbed(attempt, what=f"user {user_id}")


def _edited(user: User, profile: Profile) -> User:
    return replace(
        user,
        first_name=profile.first_name or user.first_name,
        last_name=profile.last_name or user.last_name,
        email=profile.email,
        username=profile.username or user.username,
        job_title=profile.job_title,
        telephone=profile.telephone,
    )


def set_role(
    user_id: int,
    role: Role,
    principal: Principal,
    *,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Give a person a role; the keys have it at once.

    Raises not_found, FORBIDDEN for a role, old or new, that gives more than the caller's, and
    CONFLICT (subject user) for the account's last administrator.
    """

    def with_role(user: User) -> User:
        if not (no_wider(role, principal) and no_wider(user.role, principal)):
            raise forbidden()
        return replace(user, role=role)

    _write(
        user_id,
        principal,
        ChangeKind.USER_ROLE_CHANGED,
        with_role,
        accounts=accounts,
        ledger=ledger,
        clock=clock,
        entropy=entropy,
    )


_STATUS_KINDS = {
    UserStatus.ACTIVE: ChangeKind.USER_ACTIVATED,
    UserStatus.INACTIVE: ChangeKind.USER_DEACTIVATED,
    UserStatus.DELETED: ChangeKind.USER_DELETED,
}


def set_status(
    user_id: int,
    status: UserStatus,
    principal: Principal,
    *,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Deactivate a person, take them up again, or delete them for good.

    The keys of an inactive person stop working with the same commit and work again when the person
    is taken up; those of a deleted one are revoked, and the address is free. The record stays.
    Raises not_found, FORBIDDEN and CONFLICT as `set_role` does.
    """

    def with_status(user: User) -> User:
        if not no_wider(user.role, principal):
            raise forbidden()
        return replace(user, status=status)

    _write(
        user_id,
        principal,
        _STATUS_KINDS[status],
        with_status,
        accounts=accounts,
        ledger=ledger,
        clock=clock,
        entropy=entropy,
    )


def _write(
    user_id: int,
    principal: Principal,
    kind: ChangeKind,
    alter: Callable[[User], User],
    *,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Write a person as `alter` makes it, with all that follows; what is so already stays so."""

    def attempt(now: datetime) -> tuple[None, Sequence[Record]]:
        user = _found(user_id, principal, accounts)
        after = alter(user)
        if after == user:
            return None, ()
        after = replace(after, version=user.version + 1)
        along = followed(user, after, now, accounts)
        change = person_change(kind, principal, user, after, now=now, entropy=entropy)
        return None, (after, *along, change)

    attempted(attempt, once=None, what=f"user {user_id}", ledger=ledger, clock=clock)


def _found(user_id: int, principal: Principal, accounts: Accounts) -> User:
    user = person(principal.account_id, user_id, accounts=accounts)
    if user is None:
        raise not_found("user")
    return user


def _allow_editing(user: User, principal: Principal, ledger: Ledger) -> None:
    """Anybody may edit himself, a manager who may do no more in his own containers."""
    scope = reach(principal, Action.EDIT_PEOPLE)
    allowed = scope is Scope.EVERYTHING or user.user_id == principal.user_id
    if not allowed and scope is Scope.CONTAINERS and no_wider(user.role, principal):
        line = ledger.standing(user.account_id, container_id=user.container_id).line
        allowed = any(each.container_id == principal.container_id for each in line)
    if not allowed:
        raise forbidden()
