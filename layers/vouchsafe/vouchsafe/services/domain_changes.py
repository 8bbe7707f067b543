"""Changing domains of an account: switched on and off, forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from ..domain.accounts import Principal
from ..domain.changes import ChangeKind
from ..domain.domains import Domain, DomainRemoval, ProofHold, with_activity
from ..domain.errors import Conflict, Unavailable
from ..domain_ports import Domains
from ..ports import Clock, Entropy, Ledger, Record
from .domain_records import domain_change, domain_records, read_domain
from .idempotency import OnceOnly, recall, used

_ATTEMPTS = 5


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
    for _ in range(_ATTEMPTS):
        before, now = read_domain(domain_id, principal, domains=domains), clock.now()
        after = changed(before, now)
        records: list[Record] = [*used(once, after, now)]
        if after is not before:
            told = domain_change(kind, principal, now, entropy, before=before, after=after)
            held = () if hold is None else (_hold(after, held=hold),)
            records = [told, *domain_records(before, after), *held, *records]
        try:
            if records:
                ledger.commit(*records)
        except Conflict:
            if once is not None and recall(once.token, ledger=ledger) is not None:
                raise
            continue
        return after
    raise Unavailable(f"domain {domain_id} is being changed by others")


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
    for _ in range(_ATTEMPTS):
        domain, now = read_domain(domain_id, principal, domains=domains), clock.now()
        told = domain_change(ChangeKind.DOMAIN_REMOVED, principal, now, entropy, before=domain)
        try:
            ledger.commit(told, DomainRemoval(domain=domain))
        except Conflict:
            continue
        return
    raise Unavailable(f"domain {domain_id} is being changed by others")
