"""Change records about a certificate, and those of the operators' own log: with what all have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..domain.certificate import Certificate
from ..domain.changes import Change, ChangeKind
from ..ports import Entropy
from .accounts import OPERATORS
from .new_changes import new_change


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
    account_id = certificate.account_id
    change = new_change(
        kind, account_id, data, now=now, entropy=entropy, actor=actor, subject=subject
    )
    return replace(change, order_id=certificate.order_id, certificate_id=certificate.certificate_id)


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
    return new_change(
        kind,
        OPERATORS,
        data,
        now=now,
        entropy=entropy,
        actor=actor,
        subject=subject,
        before=before,
        after=after,
    )
