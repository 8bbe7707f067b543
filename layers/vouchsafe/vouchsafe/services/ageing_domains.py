"""Telling of domains whose proof grows old: people are told before orders have to prove anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import batched

from ..clock_ports import DomainAges
from ..domain.changes import Change, ChangeKind
from ..domain.domain_ages import counts_until, domain_aged
from ..domain.domains import Domain, approved, current_approval
from ..domain.errors import Conflict
from ..domain.identifiers import Identifier
from ..domain.letter_kinds import language_of
from ..domain.proofs import domains_to_ask
from ..ports import Clock, Entropy, Ledger, Record
from .ageing import Aged
from .domain_records import domain_records
from .new_changes import new_change

_AT_ONCE = 1000
_IN_ONE_MAIL = 100  # domains

#: A domain, the same with its notices counted, and what is told.
type _Aged = tuple[Domain, Domain, ChangeKind]


def tell_domain_ages(
    *, domains: DomainAges, ledger: Ledger, clock: Clock, entropy: Entropy, limit: int = _AT_ONCE
) -> Aged:
    """Record a change for every notice that is due, in the commit that counts it as given.

    A domain that another proof covers for longer is noted with that, and nothing is told. What
    somebody else changes meanwhile is left to the next pass. The first change of those whose
    proofs end on one day names them all, for one mail (services.letter_domains).
    """
    now = clock.now()
    due = domains.domains_ageing(now, limit)
    ageing = []
    for domain in due:
        renewed = _renewed(domain, now, ledger)
        if renewed:
            _is_written(renewed, ledger)
        else:
            ageing.append(domain)
    told = sum(_tell(each, now, ledger, entropy) for each in _together(ageing, now))
    return Aged(seen=len(due), told=told)


def _together(ageing: Sequence[Domain], now: datetime) -> Iterator[Sequence[_Aged]]:
    """Those that one mail tells of; those that none tells of come together likewise."""
    groups: dict[object, list[_Aged]] = {}
    for domain in ageing:
        after, kind = domain_aged(domain, now)
        if kind is None or domain.approval is None:
            continue  # the index lagged
        day = counts_until(domain.approval).date()
        one = (domain.account_id, kind, day, language_of(domain.locale), domain.is_kept)
        groups.setdefault(one, []).append((domain, after, kind))
    for group in groups.values():
        yield from batched(group, _IN_ONE_MAIL, strict=False)


def _tell(group: Sequence[_Aged], now: datetime, ledger: Ledger, entropy: Entropy) -> int:
    """Record the notices of a group; how many. Whatever is written first stands for the others."""
    told, leads = 0, group[0][0].is_kept
    names = [domain.name for domain, _, _ in group]
    for place, (domain, after, kind) in enumerate(group):
        mailed = names[place:] if leads else []
        change = _change(after, kind, mailed, now, entropy)
        if _is_written((*domain_records(domain, after), change), ledger):
            told, leads = told + 1, False
    return told


def _is_written(records: Sequence[Record], ledger: Ledger) -> bool:
    try:
        ledger.commit(*records)
    except Conflict:
        return False
    return True


def _renewed(domain: Domain, now: datetime, ledger: Ledger) -> tuple[Record, ...]:
    """The domain with a newer proof of its name or of one above; nothing without such."""
    asked = domains_to_ask([Identifier(domain.name)])
    found = current_approval(domain, ledger.standing(domain.account_id, asked).proofs, now)
    noted = domain.approval
    if found is None or noted is None or counts_until(found) <= counts_until(noted):
        return ()
    return domain_records(domain, approved(domain, found))


def _change(
    domain: Domain, kind: ChangeKind, mailed: list[str], now: datetime, entropy: Entropy
) -> Change:
    """`mailed` are the domains that the mail about this change tells of."""
    assert domain.approval is not None, "only a proof grows old"
    data = {
        "domain_id": domain.domain_id,
        "domain": domain.name,
        "proven_until": counts_until(domain.approval).isoformat(),
        **({} if mailed == [domain.name] else {"together": mailed}),
    }
    subject = f"domain {domain.domain_id}"
    return new_change(kind, domain.account_id, data, now=now, entropy=entropy, subject=subject)
