"""One step of the canary after another: ordered, shown, seen issued, revoked, seen listed.

Each call goes as far as it gets without waiting. It may be cut off anywhere, and twins do no harm:
of two that take the same step one is written, and every step may be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..canary_ports import CanaryMemory, CanaryZone
from ..domain.canary import (
    NOISE_BYTES,
    PATIENCE,
    CanaryPhase,
    CanaryRefused,
    CanaryRun,
    next_run,
)
from ..domain.canary_checks import chain_faults, crl_address, listed
from ..domain.certificate import UNDER_WAY, Certificate, CertificateStatus
from ..domain.errors import Conflict, Unavailable, VouchsafeError
from ..domain.records import record_for
from ..ports import Clock, Entropy
from . import canary_orders as orders
from .canary_orders import OrderingPorts


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryPorts:
    """All it works with. Names lie below `zone_name`; a run begins `every` so often."""

    memory: CanaryMemory
    zone: CanaryZone
    ordering: OrderingPorts
    zone_name: str
    every: timedelta
    clock: Clock
    entropy: Entropy


@dataclass(frozen=True, slots=True, kw_only=True)
class CanarySeen:
    """How the run at hand stands. `seconds`: from the record being there to the issue, in the call
    that saw the issue first; `waits` says what it waits for, or cannot get past."""

    run: CanaryRun
    seconds: float | None = None
    waits: str = ""


def advance(ports: CanaryPorts, *, at_once: bool = False) -> CanarySeen:
    """Bring the run as far as it gets, or begin the next one once it is time, or `at_once`."""
    now = ports.clock.now()
    try:
        before = _at_hand(ports, now, at_once=at_once)
        after, waits = _carried_on(before, ports, now)
    except Conflict:  # a twin is at it
        standing = ports.memory.canary()
        if standing is None:
            raise
        return CanarySeen(run=standing)
    newly = before.issued_at is None
    return CanarySeen(run=after, seconds=after.seconds if newly else None, waits=waits)


def _at_hand(ports: CanaryPorts, now: datetime, *, at_once: bool) -> CanaryRun:
    """The run that is under way, or over and not yet followed; else a new one, remembered."""
    last = ports.memory.canary()
    if last is not None:
        early = now < last.began_at + ports.every and not at_once
        if not last.is_over or early:
            return last
    run = next_run(last, ports.entropy.bytes(NOISE_BYTES), ports.zone_name, now)
    ports.memory.remember(run)
    return run


def _carried_on(run: CanaryRun, ports: CanaryPorts, now: datetime) -> tuple[CanaryRun, str]:
    """The run after all steps that could be taken, and what ended them: a wait, or trouble."""
    while not run.is_over:
        after, waits = _stepped(run, ports, now)
        if after is None:
            return run, waits
        ports.memory.remember(after)
        run = after
    return run, ""


def _stepped(run: CanaryRun, ports: CanaryPorts, now: datetime) -> tuple[CanaryRun | None, str]:
    """The run after its next step, failed if that was refused or too slow; or None, and why."""
    clearing = run.phase is CanaryPhase.CLEARING
    try:
        found = _STEPS[run.phase](run, ports)
    except Unavailable as passing:
        found = str(passing)
    except (CanaryRefused, VouchsafeError, ValueError) as refused:
        found = str(refused)
        if not clearing:
            return _failed(run, found), ""
    if isinstance(found, CanaryRun):
        return found, ""
    if not clearing and now > run.began_at + PATIENCE:
        return _failed(run, f"not over after {PATIENCE}: {found}"), ""
    return None, found


def _failed(run: CanaryRun, why: str) -> CanaryRun:
    return run.changed(phase=CanaryPhase.CLEARING, failure=f"{run.phase}: {why}")


def _order(run: CanaryRun, ports: CanaryPorts) -> CanaryRun | str:
    """Place the order and note what has to be shown."""
    dossier = orders.order(run, ports.ordering)
    certificate = dossier.newest
    (item,) = dossier.authorizations[certificate.certificate_id]
    if item.random_value is None:
        raise CanaryRefused(f"order {certificate.order_id} has no value to be shown")
    value = item.random_value.value
    record = record_for(item.identifier, item.method, value, ports.ordering.dcv_domain)
    return run.changed(
        phase=CanaryPhase.PROVING,
        order_id=certificate.order_id,
        certificate_id=certificate.certificate_id,
        record_name=record.name,
        record_value=record.value,
    )


def _prove(run: CanaryRun, ports: CanaryPorts) -> CanaryRun | str:
    """Show the record; once the certificate is there, look whether it is as it must be."""
    certificate = _certificate(run, ports)
    if certificate.status in UNDER_WAY:
        if run.shown_at is not None:
            return f"order {run.order_id} is {certificate.status}"
        ports.zone.publish(run.record_name, run.record_value)
        return run.changed(shown_at=ports.clock.now())
    if certificate.status is not CertificateStatus.VALID or certificate.issued is None:
        reason = certificate.status_reason or "nobody says why"
        raise CanaryRefused(f"order {run.order_id} is {certificate.status}: {reason}")
    chain = orders.chain_of(certificate, ports.ordering)
    faults = chain_faults(chain, run.name, certificate.csr, ports.clock.now())
    if faults:
        raise CanaryRefused(f"certificate {run.certificate_id}: {', '.join(faults)}")
    return run.changed(phase=CanaryPhase.REVOKING, issued_at=certificate.issued.issued_at)


def _revoke(run: CanaryRun, ports: CanaryPorts) -> CanaryRun | str:
    """Have it revoked, unless it is. Whoever was cut off here asks again, and starts it."""
    certificate = _certificate(run, ports)
    if certificate.status is CertificateStatus.VALID:
        orders.revoke(certificate.order_id, ports.ordering)
    return run.changed(phase=CanaryPhase.LISTING)


def _list(run: CanaryRun, ports: CanaryPorts) -> CanaryRun | str:
    """Look for it on the CRL that it names, and for its evidence; then take the record away."""
    certificate = _certificate(run, ports)
    if certificate.status is CertificateStatus.VALID:
        return f"certificate {run.certificate_id} is not revoked"
    leaf, issuer, *_ = orders.chain_of(certificate, ports.ordering)
    address = crl_address(leaf)
    if not listed(ports.ordering.lists.fetch(address), leaf, issuer):
        return f"certificate {run.certificate_id} is not on {address}"
    if ports.ordering.packets.get(certificate.certificate_id) is None:
        return f"certificate {run.certificate_id} has no evidence packet"
    ports.zone.withdraw(run.record_name, run.record_value)
    return run.changed(phase=CanaryPhase.OVER)


def _clear(run: CanaryRun, ports: CanaryPorts) -> CanaryRun | str:
    """End what was ordered and take the record away; only then may the next run begin."""
    if not orders.give_up(run, ports.ordering):
        return f"order {run.order_id} is being issued"
    if run.record_name:
        ports.zone.withdraw(run.record_name, run.record_value)
    return run.changed(phase=CanaryPhase.OVER)


def _certificate(run: CanaryRun, ports: CanaryPorts) -> Certificate:
    dossier = orders.placed_before(run, ports.ordering)
    if dossier is None:
        raise CanaryRefused("its order is gone")
    return dossier.newest


_STEPS: Mapping[CanaryPhase, Callable[[CanaryRun, CanaryPorts], CanaryRun | str]] = {
    CanaryPhase.ORDERING: _order,
    CanaryPhase.PROVING: _prove,
    CanaryPhase.REVOKING: _revoke,
    CanaryPhase.LISTING: _list,
    CanaryPhase.CLEARING: _clear,
}
