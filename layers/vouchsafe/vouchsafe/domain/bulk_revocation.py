"""Many certificates revoked by an operator at once: chosen, looked at, then carried out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from .revocation import RevocationReason

#: One bulk revocation holds so many certificates at most: its list is one item of the table.
MOST_CERTIFICATES = 5_000


#: Ids or serial numbers that one call may name.
MOST_NAMED = 500
#: A preview is carried out while people still remember what they saw.
PREVIEW_LIFE = timedelta(hours=24)


class BulkStatus(StrEnum):
    PREVIEWED = "previewed"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRevocation:
    """What a preview found, and how far its execution went.

    `chosen` are order and certificate ids, frozen by the preview; `position` of them are done, of
    which `revoked` had to be revoked. `due_at` is set while it is running.
    """

    bulk_id: str  # the token that a preview is carried out with
    selection: dict[str, Any] = field(default_factory=dict)
    reason: RevocationReason
    comments: str
    chosen: tuple[tuple[int, int], ...]
    made_at: datetime
    operator_id: int
    status: BulkStatus = BulkStatus.PREVIEWED
    position: int = 0
    revoked: int = 0
    due_at: datetime | None = None
    version: int = 1
