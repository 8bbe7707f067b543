"""What happened, written in the transaction in which it happened; later numbered, fed and told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class ChangeKind(StrEnum):
    ORDER_PLACED = "order_placed"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_TIMED_OUT = "order_timed_out"
    ORDER_REJECTED = "order_rejected"
    NAME_PROVEN = "name_proven"
    CERTIFICATE_ISSUED = "certificate_issued"
    CERTIFICATE_REVOKED = "certificate_revoked"
    REQUEST_CREATED = "request_created"
    REQUEST_APPROVED = "request_approved"
    REQUEST_REJECTED = "request_rejected"
    ACCOUNT_CREATED = "account_created"
    KEY_CREATED = "key_created"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change record. `change_id` is unique and sorts by time (26 characters, ULID form)."""

    change_id: str
    account_id: int
    kind: ChangeKind
    at: datetime
    actor: str  # "user 7", "system"
    order_id: int | None = None
    certificate_id: int | None = None
    request_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedChange:
    """A change with its place in its account's feed; the cursor is this number."""

    number: int
    change: Change


_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_change_id(at: datetime, noise: bytes) -> str:
    """A change id: 48 bits of milliseconds and 80 random bits, 26 characters that sort by time.

    `noise` is 10 unpredictable bytes.
    """
    number = (int(at.timestamp() * 1000) << 80) | int.from_bytes(noise[:10])
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))
