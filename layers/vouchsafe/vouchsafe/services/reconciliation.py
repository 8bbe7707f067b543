"""Brings back what lost its execution: by a crash, an abort, a start that never came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ..domain.certificate import CertificateStatus
from ..domain.dossier import Work
from ..domain.errors import Conflict, Unavailable, VouchsafeError
from ..domain.requests import RequestStatus
from ..ports import Clock, Entropy, Ledger, Workflow, WorkList
from .lapsing import attend_request
from .runs import start_next_run

#: How long after its due time a thing counts as forgotten: longer than a look or an issuance takes.
GRACE = timedelta(minutes=2)
_LIVE = {CertificateStatus.PENDING, CertificateStatus.PROCESSING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What one pass did: how many overdue things had no live execution; it must return to 0."""

    seen: int
    revived: int
    troubles: tuple[Exception, ...] = ()  # one for each thing that could not be attended to


def reconcile(
    *,
    work: WorkList,
    ledger: Ledger,
    workflow: Workflow,
    clock: Clock,
    entropy: Entropy,
    grace: timedelta = GRACE,
    limit: int = 200,
) -> Reconciled:
    """Start a next run for every overdue certificate or revocation without a live execution.

    Undecided requests whose reminder or lapse is due are attended to on the way. What cannot be
    revived now stops nothing behind it; such trouble is the caller's to raise.
    """
    ports = _Ports(ledger=ledger, workflow=workflow, clock=clock, entropy=entropy)
    overdue = work.due(clock.now() - grace, limit)
    revived, troubles = 0, list[Exception]()
    for item in overdue:
        try:
            revived += _revive(item, ports)
        except (Conflict, Unavailable, VouchsafeError) as trouble:
            troubles.append(trouble)
    return Reconciled(seen=len(overdue), revived=revived, troubles=tuple(troubles))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ports:
    ledger: Ledger
    workflow: Workflow
    clock: Clock
    entropy: Entropy


def _revive(item: Work, ports: _Ports) -> bool:
    if item.certificate_id is not None:
        return _revive_certificate(item.order_id, item.certificate_id, ports.ledger, ports.workflow)
    if item.request_id is not None:
        return _attend(item.order_id, item.request_id, ports)
    return False


def _revive_certificate(
    order_id: int, certificate_id: int, ledger: Ledger, workflow: Workflow
) -> bool:
    dossier = ledger.order(order_id)
    if dossier is None:
        return False
    certificate = dossier.certificate(certificate_id)
    if certificate.status not in _LIVE:
        return False
    if workflow.order_running(order_id, certificate_id, max(certificate.run, 1)):
        return False
    start_next_run(certificate, ledger=ledger, workflow=workflow)
    return True


def _attend(order_id: int, request_id: int, ports: _Ports) -> bool:
    """Start an approved, unfinished revocation again; recording twice is harmless.

    Twins agree on the attempt's number, which grows with every doubling of the time since the
    decision, later every hour: a long trouble is not met by one more execution in every pass. An
    undecided request is reminded of, or lapses, and counts as nothing lost.
    """
    dossier = ports.ledger.order(order_id)
    if dossier is None:
        return False
    request = dossier.request(request_id)
    if request.status is RequestStatus.PENDING:
        attend_request(
            dossier, request, ledger=ports.ledger, clock=ports.clock, entropy=ports.entropy
        )
        return False
    if request.status is not RequestStatus.APPROVED or request.done_at is not None:
        return False
    decided = request.decided_at or request.created_at
    ports.workflow.start_revocation(order_id, request_id, _attempt(ports.clock.now() - decided))
    return True


def _attempt(since: timedelta) -> int:
    """Attempt 1 was the decision's own; after the first hour there is one an hour."""
    minutes, hours = int(since / timedelta(minutes=1)), int(since / timedelta(hours=1))
    return 1 + max(min(minutes, 60), 1).bit_length() + hours
