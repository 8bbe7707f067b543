"""Certificates that wait for people: what for, since when, until when. No execution sleeps for it.

Validation stops with all names proven; the decision that was missing starts the next run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: How long a certificate with all names proven waits for people unless a deployment says otherwise.
PEOPLE_WAIT = timedelta(days=90)


class Gate(StrEnum):
    """What must be so before a certificate may be issued, in the order in which it is asked."""

    APPROVAL = "approval"
    DOMAINS = "domains"
    AGREEMENT = "agreement"  # the account accepted the subscriber agreement (BR 9.6.3)
    CLEARANCE = "clearance"  # no name is on a list, or the account was cleared (BR 4.2.1)
    ORGANIZATION = "organization"
    CAA = "caa"


#: These are opened by people who were not asked for the order itself.
OPENED_BY_PEOPLE = frozenset({Gate.AGREEMENT, Gate.CLEARANCE, Gate.ORGANIZATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A certificate's wait for people. `left_at` is when it was over; the record stays."""

    since: datetime
    until: datetime
    gates: tuple[Gate, ...]  # those closed when it was last looked at
    organization_id: int | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedCertificate:
    """One certificate that waits for people, in the list of its account."""

    account_id: int
    order_id: int
    certificate_id: int
    organization_id: int | None = None
