"""Change records about a certificate, and those of the operators' own log: with what all have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..domain.certificate import Certificate
from ..domain.changes import NOISE_BYTES, Change, ChangeKind, new_change_id
from ..ports import Entropy
from .accounts import OPERATORS


def certificate_change(
    kind: ChangeKind,
    certificate: Certificate,
    data: Mapping[str, Any],
    *,
    now: datetime,
    entropy: Entropy,
    actor: str = "system",
    subject: str = "",
) -> Change:
    """What happened to a certificate, in its account's log and under its order.

    `subject` is left empty where the certificate is not what changed, or `traced` names it.
    """
    return Change(
        change_id=new_change_id(now, entropy.bytes(NOISE_BYTES)),
        account_id=certificate.account_id,
        kind=kind,
        at=now,
        actor=actor,
        order_id=certificate.order_id,
        certificate_id=certificate.certificate_id,
        data=dict(data),
        subject=subject,
    )


def operators_change(
    kind: ChangeKind,
    subject: str,
    data: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
    entropy: Entropy,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Change:
    """What happened outside every account: no customer's log, feed or webhook has it."""
    return Change(
        change_id=new_change_id(now, entropy.bytes(NOISE_BYTES)),
        account_id=OPERATORS,
        kind=kind,
        at=now,
        actor=actor,
        data=dict(data),
        subject=subject,
        before=dict(before or {}),
        after=dict(after or {}),
    )
