"""Telling of domains whose proof grows old: people are told before orders have to prove anew."""

from __future__ import annotations

from datetime import datetime

from ..clock_ports import DomainAges
from ..domain.changes import Change, ChangeKind
from ..domain.domain_ages import counts_until, domain_aged
from ..domain.domains import Domain, approved, current_approval
from ..domain.errors import Conflict
from ..domain.identifiers import Identifier
from ..domain.proofs import domains_to_ask
from ..ports import Clock, Entropy, Ledger, Record
from .ageing import Aged
from .domain_records import domain_records
from .new_changes import new_change

_AT_ONCE = 1000


def tell_domain_ages(
    *, domains: DomainAges, ledger: Ledger, clock: Clock, entropy: Entropy, limit: int = _AT_ONCE
) -> Aged:
    """Record a change for every notice that is due, in the commit that counts it as given.

    A domain that another proof covers for longer is noted with that, and nothing is told. What
    somebody else changes meanwhile is left to the next pass.
    """
    now = clock.now()
    due = domains.domains_ageing(now, limit)
    told = 0
    for domain in due:
        records = _renewed(domain, now, ledger) or _told(domain, now, entropy)
        if not records:
            continue  # the index lagged
        try:
            ledger.commit(*records)
        except Conflict:
            continue
        told += any(isinstance(each, Change) for each in records)
    return Aged(seen=len(due), told=told)


def _renewed(domain: Domain, now: datetime, ledger: Ledger) -> tuple[Record, ...]:
    """The domain with a newer proof of its name or of one above; nothing without such."""
    asked = domains_to_ask([Identifier(domain.name)])
    found = current_approval(domain, ledger.standing(domain.account_id, asked).proofs, now)
    noted = domain.approval
    if found is None or noted is None or counts_until(found) <= counts_until(noted):
        return ()
    return domain_records(domain, approved(domain, found))


def _told(domain: Domain, now: datetime, entropy: Entropy) -> tuple[Record, ...]:
    after, kind = domain_aged(domain, now)
    if kind is None:
        return ()
    return *domain_records(domain, after), _change(after, kind, now, entropy)


def _change(domain: Domain, kind: ChangeKind, now: datetime, entropy: Entropy) -> Change:
    assert domain.approval is not None, "only a proof grows old"
    data = {
        "domain_id": domain.domain_id,
        "domain": domain.name,
        "proven_until": counts_until(domain.approval).isoformat(),
    }
    subject = f"domain {domain.domain_id}"
    return new_change(kind, domain.account_id, data, now=now, entropy=entropy, subject=subject)
