"""The names of events: the vendor's for what it knows, the feed's own types for everything."""

from __future__ import annotations

from collections.abc import Mapping

from ..domain.changes import ChangeKind
from ..domain.shared_changes import SHARED

#: The vendor's events, and the changes that each tells of. An order that timed out is rejected.
VENDOR_EVENTS: Mapping[str, frozenset[ChangeKind]] = {
    "certificate_issued": frozenset({ChangeKind.CERTIFICATE_ISSUED}),
    "certificate_revoked": frozenset({ChangeKind.CERTIFICATE_REVOKED}),
    "order_rejected": frozenset({ChangeKind.ORDER_REJECTED, ChangeKind.ORDER_TIMED_OUT}),
    "organization_validated": frozenset({ChangeKind.ORGANIZATION_VALIDATED}),
    "organization_expired": frozenset({ChangeKind.ORGANIZATION_EXPIRED}),
    "organization_revalidation_notice": frozenset({ChangeKind.ORGANIZATION_EXPIRING}),
    "domain_validated": frozenset({ChangeKind.DOMAIN_PROVEN}),
    "domain_expired": frozenset({ChangeKind.DOMAIN_EXPIRED}),
    "domain_revalidation_notice": frozenset({ChangeKind.DOMAIN_EXPIRING}),
}
#: Every name a webhook may list.
EVENTS: tuple[str, ...] = tuple(dict.fromkeys([*VENDOR_EVENTS, *(kind.value for kind in SHARED)]))
DEFAULT_EVENTS = ("certificate_issued",)
CHALLENGE = "challenge_webhook_endpoint"
TEST = "test_webhook_endpoint"
KEY_HEADER = "X-WEBHOOK-KEY"
#: Days before an end at which notices may be wanted; below zero: after it.
NOTICE_DAYS = (90, 60, 30, 7, 0, -7)
#: The days of these that there are notices at.
TOLD_AT: Mapping[ChangeKind, int] = {
    ChangeKind.ORGANIZATION_EXPIRING: 30,
    ChangeKind.DOMAIN_EXPIRING: 30,
    ChangeKind.ORGANIZATION_EXPIRED: 0,
    ChangeKind.DOMAIN_EXPIRED: 0,
}


def event_name(events: tuple[str, ...], kind: ChangeKind) -> str | None:
    """What a webhook with these events calls a change of that kind; None where it is not listed.

    The vendor's name comes before the feed's.
    """
    for name, kinds in VENDOR_EVENTS.items():
        if kind in kinds and name in events:
            return name
    return kind.value if kind.value in events else None
