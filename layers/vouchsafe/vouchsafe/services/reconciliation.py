"""Brings back what lost its execution: by a crash, an abort, a start that never came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from ..domain.certificate import Certificate, CertificateStatus
from ..domain.dossier import Work
from ..domain.due import certificate_due
from ..domain.errors import Conflict, Unavailable, VouchsafeError
from ..domain.requests import RequestStatus
from ..ports import Clock, Entropy, Ledger, Workflow, WorkList
from .lapsing import attend_request
from .runs import FIRST_RUN, start_next_run

#: How long after its due time a thing counts as forgotten: longer than a look or an issuance takes.
GRACE = timedelta(minutes=2)
#: So long after it something is wrong even where an execution lives, or was started here before.
STALLED = timedelta(minutes=30)
_LIVE = {CertificateStatus.PENDING, CertificateStatus.PROCESSING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What one pass found and did.

    `stuck` counts what stood still as this pass came to it, revived now or not: lost executions,
    those that live and get nowhere, and what could not be attended to. It must return to 0.
    """

    seen: int
    revived: int
    stuck: int = 0
    troubles: tuple[Exception, ...] = ()  # one for each thing that could not be attended to


class _Found(Enum):
    """How an overdue thing was."""

    FINE = "fine"  # the index lagged, or it is a request that people were reminded of
    RUNNING = "running"
    ASLEEP = "asleep"  # it waits for people, and is looked at once a day; a run was started
    LOST = "lost"  # a run was started


_STARTED = {_Found.ASLEEP, _Found.LOST}


def reconcile(
    *,
    work: WorkList,
    ledger: Ledger,
    workflow: Workflow,
    clock: Clock,
    entropy: Entropy,
    grace: timedelta = GRACE,
    limit: int = 1000,
) -> Reconciled:
    """Start a next run for every overdue certificate or revocation without a live execution.

    Undecided requests whose reminder or lapse is due are attended to on the way. What cannot be
    revived now stops nothing behind it; such trouble is the caller's to raise.
    """
    ports = _Ports(ledger=ledger, workflow=workflow, clock=clock, entropy=entropy, grace=grace)
    overdue = work.due(clock.now() - grace, limit)
    revived, stuck, troubles = 0, 0, list[Exception]()
    for item in overdue:
        try:
            found = _attend(item, ports)
        except (Conflict, Unavailable, VouchsafeError) as trouble:
            troubles.append(trouble)
            stuck += 1
            continue
        late = found is not _Found.FINE and clock.now() - item.due_at > STALLED
        revived += found in _STARTED
        stuck += late or found is _Found.LOST
    return Reconciled(seen=len(overdue), revived=revived, stuck=stuck, troubles=tuple(troubles))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ports:
    ledger: Ledger
    workflow: Workflow
    clock: Clock
    entropy: Entropy
    grace: timedelta


def _attend(item: Work, ports: _Ports) -> _Found:
    if item.certificate_id is not None:
        return _revive(item.order_id, item.certificate_id, ports)
    if item.request_id is not None:
        return _carry_on(item.order_id, item.request_id, ports)
    return _Found.FINE


def _revive(order_id: int, certificate_id: int, ports: _Ports) -> _Found:
    dossier = ports.ledger.order(order_id)
    if dossier is None:
        return _Found.FINE
    certificate = dossier.certificate(certificate_id)
    if not _is_overdue(certificate, ports.clock.now() - ports.grace):
        return _Found.FINE
    if _lives(certificate, ports):
        return _Found.RUNNING
    start_next_run(certificate, ledger=ports.ledger, workflow=ports.workflow)
    return _Found.ASLEEP if certificate.waits_for_people else _Found.LOST


def _lives(certificate: Certificate, ports: _Ports) -> bool:
    """Whether the run on record has not ended, or one was started that has not recorded itself: a
    pass that comes again soon must not start another one beside it.
    """
    ids = certificate.order_id, certificate.certificate_id
    recorded = max(certificate.run, FIRST_RUN)
    if ports.workflow.order_running(*ids, recorded):
        return True
    last = ports.ledger.last_run(*ids)
    return last > recorded and ports.workflow.order_running(*ids, last)


def _is_overdue(certificate: Certificate, before: datetime) -> bool:
    """As it stands: the index may be a moment behind."""
    due = certificate_due(certificate)
    return certificate.status in _LIVE and due is not None and due < before


def _carry_on(order_id: int, request_id: int, ports: _Ports) -> _Found:
    """Start an approved, unfinished revocation again; recording twice is harmless.

    Twins agree on the attempt's number, which grows with every doubling of the time since the
    decision, later every hour: a long trouble is not met by one more execution in every pass. An
    undecided request is reminded of, or lapses, and counts as nothing lost.
    """
    dossier = ports.ledger.order(order_id)
    if dossier is None:
        return _Found.FINE
    request = dossier.request(request_id)
    if request.status is RequestStatus.PENDING:
        attend_request(
            dossier, request, ledger=ports.ledger, clock=ports.clock, entropy=ports.entropy
        )
        return _Found.FINE
    if request.status is not RequestStatus.APPROVED or request.done_at is not None:
        return _Found.FINE
    decided = request.decided_at or request.created_at
    ports.workflow.start_revocation(order_id, request_id, _attempt(ports.clock.now() - decided))
    return _Found.LOST


def _attempt(since: timedelta) -> int:
    """Attempt 1 was the decision's own; after the first hour there is one an hour."""
    minutes, hours = int(since / timedelta(minutes=1)), int(since / timedelta(hours=1))
    return 1 + max(min(minutes, 60), 1).bit_length() + hours
