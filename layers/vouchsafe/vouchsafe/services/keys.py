"""API keys: shown once, stored as a hash, and presented with every call."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime

from ..domain.accounts import ApiKey, Principal, Restriction, User
from ..domain.errors import ErrorCode, VouchsafeError
from ..ports import Accounts, Clock, Entropy

#: Every key begins so: a scanner that finds one in a text knows whose it is.
KEY_PREFIX = "vouchsafe_"
_KEY_BYTES = 32
_LONGEST_KEY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedKey:
    """A key just made. `secret` is the key itself: hand it over once, keep it nowhere."""

    record: ApiKey
    secret: str


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
    ended = record.expires_at is not None and record.expires_at <= now
    if record.revoked or record.suspended or ended:
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
