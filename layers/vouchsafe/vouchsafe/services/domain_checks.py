"""The validation authority's part for domains: looks when it is time, or when somebody asks.

The same eyes, judgement and evidence as for orders; only what is written differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.authorization import Authorization, AuthorizationStatus
from ..domain.causes import CauseCode, tell
from ..domain.changes import Change, ChangeKind
from ..domain.domains import (
    CheckResult,
    Domain,
    DomainCheck,
    authorization_of,
    looked,
    may_look,
    value_is_used,
)
from ..domain.errors import Conflict, Unavailable
from ..domain.progress import Look, after_look
from ..domain.proofs import DomainProof, covers, fresh_proofs
from ..domain.schedule import Schedule
from ..domain_ports import Domains
from ..ports import Entropy, Ledger
from .domain_records import domain_records, told_approval
from .looking import Eyes, look_at_names
from .new_changes import new_change

_ATTEMPTS = 6
#: A look may begin this much before it is due.
_EARLY = timedelta(seconds=1)
#: So many names are looked at together, in the time of one look.
AT_ONCE = 20
#: Causes that say nothing about what the customer published.
_OURS = frozenset(
    {
        CauseCode.OWN_TROUBLE,
        CauseCode.TOO_FEW_PERSPECTIVES,
        CauseCode.PERSPECTIVES_DISAGREE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What a check needs."""

    ledger: Ledger
    domains: Domains
    eyes: Eyes
    entropy: Entropy
    schedule: Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a scheduled round did."""

    looked_at: int
    proven: int
    left: int  # due, but not reached in time


def check_domain(account_id: int, domain_id: int, checks: Checks) -> DomainCheck:
    """Look for the domain's value and record what was seen.

    Raises Unavailable when others change the domain again and again.
    """
    domain = checks.domains.domain(account_id, domain_id)
    if domain is None:
        return DomainCheck(result=CheckResult.GONE)
    if value_is_used(domain):
        return DomainCheck(result=CheckResult.PROVEN)
    if not may_look(domain, checks.eyes.clock.now()):
        return DomainCheck(result=CheckResult.IDLE)
    look = look_at_names((authorization_of(domain),), eyes=checks.eyes)
    return _recorded(domain, look, checks)


def check_due_domains(checks: Checks, *, most: int, budget: timedelta) -> Round:
    """Look at the domains that are due, longest overdue first, until `budget` is used up.

    What is left is due next time, too.
    """
    started = checks.eyes.clock.now()
    found = checks.domains.domains_due(started + _EARLY, most)
    due = [one for one in found if _is_due(one, started + _EARLY)]
    reached = proven = 0
    for batch in _batches(due):
        if checks.eyes.clock.now() - started >= budget:
            break
        look = look_at_names([authorization_of(domain) for domain in batch], eyes=checks.eyes)
        for domain in batch:
            check = _attended(domain, look, checks)
            proven += check is not None and check.result is CheckResult.PROVEN
        reached += len(batch)
    return Round(looked_at=reached, proven=proven, left=len(due) - reached)


def _is_due(domain: Domain, moment: datetime) -> bool:
    """The index may lag: what it brings may have been looked at meanwhile."""
    return domain.next_look_at is not None and domain.next_look_at < moment


def _batches(due: Iterable[Domain]) -> Iterator[list[Domain]]:
    """In order, AT_ONCE at most, no name twice: a look tells names apart, not whose they are."""
    batch: list[Domain] = []
    for domain in due:
        if len(batch) == AT_ONCE or any(domain.name == other.name for other in batch):
            yield batch
            batch = []
        batch.append(domain)
    if batch:
        yield batch


def _attended(domain: Domain, look: Look, checks: Checks) -> DomainCheck | None:
    """One domain of a round; what others are changing is left to the next one."""
    try:
        return _recorded(domain, look, checks)
    except Unavailable:
        return None


def _recorded(domain: Domain, look: Look, checks: Checks) -> DomainCheck:
    """Write what the look showed of the domain as it stands by then."""
    for _ in range(_ATTEMPTS):
        (seen,) = after_look((authorization_of(domain),), look)
        seen = _reusable(seen)
        after = looked(domain, seen, look.finished_at, checks.schedule)
        proofs = _proofs(domain, seen)
        told = (_proven(after, seen, look.finished_at, checks.entropy),) if proofs else ()
        try:
            checks.ledger.commit(*domain_records(domain, after), *proofs, *told)
        except Conflict:
            newer = checks.domains.domain(domain.account_id, domain.domain_id)
            if newer is None:
                return DomainCheck(result=CheckResult.GONE)
            if value_is_used(newer):
                return DomainCheck(result=CheckResult.PROVEN)
            domain = newer
            continue
        return _told(seen)
    raise Unavailable(f"domain {domain.domain_id} is being changed by others")


def _reusable(seen: Authorization) -> Authorization:
    """A proof at the target of the name's CNAME counts for one order; for a domain it is none.

    The CNAME may lead elsewhere by the time of an order (BR 3.2.2.4, SC-101).
    """
    proof = seen.proof
    if proof is None or seen.last_look is None or covers(proof, seen.identifier):
        return seen
    telling = tell(
        CauseCode.VALUE_BEHIND_ALIAS,
        what=f"the record of {seen.identifier.base}",
        target=proof.authorization_domain,
        name=seen.identifier.base,
        value=proof.value,
    )
    summary = replace(
        seen.last_look,
        cause=telling.cause,
        explanation=telling.explanation,
        advice=telling.advice,
    )
    return replace(seen, status=AuthorizationStatus.PENDING, proof=None, last_look=summary)


def _proofs(domain: Domain, seen: Authorization) -> tuple[DomainProof, ...]:
    found = fresh_proofs(domain.account_id, 0, 0, before=(), after=(seen,))
    return tuple(
        DomainProof(
            account_id=each.account_id,
            authorization_domain=each.authorization_domain,
            proof=each.proof,
            domain_id=domain.domain_id,
        )
        for each in found
    )


def _proven(domain: Domain, seen: Authorization, now: datetime, entropy: Entropy) -> Change:
    """Kept for good, so it has what an auditor asks for (BR 5.4.1)."""
    assert domain.approval is not None
    assert seen.proof is not None
    evidence = {
        "br_section": seen.proof.br_section,
        "steps": list(seen.proof.steps),
        "quorum": seen.proof.quorum,
        "dnssec": str(seen.proof.dnssec),
        "perspectives": [
            {"perspective": one.perspective, "completed": one.completed, "passed": one.passed}
            for one in seen.proof.perspectives
        ],
    }
    return new_change(
        ChangeKind.DOMAIN_PROVEN,
        domain.account_id,
        {"domain_id": domain.domain_id, "name": domain.name, "evidence": evidence},
        now=now,
        entropy=entropy,
        subject=f"domain {domain.domain_id}",
        after=told_approval(domain.approval),
    )


def _told(seen: Authorization) -> DomainCheck:
    last = seen.last_look
    if seen.proof is not None:
        result = CheckResult.PROVEN
    elif last is None or last.cause in _OURS:
        result = CheckResult.UNCLEAR
    else:
        result = CheckResult.ABSENT
    if last is None:
        return DomainCheck(result=result)
    return DomainCheck(
        result=result, cause=last.cause, explanation=last.explanation, advice=last.advice
    )
