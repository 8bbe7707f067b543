"""The plainest change record there is, from which the others are made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..domain.changes import NOISE_BYTES, Change, ChangeKind, new_change_id
from ..ports import Entropy


def new_change(
    kind: ChangeKind,
    account_id: int,
    data: Mapping[str, Any] | None = None,
    *,
    now: datetime,
    entropy: Entropy,
    actor: str = "system",
    subject: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Change:
    """What `actor` did in an account, under an id of its own.

    `subject` names the object ("organization 12"), `before` and `after` what of it changed.
    """
    return Change(
        change_id=new_change_id(now, entropy.bytes(NOISE_BYTES)),
        account_id=account_id,
        kind=kind,
        at=now,
        actor=actor,
        data=dict(data or {}),
        subject=subject,
        before=dict(before or {}),
        after=dict(after or {}),
    )
