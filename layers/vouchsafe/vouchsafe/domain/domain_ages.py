"""When a domain's proof grows old: told 30 and 7 days before it may not be used again, and then.

Told at midnight (UTC), so that all proofs that end on one day are told of together.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from .authorization import DcvMethodName
from .calendar import CALENDAR, Rules
from .changes import ChangeKind
from .domains import Approval, Domain, DomainListing

#: How long before the end each notice is due, and what it is.
_NOTICES = (
    (timedelta(days=30), ChangeKind.DOMAIN_EXPIRING),
    (timedelta(days=7), ChangeKind.DOMAIN_EXPIRING),
    (timedelta(0), ChangeKind.DOMAIN_EXPIRED),
)
_FOREVER = datetime.max.replace(tzinfo=UTC)


def counts_until(approval: Approval) -> datetime:
    """When an approval stops counting (UTC), by the limits of the days to come (BR 4.2.1, and
    3.2.2.4.4 for e-mail): a limit that falls while it lives may end it on that day.
    """
    starts = [approval.proven_at, *(_start(row) for row in CALENDAR[1:]), _FOREVER]
    for row, (since, until) in zip(CALENDAR, pairwise(starts), strict=True):
        void = approval.method is DcvMethodName.EMAIL and not row.email_methods
        aged = approval.proven_at + timedelta(days=0 if void else row.reuse_days)
        end = max(since, aged)
        if end < until:
            return end
    raise AssertionError("the last row has no end")


def _start(row: Rules) -> datetime:
    return datetime.combine(row.since, time(), UTC)


def domain_ageing_due(domain: DomainListing) -> datetime | None:
    """When the next notice about the domain's proof is due (UTC); None where none is ahead."""
    approval = domain.approval
    if approval is None or not domain.active:
        return None
    ahead = _moments(approval)[_given(approval) :]
    return ahead[0] if ahead else None


def domain_aged(domain: Domain, now: datetime) -> tuple[Domain, ChangeKind | None]:
    """The domain with every notice due at `now` counted as given, and the newest of them to tell.

    Of several only the last is told, and none that fell before the proof was made.
    """
    approval = domain.approval
    if approval is None or not domain.active:
        return domain, None
    count = sum(moment <= now for moment in _moments(approval))
    if count <= _given(approval):
        return domain, None
    after = replace(domain, approval=replace(approval, told=count), version=domain.version + 1)
    return after, _NOTICES[count - 1][1]


def _moments(approval: Approval) -> tuple[datetime, ...]:
    end = counts_until(approval)
    day = datetime.combine(end.date(), time(), UTC)
    ended = day if end == day else day + timedelta(days=1)  # an end is not told before it came
    return tuple(day - before if before else ended for before, _ in _NOTICES)


def _given(approval: Approval) -> int:
    too_early = sum(moment <= approval.proven_at for moment in _moments(approval))
    return max(approval.told, too_early)
