"""Approvals: who needs one, what it covers, when people are reminded of it, when it lapses."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from .accounts import Account, Principal
from .certificate import Certificate
from .privileges import Action, may
from .requests import RequestKind

#: An unanswered order, reissue or duplicate ends after this; a revocation never does.
LAPSE = timedelta(days=30)
_REMINDERS = (timedelta(days=20), timedelta(days=27), timedelta(days=29))
#: BR 4.9.1.1 leaves 24 hours for most revocations.
_REVOCATION_REMINDERS = tuple(timedelta(hours=hours) for hours in (1, 4, 12, 20))


def lapses_at(kind: RequestKind, created_at: datetime) -> datetime | None:
    """When an undecided request of that kind ends by itself; None: never."""
    return None if kind is RequestKind.REVOKE else created_at + LAPSE


def reminders(kind: RequestKind, created_at: datetime) -> tuple[datetime, ...]:
    """When people are reminded of an undecided request of that kind."""
    after = _REVOCATION_REMINDERS if kind is RequestKind.REVOKE else _REMINDERS
    return tuple(created_at + wait for wait in after)


def may_skip(principal: Principal, account: Account | None) -> bool:
    """Whether this caller's own call may stand for the approval.

    An account that wants a second person, or forbids skipping, allows it to nobody.
    """
    if account is not None and (account.two_person or not account.may_skip_approval):
        return False
    return may(principal, Action.SKIP_APPROVAL)


def frozen_copy(certificate: Certificate) -> str:
    """A fingerprint (SHA-256, hex) of all that an approver of this certificate agrees to."""
    names = "\n".join(identifier.value for identifier in certificate.identifiers)
    agreed = (
        certificate.product_id,
        certificate.common_name,
        names,
        certificate.signature_hash,
        certificate.ends_at.isoformat(),
        hashlib.sha256(certificate.csr).hexdigest(),
    )
    return hashlib.sha256("\0".join(agreed).encode()).hexdigest()
