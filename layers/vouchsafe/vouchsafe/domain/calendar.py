"""Rules that change on a date, as one table; the code asks what holds at a moment.

Sources: BR 4.2.1 and 6.3.2 (SC-081v3), BR 3.2.2.9 (SC-067), BR 3.2.2.4.4 (SC-090),
BR 4.2.2.1 (SC-098v2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the industry demands of publicly trusted certificates at one moment."""

    since: date
    validity_days: int  # what we issue at most: one day under BR 6.3.2's maximum
    short_lived_days: int  # BR 1.6.1: at most so long, it is a Short-lived Subscriber Certificate
    reuse_days: int  # domain validation data, BR 4.2.1
    identity_reuse_days: int  # OV/EV data, BR 4.2.1
    remote_perspectives: int  # that must be asked at least, BR 3.2.2.9
    email_methods: bool  # BR 3.2.2.4.4, .13, .14 may be used and their proofs reused
    caa_parameters: bool  # RFC 8657 accounturi and validationmethods are a MUST


_START = Rules(
    since=date(2026, 3, 15),
    validity_days=199,
    short_lived_days=7,  # ten before this table begins
    reuse_days=200,
    identity_reuse_days=398,
    remote_perspectives=3,
    email_methods=True,
    caa_parameters=False,
)

_CHANGES: tuple[tuple[date, dict[str, int | bool]], ...] = (
    (date(2026, 6, 15), {"remote_perspectives": 4}),
    (date(2026, 12, 15), {"remote_perspectives": 5}),
    (date(2027, 3, 15), {"validity_days": 99, "reuse_days": 100, "caa_parameters": True}),
    (date(2028, 3, 15), {"email_methods": False}),
    (date(2029, 3, 15), {"validity_days": 46, "reuse_days": 10}),
)


def _table() -> tuple[Rules, ...]:
    rows = [_START]
    for since, changed in _CHANGES:
        rows.append(replace(rows[-1], since=since, **changed))  # type: ignore[arg-type]
    return tuple(rows)


CALENDAR: tuple[Rules, ...] = _table()


def rules_at(moment: datetime) -> Rules:
    """The rules in force at `moment` (aware). Before the first row, the first row holds."""
    return _rules_on(moment.astimezone(UTC).date())


@lru_cache(maxsize=8)  # today, asked for again and again
def _rules_on(day: date) -> Rules:
    return next((row for row in reversed(CALENDAR) if row.since <= day), CALENDAR[0])


def longest_not_after(not_before: datetime) -> datetime:
    """The latest notAfter for a certificate from `not_before`; both ends count (BR 6.3.2)."""
    return not_before + timedelta(days=rules_at(not_before).validity_days, seconds=-1)


def short_lived_life(not_before: datetime) -> timedelta:
    """How long a certificate from `not_before` may live and be short-lived (BR 1.6.1)."""
    return timedelta(days=rules_at(not_before).short_lived_days)


def short_lived_end(not_before: datetime) -> datetime:
    """The latest notAfter of a short-lived certificate; both ends count (BR 6.3.2)."""
    return not_before + short_lived_life(not_before) - timedelta(seconds=1)


_MANY_REMOTES = 6
_DISSENT_OF_MANY = 2


def dissent_allowed(remotes: int) -> int:
    """How many of `remotes` remote perspectives may fail to agree (BR 3.2.2.9)."""
    return _DISSENT_OF_MANY if remotes >= _MANY_REMOTES else 1
