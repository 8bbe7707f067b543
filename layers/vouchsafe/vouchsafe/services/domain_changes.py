"""Changing domains of an account: switched on and off, forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from ..domain.accounts import Principal
from ..domain.changes import ChangeKind
from ..domain.domains import Domain, DomainRemoval, ProofHold, with_activity
from ..domain_ports import Domains
from ..ports import Clock, Entropy, Ledger, Record
from .attempts import attempted
from .domain_records import domain_change, domain_records, read_domain
from .idempotency import OnceOnly


def set_activity(
    domain_id: int,
    principal: Principal,
    *,
    active: bool,
    first_gap: timedelta,
    ledger: Ledger,
    domains: Domains,
    clock: Clock,
    entropy: Entropy,
) -> Domain:
    """Switch a domain on or off; nothing when it is so already. Orders that were placed before
    keep what they have proven; new ones do not rely on the proof of a domain that is off.

    Raises not_found.
    """
    kind = ChangeKind.DOMAIN_ACTIVATED if active else ChangeKind.DOMAIN_DEACTIVATED

    def switch(domain: Domain, now: datetime) -> Domain:
        if domain.active is active:
            return domain
        return with_activity(domain, active=active, first_look_at=now + first_gap)

    return change_domain(
        domain_id,
        principal,
        switch,
        kind,
        hold=not active,
        ledger=ledger,
        domains=domains,
        clock=clock,
        entropy=entropy,
    )


def change_domain(
    domain_id: int,
    principal: Principal,
    changed: Callable[[Domain, datetime], Domain],
    kind: ChangeKind,
    *,
    hold: bool | None = None,
    once: OnceOnly[Domain] | None = None,
    ledger: Ledger,
    domains: Domains,
    clock: Clock,
    entropy: Entropy,
) -> Domain:
    """Write what `changed` makes of the caller's domain, and tell of it as `kind`.

    A domain that comes back as it was is not written. `hold` says whether its proof is held back
    from now on. Raises not_found, whatever `changed` raises, and Conflict when a twin under one key
    was faster.
    """

    def attempt(now: datetime) -> tuple[Domain, Sequence[Record]]:
        before = read_domain(domain_id, principal, domains=domains)
        after = changed(before, now)
        if after is before:
            return after, ()
        told = domain_change(kind, principal, now, entropy, before=before, after=after)
        held = () if hold is None else (_hold(after, held=hold),)
        return after, (told, *domain_records(before, after), *held)

    return attempted(attempt, once=once, what=f"domain {domain_id}", ledger=ledger, clock=clock)


def _hold(domain: Domain, *, held: bool) -> ProofHold:
    return ProofHold(account_id=domain.account_id, authorization_domain=domain.name, held=held)


def remove_domain(
    domain_id: int,
    principal: Principal,
    *,
    ledger: Ledger,
    domains: Domains,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Forget a domain and the proof that stands under its name. Raises not_found.

    Orders keep what they have proven or relied on already.
    """

    def attempt(now: datetime) -> tuple[None, Sequence[Record]]:
        domain = read_domain(domain_id, principal, domains=domains)
        told = domain_change(ChangeKind.DOMAIN_REMOVED, principal, now, entropy, before=domain)
        return None, (told, DomainRemoval(domain=domain))

    attempted(attempt, once=None, what=f"domain {domain_id}", ledger=ledger, clock=clock)
