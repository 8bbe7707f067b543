"""Requests that wait for somebody's decision: new orders, reissues, duplicates, revocations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .revocation import RevocationReason


class RequestKind(StrEnum):
    NEW = "new"
    REISSUE = "reissue"
    DUPLICATE = "duplicate"
    REVOKE = "revoke"


class RequestStatus(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    VOID = "void"  # what it asked for changed or ended before anybody decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. A revocation's `certificate_ids` are frozen when it is made.

    `done_at` says when an approved request was carried out. `frozen` is the fingerprint of the
    certificate as it was asked for; an approval holds for nothing else. `reminders` are the moments
    at which people are reminded while it is undecided, of which `reminded` have passed; at
    `lapses_at` (None: never) it ends by itself.
    """

    request_id: int
    order_id: int
    account_id: int
    certificate_ids: tuple[int, ...]
    kind: RequestKind
    status: RequestStatus
    requester_id: int
    reviewer_id: int | None = None
    created_at: datetime
    decided_at: datetime | None = None
    done_at: datetime | None = None
    comments: str = ""
    processor_comment: str = ""
    reason: RevocationReason | None = None
    whole_order: bool = False
    frozen: str = ""
    reminders: tuple[datetime, ...] = ()
    reminded: int = 0
    lapses_at: datetime | None = None
    version: int = 1
