"""Containers made, renamed, closed and opened again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.accounts import Account, Principal, Role, User
from ..domain.changes import Change, ChangeKind
from ..domain.containers import (
    MOST_CONTAINERS,
    MOST_LEVELS,
    Container,
    is_open,
    line_of,
    root_of,
)
from ..domain.errors import ErrorCode, VouchsafeError, not_found
from ..domain.traces import traced
from ..ports import Accounts, Clock, Entropy, Ledger, Record
from .account_changes import account_change
from .attempts import attempted, undisturbed
from .containers import owned
from .idempotency import OnceOnly, answered, used
from .people import Profile, commit_with_address, new_user, person_change


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Who is to be created together with a container, in it."""

    profile: Profile
    role: Role


def create_container(
    parent_id: int,
    name: str,
    description: str,
    principal: Principal,
    *,
    somebody: NewPerson | None = None,
    once: OnceOnly[Container] | None = None,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> Container:
    """A container in another one, with its first person if one is wanted. Names are checked.

    Raises not_found for the parent, CONFLICT (subject container) for a closed parent, a tree too
    deep or too large, and what `create_user` raises.
    """

    def attempt() -> Container:
        now = clock.now()
        account, parent = _parent(parent_id, principal, accounts)
        (number,) = ledger.allocate(accounts=1).accounts
        made = _in(parent, number, name, description, now=now)
        user = _first(somebody, made, principal, ledger, now)
        told = _told(ChangeKind.CONTAINER_CREATED, principal, None, made, now=now, entropy=entropy)
        records: list[Record] = [made, _moved(account), told, *used(once, made, now)]
        if user is None:
            ledger.commit(*records)
        else:
            kind = ChangeKind.USER_CREATED
            more = person_change(kind, principal, None, user, now=now, entropy=entropy)
            records += [user, more]
            commit_with_address(user, records, once=once, accounts=accounts, ledger=ledger)
        return made

    return undisturbed(
        attempt,
        what=f"the containers of account {principal.account_id}",
        meanwhile="are being changed",
        final=lambda: answered(once, ledger=ledger),
    )


def _in(parent: Container, number: int, name: str, description: str, *, now: datetime) -> Container:
    return Container(
        container_id=number,
        account_id=parent.account_id,
        parent_id=parent.container_id,
        name=name,
        description=description,
        created_at=now,
        ancestor_ids=(*parent.ancestor_ids, parent.container_id),
    )


def _first(
    somebody: NewPerson | None,
    made: Container,
    principal: Principal,
    ledger: Ledger,
    now: datetime,
) -> User | None:
    if somebody is None:
        return None
    profile, role = somebody.profile, somebody.role
    return new_user(profile, role, made.container_id, principal, ledger=ledger, now=now)


def _parent(parent_id: int, principal: Principal, accounts: Accounts) -> tuple[Account, Container]:
    """The account, read first, and the container in which another one may be made."""
    account = accounts.account(principal.account_id)
    if account is None:
        raise not_found("container")
    below = accounts.containers_of(account.account_id)
    tree = {each.container_id: each for each in [root_of(account), *below]}
    parent = tree.get(parent_id)
    if parent is None:
        raise not_found("container")
    if not is_open(line_of(parent, tree)):
        raise _conflict("The container, or one above it, is not active.")
    if len(parent.ancestor_ids) >= MOST_LEVELS:
        raise _conflict(f"There are {MOST_LEVELS} levels of containers below the root at most.")
    if len(below) >= MOST_CONTAINERS:
        raise _conflict(f"An account has {MOST_CONTAINERS} containers below its root at most.")
    return account, parent


def _moved(account: Account) -> Account:
    """The account as written with each new container, so that the tree is counted one by one."""
    return replace(account, version=account.version + 1)


def describe_container(
    container_id: int,
    name: str | None,
    description: str | None,
    principal: Principal,
    *,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Set a container's name and description; None leaves what there is.

    Raises not_found, and CONFLICT (subject container) for the root, which bears the account's name.
    """

    def described(container: Container) -> Container:
        name_now = container.name if name is None else name
        text_now = container.description if description is None else description
        return replace(container, name=name_now, description=text_now)

    _write(
        container_id,
        principal,
        ChangeKind.CONTAINER_CHANGED,
        described,
        ledger=ledger,
        clock=clock,
        entropy=entropy,
    )


def switch_container(
    container_id: int,
    principal: Principal,
    *,
    active: bool,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Deactivate a container, and with it all below it, or activate it again.

    What lies below keeps its own switch. What is in a closed container stays there and goes on;
    nothing new is put in. Raises not_found, and CONFLICT (subject container) for the root.
    """
    kinds = (ChangeKind.CONTAINER_DEACTIVATED, ChangeKind.CONTAINER_ACTIVATED)
    _write(
        container_id,
        principal,
        kinds[active],
        lambda container: replace(container, active=active),
        ledger=ledger,
        clock=clock,
        entropy=entropy,
    )


def _write(
    container_id: int,
    principal: Principal,
    kind: ChangeKind,
    alter: Callable[[Container], Container],
    *,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Write a container as `alter` makes it; what is so already stays so."""

    def attempt(now: datetime) -> tuple[None, Sequence[Record]]:
        container = _below_root(container_id, principal, ledger)
        after = alter(container)
        if after == container:
            return None, ()
        after = replace(after, version=container.version + 1)
        return None, (after, _told(kind, principal, container, after, now=now, entropy=entropy))

    attempted(attempt, once=None, what=f"container {container_id}", ledger=ledger, clock=clock)


def _below_root(container_id: int, principal: Principal, ledger: Ledger) -> Container:
    container = owned(container_id, principal, ledger=ledger)
    if not container.ancestor_ids:
        raise _conflict("The root container is the account itself.")
    return container


def _told(
    kind: ChangeKind,
    principal: Principal,
    before: Container | None,
    after: Container,
    *,
    now: datetime,
    entropy: Entropy,
) -> Change:
    """The change record of what was done to a container: everything that differs."""
    data: dict[str, object] = {"container_id": after.container_id}
    return traced(account_change(kind, principal, data, now, entropy), before, after)


def _conflict(detail: str) -> VouchsafeError:
    return VouchsafeError(ErrorCode.CONFLICT, detail, subject="container")
