"""Who may call: accounts, their first people and keys, made by operators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..domain.accounts import (
    Account,
    AgreementAcceptance,
    ApiKey,
    Restriction,
    Role,
    User,
    UserEmail,
)
from ..domain.addresses import check_address, folded
from ..domain.changes import Change, ChangeKind
from ..domain.errors import Flaw, invalid, not_found
from ..domain.traces import traced
from ..ports import Accounts, Clock, Entropy, Ledger
from .idempotency import OnceOnly, used
from .key_rules import check_owner, person, touched
from .keys import CreatedKey, new_key
from .new_changes import new_change

#: Of accounts, people and keys.
LONGEST_NAME = 100
#: Operators stand outside every account; their people are kept under this number.
OPERATORS = 0
#: Who acts when no key was presented: somebody with the rights of the deployment itself.
DEPLOYMENT = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedAccount:
    """An account just made, its first administrator, and that person's key."""

    account: Account
    user: User
    key: CreatedKey


def create_account(
    name: str,
    email: str,
    *,
    actor: str = DEPLOYMENT,
    agreement: str = "",
    in_force: str = "",
    once: OnceOnly[CreatedAccount] | None = None,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> CreatedAccount:
    """A new account with its first administrator (reached at `email`) and that person's key.

    `actor` is who makes it, as changes name people; `agreement` is the version of the subscriber
    agreement that the administrator accepted, `in_force` the one that may be. All in one commit.
    Raises VouchsafeError(INVALID) with every flaw.
    """
    _check(name, email, agreement, in_force)
    ids = ledger.allocate(accounts=1, users=1, keys=1)
    now, account_id = clock.now(), ids.accounts[0]
    user = _user(ids.users[0], account_id, name, email, now)
    accepted = AgreementAcceptance(version=agreement, accepted_at=now, user_id=user.user_id)
    account = Account(
        account_id=account_id,
        name=name,
        created_at=now,
        root_container_id=account_id,
        agreement=accepted if agreement else None,
    )
    key = new_key(ids.keys[0], user, "first administrator key", now, entropy)
    data: dict[str, object] = {"name": name, "administrator": user.user_id}
    created = new_change(
        ChangeKind.ACCOUNT_CREATED, account_id, data, now=now, entropy=entropy, actor=actor
    )
    changes = (
        traced(created, None, account),
        _key_change(key.record, now, entropy, actor=actor),
    )
    made = CreatedAccount(account=account, user=user, key=key)
    address = UserEmail(account_id=account_id, email=folded(email), user_id=user.user_id)
    ledger.commit(account, user, address, key.record, *changes, *used(once, made, now))
    return made


def create_operator(
    name: str, email: str, *, ledger: Ledger, clock: Clock, entropy: Entropy
) -> CreatedKey:
    """An operator, outside every account and unable to order, and the operator's key."""
    _check(name, email)
    ids = ledger.allocate(users=1, keys=1)
    now = clock.now()
    user = _user(ids.users[0], OPERATORS, name, email, now)
    key = new_key(ids.keys[0], user, "operator key", now, entropy)
    ledger.commit(user, key.record, _key_change(key.record, now, entropy))
    return key


def create_key(
    account_id: int,
    user_id: int,
    *,
    name: str,
    restriction: Restriction = Restriction.NONE,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> CreatedKey:
    """A further key for a person of an account.

    Raises not_found for an unknown person, CONFLICT (subject user) for one who may not get another,
    and Conflict when the person changed meanwhile.
    """
    user = person(account_id, user_id, accounts=accounts)
    if user is None:
        raise not_found("user")
    if not name.strip() or len(name) > LONGEST_NAME:
        raise invalid(Flaw("name", f"must have 1 to {LONGEST_NAME} characters"))
    now = clock.now()
    check_owner(user, accounts.keys_of(account_id), now)
    number = ledger.allocate(keys=1).keys[0]
    key = new_key(number, user, name, now, entropy, restriction=restriction)
    change = _key_change(key.record, now, entropy)
    ledger.commit(key.record, touched(user), change)
    return key


def _check(name: str, email: str, agreement: str = "", in_force: str = "") -> None:
    flaws = []
    if not name.strip() or len(name) > LONGEST_NAME:
        flaws.append(Flaw("name", f"must have 1 to {LONGEST_NAME} characters"))
    try:
        check_address(email)
    except ValueError as error:
        flaws.append(Flaw("email", str(error)))
    if agreement != in_force and agreement:
        flaws.append(Flaw("agreement", f"must be {in_force}, the version in force"))
    if flaws:
        raise invalid(*flaws)


def _user(user_id: int, account_id: int, name: str, email: str, now: datetime) -> User:
    """The first person of an account, its administrator, or an operator."""
    first, _, last = name.strip().partition(" ")
    return User(
        user_id=user_id,
        account_id=account_id,
        first_name=first,
        last_name=last,
        email=email,
        role=Role.OPERATOR if account_id == OPERATORS else Role.ADMINISTRATOR,
        container_id=account_id,
        created_at=now,
    )


def _key_change(key: ApiKey, now: datetime, entropy: Entropy, *, actor: str = DEPLOYMENT) -> Change:
    data: dict[str, object] = {"key_id": key.key_id}
    change = new_change(
        ChangeKind.KEY_CREATED, key.account_id, data, now=now, entropy=entropy, actor=actor
    )
    return traced(change, None, key)
