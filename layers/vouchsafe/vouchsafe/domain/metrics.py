"""Every metric there is: what it counts, in what, and from where. A new one is a new row.

A custom metric costs money by the month for each set of dimensions, so there is one dimension at
most, with the few values named here. Whatever has many values (product, cause, account, place) is a
property of the log line that the metric is read from, and is asked of the logs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Metric(StrEnum):
    ORDERS = "Orders"
    LOOKS_PER_ORDER = "LooksPerOrder"
    PROOF_TO_ISSUE = "ProofToIssue"
    REVOKED_TO_PUBLISHED = "RevokedToPublished"
    LOOKS_IN_VAIN = "LooksInVain"
    PLACES_DISSENTING = "PlacesDissenting"
    PLACES_SILENT = "PlacesSilent"
    MAILS = "Mails"
    WEBHOOKS = "Webhooks"
    CONTACTS_MARKED = "ContactsMarked"
    ORDERS_STUCK = "OrdersStuck"
    DUTIES_ON_TIME = "DutiesOnTime"
    MESSAGES_PARKED = "MessagesParked"
    OLDEST_CRL = "OldestCrl"
    WORK_LEFT = "WorkLeft"
    INCIDENTS = "Incidents"
    CANARY_SECONDS = "CanarySeconds"
    CANARY_FAILED = "CanaryFailed"
    FUNCTION_FAILURES = "FunctionFailures"
    MACHINE_FAILURES = "MachineFailures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What stands behind a metric's name.

    `states` are the values of its one dimension; none: it has no dimension. `idle` says whether it
    is published where nothing happens. `filtered` ones are counted by CloudWatch Logs from lines
    that the platform writes, so that a function that cannot even start is counted, too.
    """

    unit: str
    told: str
    states: tuple[str, ...] = ()
    idle: bool = False
    filtered: bool = False

    @property
    def series(self) -> int:
        """How many custom metrics CloudWatch can ever make of it."""
        return max(1, len(self.states))


_ENDS = ("placed", "issued", "timed_out", "rejected", "cancelled", "revoked")

KINDS: Mapping[Metric, Kind] = {
    Metric.ORDERS: Kind(unit="Count", told="Certificates asked for and ended", states=_ENDS),
    Metric.LOOKS_PER_ORDER: Kind(unit="Count", told="Looks until a certificate's end"),
    Metric.PROOF_TO_ISSUE: Kind(unit="Seconds", told="From the last proof seen to the issue"),
    Metric.REVOKED_TO_PUBLISHED: Kind(unit="Seconds", told="From a revocation to its CRL"),
    Metric.LOOKS_IN_VAIN: Kind(unit="Count", told="Names looked at and not proven, by cause"),
    Metric.PLACES_DISSENTING: Kind(unit="Count", told="Places that saw it otherwise, per look"),
    Metric.PLACES_SILENT: Kind(unit="Count", told="Places that could not look, per look"),
    Metric.MAILS: Kind(unit="Count", told="Mails", states=("told", "refused", "failed")),
    Metric.WEBHOOKS: Kind(unit="Count", told="Webhooks", states=("told", "refused", "failed")),
    Metric.CONTACTS_MARKED: Kind(unit="Count", told="Addresses that take no notices any more"),
    Metric.ORDERS_STUCK: Kind(unit="Count", told="Orders and revocations revived", idle=True),
    Metric.DUTIES_ON_TIME: Kind(unit="Percent", told="Scheduled duties on time", idle=True),
    Metric.MESSAGES_PARKED: Kind(unit="Count", told="Messages given up on", idle=True),
    Metric.OLDEST_CRL: Kind(unit="Seconds", told="Age of the oldest CRL", idle=True),
    Metric.WORK_LEFT: Kind(unit="Count", told="Work a duty did not get to"),
    Metric.INCIDENTS: Kind(unit="Count", told="What only a person can mend"),
    Metric.CANARY_SECONDS: Kind(unit="Seconds", told="From the canary's record to its issue"),
    Metric.CANARY_FAILED: Kind(unit="Count", told="The canary did not reach its end"),
    Metric.FUNCTION_FAILURES: Kind(unit="Count", told="Functions that failed", filtered=True),
    Metric.MACHINE_FAILURES: Kind(unit="Count", told="Executions that failed", filtered=True),
}
