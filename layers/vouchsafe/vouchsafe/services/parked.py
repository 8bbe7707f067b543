"""Waking what waits for people: their decision starts the next run of each certificate.

Whoever decides wakes at once, as far as that goes; the change of the decision wakes again when it
is numbered, and what both missed is looked at a day later at the latest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from ..domain.changes import Change, ChangeKind
from ..domain.errors import Unavailable
from ..domain.parking import ParkedCertificate
from ..order_ports import ParkedList
from ..ports import Ledger, Workflow
from .runs import FIRST_RUN, start_run_above

#: How many a person's call wakes, so that it is answered in time; each takes two storage calls.
MOST_BY_CALL = 50
#: How many the change of a decision wakes.
MOST_BY_CHANGE = 1000
#: Decisions that may open a gate.
_DECISIONS = frozenset(
    {
        ChangeKind.ORGANIZATION_VALIDATED,
        ChangeKind.ORGANIZATION_CHANGED,
        ChangeKind.AGREEMENT_ACCEPTED,
        ChangeKind.CLEARANCE_GIVEN,
    }
)


def wake(
    account_id: int,
    *,
    organization_id: int | None = None,
    parked: ParkedList,
    ledger: Ledger,
    workflow: Workflow,
    limit: int = MOST_BY_CALL,
) -> int:
    """Start the next run of the account's certificates that wait for people, at most `limit`.

    With `organization_id` only of those that are to name it. Gives how many were started: each
    looks for itself whether it may go on, so that one too many does no harm. Trouble with one is
    no matter for the caller, whose decision stands: the decision's change wakes it again.
    """
    rows = islice(_meant(parked, account_id, organization_id), limit)
    started, _ = _start(rows, ledger, workflow)
    return started


def wake_after(change: Change, *, parked: ParkedList, ledger: Ledger, workflow: Workflow) -> int:
    """Wake what a committed change may have opened; doing it twice is harmless.

    Raises Unavailable at the end where any could not be started.
    """
    if not _may_open(change):
        return 0
    number = change.data.get("organization_id")
    organization_id = number if isinstance(number, int) else None
    rows = islice(_meant(parked, change.account_id, organization_id), MOST_BY_CHANGE)
    started, missed = _start(rows, ledger, workflow)
    if missed:
        raise Unavailable(f"{missed} of account {change.account_id}'s certificates sleep on")
    return started


def _may_open(change: Change) -> bool:
    """Of what happens to an organization itself, only being taken up again opens anything."""
    if change.kind is ChangeKind.ORGANIZATION_CHANGED:
        return change.after.get("is_active") is True
    return change.kind in _DECISIONS


def _meant(
    parked: ParkedList, account_id: int, organization_id: int | None
) -> Iterator[ParkedCertificate]:
    every = parked.parked(account_id)
    return (row for row in every if organization_id in {None, row.organization_id})


def _start(
    rows: Iterable[ParkedCertificate], ledger: Ledger, workflow: Workflow
) -> tuple[int, int]:
    """How many were started, and how many could not be."""
    started = missed = 0
    for row in rows:
        ids = row.order_id, row.certificate_id
        try:
            start_run_above(FIRST_RUN, *ids, ledger=ledger, workflow=workflow)
            started += 1
        except Unavailable:
            missed += 1
    return started, missed
