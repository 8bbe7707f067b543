"""Telling that what was found about an organization grows old: 30 days before, and at the end.

Run by the clockwork. Nothing here decides whether a certificate may be issued; the date does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..domain.ages import aged
from ..domain.changes import Change, ChangeKind
from ..domain.errors import Conflict
from ..domain.organization import Organization, OrganizationValidation
from ..ports import Accounts, Clock, Entropy, Ledger, Reviews
from .new_changes import new_change
from .organizations import subject_of

_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Aged:
    """What one pass did."""

    seen: int
    told: int


def tell_ages(
    *,
    accounts: Accounts,
    reviews: Reviews,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
    limit: int = _AT_ONCE,
) -> Aged:
    """Record a change for every notice that is due, in the commit that counts it as given.

    What somebody else changes meanwhile is left to the next pass.
    """
    now = clock.now()
    due = reviews.ageing(now, limit)
    told = 0
    for account_id, organization_id in due:
        organization = accounts.organization(account_id, organization_id)
        if organization is None:
            continue
        after, notices = aged(organization, now)
        if after == organization:
            continue  # the index lagged
        changes = [_change(after, kind, found, now, entropy) for kind, found in notices]
        try:
            ledger.commit(after, *changes)
        except Conflict:
            continue
        told += len(changes)
    return Aged(seen=len(due), told=told)


def _change(
    organization: Organization,
    kind: ChangeKind,
    validation: OrganizationValidation,
    now: datetime,
    entropy: Entropy,
) -> Change:
    data = {
        "organization_id": organization.organization_id,
        "check": str(validation.check),
        "validated_until": validation.validated_until.isoformat(),
    }
    account_id, subject = organization.account_id, subject_of(organization)
    return new_change(kind, account_id, data, now=now, entropy=entropy, subject=subject)
