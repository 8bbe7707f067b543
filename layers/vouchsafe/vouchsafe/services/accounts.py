"""Who may call: accounts, their first people, and keys that are shown once and stored as a hash."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime

from ..domain.accounts import Account, ApiKey, Principal, Restriction, Role, User
from ..domain.addresses import check_address
from ..domain.changes import NOISE_BYTES, Change, ChangeKind, new_change_id
from ..domain.errors import ErrorCode, Flaw, VouchsafeError, invalid, not_found
from ..ports import Accounts, Clock, Entropy, Ledger
from .idempotency import OnceOnly, used

#: Every key begins so: a scanner that finds one in a text knows whose it is.
KEY_PREFIX = "vouchsafe_"
_KEY_BYTES = 32
_LONGEST_KEY = 200
#: Of accounts, people and keys.
LONGEST_NAME = 100
#: Operators stand outside every account; their people are kept under this number.
OPERATORS = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedKey:
    """A key just made. `secret` is the key itself: hand it over once, keep it nowhere."""

    record: ApiKey
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedAccount:
    """An account just made, its first administrator, and that person's key."""

    account: Account
    user: User
    key: CreatedKey


def hash_key(presented: str) -> str:
    """The SHA-256 (hex) under which a key is on record."""
    return hashlib.sha256(presented.encode("utf-8", "surrogatepass")).hexdigest()


def authenticate(presented: str, source: str, *, accounts: Accounts, clock: Clock) -> Principal:
    """The caller who presents this key from this address. One look-up.

    Raises VouchsafeError(UNAUTHENTICATED), the same for an unknown, revoked, expired or
    misplaced key.
    """
    record = None
    if 0 < len(presented) <= _LONGEST_KEY:
        record = accounts.key(hash_key(presented))
    if record is None or not _usable(record, source, clock.now()):
        raise VouchsafeError(
            ErrorCode.UNAUTHENTICATED, "Access denied due to access_denied_invalid_key."
        )
    return Principal(
        account_id=record.account_id,
        user_id=record.user_id,
        container_id=record.container_id,
        role=record.role,
        restriction=record.restriction,
        key_id=record.key_id,
        expires_at=record.expires_at,
        source_ranges=record.source_ranges,
    )


def _usable(record: ApiKey, source: str, now: datetime) -> bool:
    if record.revoked or (record.expires_at is not None and record.expires_at <= now):
        return False
    return not record.source_ranges or _within(source, record.source_ranges)


def _within(source: str, ranges: tuple[str, ...]) -> bool:
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in ipaddress.ip_network(each, strict=False) for each in ranges)


def create_account(
    name: str,
    email: str,
    *,
    once: OnceOnly[CreatedAccount] | None = None,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> CreatedAccount:
    """A new account with its first administrator (reached at `email`) and that person's key.

    All in one commit. Raises VouchsafeError(INVALID) for an unusable name or address.
    """
    _check(name, email)
    ids = ledger.allocate(accounts=1, users=1, keys=1)
    now, account_id = clock.now(), ids.accounts[0]
    account = Account(
        account_id=account_id, name=name, created_at=now, root_container_id=account_id
    )
    user = _user(ids.users[0], account_id, name, email, now)
    key = new_key(ids.keys[0], user, "first administrator key", now, entropy)
    changes = (
        _change(account_id, ChangeKind.ACCOUNT_CREATED, {"name": name}, now, entropy),
        _change(account_id, ChangeKind.KEY_CREATED, {"key_id": key.record.key_id}, now, entropy),
    )
    made = CreatedAccount(account=account, user=user, key=key)
    ledger.commit(account, user, key.record, *changes, *used(once, made, now))
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
    change = _change(OPERATORS, ChangeKind.KEY_CREATED, {"key_id": key.record.key_id}, now, entropy)
    ledger.commit(user, key.record, change)
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
    """A further key for a person of an account. Raises not_found for an unknown person."""
    user = accounts.user(account_id, user_id)
    if user is None:
        raise not_found("user")
    if not name.strip() or len(name) > LONGEST_NAME:
        raise invalid(Flaw("name", f"must have 1 to {LONGEST_NAME} characters"))
    now = clock.now()
    number = ledger.allocate(keys=1).keys[0]
    key = new_key(number, user, name, now, entropy, restriction=restriction)
    change = _change(account_id, ChangeKind.KEY_CREATED, {"key_id": number}, now, entropy)
    ledger.commit(key.record, change)
    return key


def _check(name: str, email: str) -> None:
    flaws = []
    if not name.strip() or len(name) > LONGEST_NAME:
        flaws.append(Flaw("name", f"must have 1 to {LONGEST_NAME} characters"))
    try:
        check_address(email)
    except ValueError as error:
        flaws.append(Flaw("email", str(error)))
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


def new_key(
    key_id: int,
    owner: User,
    name: str,
    now: datetime,
    entropy: Entropy,
    *,
    restriction: Restriction = Restriction.NONE,
) -> CreatedKey:
    """A key that was never before; not on record yet."""
    noise = base64.b32encode(entropy.bytes(_KEY_BYTES)).decode("ascii").rstrip("=").lower()
    secret = KEY_PREFIX + noise
    record = ApiKey(
        key_id=key_id,
        sha256=hash_key(secret),
        account_id=owner.account_id,
        user_id=owner.user_id,
        container_id=owner.container_id,
        role=owner.role,
        restriction=restriction,
        name=name,
        created_at=now,
    )
    return CreatedKey(record=record, secret=secret)


def _change(
    account_id: int, kind: ChangeKind, data: dict[str, object], now: datetime, entropy: Entropy
) -> Change:
    return Change(
        change_id=new_change_id(now, entropy.bytes(NOISE_BYTES)),
        account_id=account_id,
        kind=kind,
        at=now,
        actor="operator",
        data=data,
    )
