"""What has to happen by itself, again and again, and how long it may stay away.

A duty notes each time that it did all there was to do. One that fails, leaves work behind, or is
not called at all notes nothing, and is late in the end: all three are seen in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Duty(StrEnum):
    """Named as the function that does it; a function with two duties names them apart."""

    RECONCILE = "reconcile"
    PUBLISH_CRL = "publish_crl"
    CHECK_DOMAIN = "check_domain"
    PACK_EVIDENCE = "pack_evidence"
    AUDIT_ISSUED = "audit_issued"
    REVOKE_BLOCKED = "revoke_blocked"
    TELL_AGES = "tell_ages"
    TELL_EXPIRY = "tell_expiry"
    WATCH = "watch"
    SEND_WEBHOOKS = "send_webhooks"


#: How long after it was last done a duty is late: several of its intervals, as the template has
#: them by default. A list is renewed after 6 hours and lives for 4 days, so that one hour is soon.
PATIENCE: Mapping[Duty, timedelta] = {
    Duty.RECONCILE: timedelta(minutes=20),
    Duty.PUBLISH_CRL: timedelta(hours=1),
    Duty.CHECK_DOMAIN: timedelta(hours=1),
    Duty.PACK_EVIDENCE: timedelta(hours=4),
    Duty.AUDIT_ISSUED: timedelta(hours=4),
    Duty.REVOKE_BLOCKED: timedelta(minutes=30),
    Duty.TELL_AGES: timedelta(hours=4),
    Duty.TELL_EXPIRY: timedelta(hours=4),
    Duty.WATCH: timedelta(hours=4),
    Duty.SEND_WEBHOOKS: timedelta(minutes=30),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDone:
    """When a duty was last done with; `done_at` of one never done is when it was first expected."""

    duty: Duty
    done_at: datetime


def late(done: Iterable[DutyDone], now: datetime) -> tuple[Duty, ...]:
    """The duties that stayed away longer than they may."""
    return tuple(each.duty for each in done if now - each.done_at > PATIENCE[each.duty])


def on_time(done: Iterable[DutyDone], now: datetime) -> float:
    """How many of the duties are on time, in percent."""
    all_of_them = tuple(done)
    if not all_of_them:
        return 0.0
    return round(100 * (1 - len(late(all_of_them, now)) / len(all_of_them)), 2)
