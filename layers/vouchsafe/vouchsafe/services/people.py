"""People as records: found, told of, and written with their address and all their keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.accounts import ApiKey, Principal, Role, User, UserEmail, UserStatus
from ..domain.addresses import folded
from ..domain.changes import Change, ChangeKind
from ..domain.errors import ErrorCode, Flaw, VouchsafeError
from ..domain.privileges import no_wider
from ..domain.traces import traced
from ..ports import Accounts, Entropy, Ledger, Record
from .account_changes import account_change
from .claiming import commit_claiming
from .idempotency import OnceOnly
from .key_rules import MOST_KEYS, in_use, master_remains


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a person goes by, checked already. An empty name leaves the one there was."""

    first_name: str
    last_name: str
    email: str
    username: str = ""
    job_title: str = ""
    telephone: str = ""


def new_user(
    profile: Profile,
    role: Role,
    container_id: int,
    principal: Principal,
    *,
    ledger: Ledger,
    now: datetime,
) -> User:
    """A person of the caller's account, not on record yet.

    Raises FORBIDDEN for a role that reaches farther than the caller's key does.
    """
    if not no_wider(role, principal):
        raise forbidden()
    return User(
        user_id=ledger.allocate(users=1).users[0],
        account_id=principal.account_id,
        first_name=profile.first_name,
        last_name=profile.last_name,
        email=profile.email,
        username=profile.username,
        job_title=profile.job_title,
        telephone=profile.telephone,
        role=role,
        container_id=container_id,
        created_at=now,
    )


def person_change(
    kind: ChangeKind,
    principal: Principal,
    before: User | None,
    after: User,
    *,
    now: datetime,
    entropy: Entropy,
) -> Change:
    """The change record of what was done to a person: everything that differs."""
    data: dict[str, object] = {"user_id": after.user_id}
    return traced(account_change(kind, principal, data, now, entropy), before, after)


def commit_with_address[T](
    user: User,
    records: Sequence[Record],
    *,
    once: OnceOnly[T] | None,
    accounts: Accounts,
    ledger: Ledger,
) -> None:
    """Commit a person's records together with the address, which is then that person's alone.

    The address is looked up only when the commit fails: one that nobody has any more is handed
    over. Raises VouchsafeError(INVALID) when somebody else has it, Conflict for any other reason.
    """
    wanted = UserEmail(account_id=user.account_id, email=folded(user.email), user_id=user.user_id)
    commit_claiming(
        wanted,
        records,
        standing=lambda: accounts.user_email(wanted.account_id, wanted.email),
        flaws=lambda standing: _taken(standing, user, accounts),
        what=f"an address of account {user.account_id}",
        once=once,
        ledger=ledger,
    )


def _taken(standing: UserEmail, user: User, accounts: Accounts) -> tuple[Flaw, ...]:
    """The flaw of an address that somebody other than `user` goes by."""
    holder = accounts.user(standing.account_id, standing.user_id)
    if holder is None or holder.user_id == user.user_id or holder.status is UserStatus.DELETED:
        return ()
    if folded(holder.email) != standing.email:
        return ()
    return (Flaw("email", "is the address of another person"),)


def followed(before: User, after: User, now: datetime, accounts: Accounts) -> tuple[Record, ...]:
    """What is written along when a person's role or status changes: the keys, and the account.

    A call is let in by one read of its key, so keys carry role and status of their owner. Raises
    VouchsafeError(CONFLICT, subject user) for the last administrator, or the one with the last
    key that can do everything; the account's record moves along: of two such changes one looks
    again.
    """
    account = accounts.account(before.account_id)  # before what is judged, for its version
    keys = accounts.keys_of(before.account_id)
    own = in_use(keys, before.user_id, now)
    if len(own) > MOST_KEYS:
        raise _conflict(f"The person has more than {MOST_KEYS} keys; revoke some first.")
    carried = tuple(_carried(key, after) for key in own)
    if account is None or not _is_administrator(before) or _is_administrator(after):
        return carried
    people = accounts.users_of(before.account_id)
    if not any(_is_administrator(one) for one in people if one.user_id != before.user_id):
        raise _conflict("The person is the last active administrator of the account.")
    if not master_remains(keys, own, now):
        raise _conflict("The person has the account's last unrestricted administrator key.")
    return *carried, replace(account, version=account.version + 1)


def _carried(key: ApiKey, owner: User) -> ApiKey:
    return replace(
        key,
        role=owner.role,
        container_id=owner.container_id,
        suspended=owner.status is UserStatus.INACTIVE,
        revoked=owner.status is UserStatus.DELETED,
        version=key.version + 1,
    )


def _is_administrator(user: User) -> bool:
    return user.role is Role.ADMINISTRATOR and user.status is UserStatus.ACTIVE


def _conflict(detail: str) -> VouchsafeError:
    return VouchsafeError(ErrorCode.CONFLICT, detail, subject="user")


def forbidden() -> VouchsafeError:
    """The refusal of something that would reach farther than the caller does."""
    detail = "You may not do this to this person, or give this role."
    return VouchsafeError(ErrorCode.FORBIDDEN, detail)
