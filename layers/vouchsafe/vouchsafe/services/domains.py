"""Adding domains to an account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.accounts import Principal, User
from ..domain.authorization import DcvMethodName, Proof
from ..domain.changes import ChangeKind
from ..domain.domains import Domain, approval_of, may_look
from ..domain.errors import Conflict, Flaw, invalid
from ..domain.identifiers import Identifier
from ..domain.products import ValidationLevel
from ..domain.proofs import Standing, domains_to_ask, proof_for
from ..domain.records import new_random_value
from ..domain_ports import Domains
from ..ports import Accounts, Clock, Entropy, Ledger
from .containers import placed_in
from .domain_records import domain_change, domain_records
from .idempotency import OnceOnly, answered, used


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainWish:
    """What is asked for with a new domain; the name is a lower-case A-label one, no wildcard."""

    name: str
    method: DcvMethodName
    kinds: tuple[ValidationLevel, ...]
    organization_id: int | None = None
    container_id: int | None = None  # None: the caller's own
    verified_user_id: int | None = None
    verified_user_field: str = ""  # where it stood in the request
    locale: str = "en"
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A domain that was added. `covered_by`: the domain whose proof covers it already, or ""."""

    domain: Domain
    covered_by: str = ""


def add_domain(
    wish: DomainWish,
    principal: Principal,
    *,
    first_gap: timedelta,
    once: OnceOnly[Added] | None,
    accounts: Accounts,
    ledger: Ledger,
    domains: Domains,
    clock: Clock,
    entropy: Entropy,
) -> Added:
    """The new domain with its value. Raises INVALID with every flaw, also for a name that is a
    domain of the account already; Conflict when a twin under one key was faster."""
    now = clock.now()
    standing = ledger.standing(
        principal.account_id,
        domains_to_ask([Identifier(wish.name)]),
        organization_id=wish.organization_id,
        container_id=wish.container_id or principal.container_id,
    )
    _check(wish, principal, standing, accounts)
    (place,) = domains.domain_places(principal.account_id, 1)
    added = _new(wish, principal, standing, place=place, now=now, ledger=ledger, entropy=entropy)
    domain = replace(added.domain, next_look_at=_first_look(added.domain, now, first_gap))
    added = replace(added, domain=domain)
    change = domain_change(ChangeKind.DOMAIN_ADDED, principal, now, entropy, after=domain)
    try:
        ledger.commit(change, *domain_records(None, domain), *used(once, added, now))
    except Conflict:
        _check_free(wish.name, principal, once, ledger, domains)
        raise
    return added


def _check(wish: DomainWish, principal: Principal, standing: Standing, accounts: Accounts) -> None:
    flaws = []
    container = placed_in(standing, principal)
    if isinstance(container, Flaw):
        flaws.append(container)
    if wish.organization_id is not None and standing.organization is None:
        flaws.append(Flaw("organization.id", "is not an organization of this account"))
    if wish.verified_user_id is not None:
        person: User | None = accounts.user(principal.account_id, wish.verified_user_id)
        if person is None:
            flaws.append(Flaw(wish.verified_user_field, "is not a person of this account"))
    if flaws:
        raise invalid(*flaws)


def _new(
    wish: DomainWish,
    principal: Principal,
    standing: Standing,
    *,
    place: int,
    now: datetime,
    ledger: Ledger,
    entropy: Entropy,
) -> Added:
    covering = proof_for(Identifier(wish.name), standing.proofs, now)
    organization = standing.organization
    container = standing.line[0]
    domain = Domain(
        domain_id=ledger.allocate(domains=1).domains[0],
        account_id=principal.account_id,
        place=place,
        name=wish.name,
        container_id=container.container_id,
        container_name=container.name,
        organization_id=wish.organization_id,
        organization_name=organization.name if organization else "",
        method=wish.method,
        kinds=wish.kinds,
        verified_user_id=wish.verified_user_id,
        created_at=now,
        approval=None if covering is None else approval_of(covering),
        random_value=new_random_value(entropy, now),
        locale=wish.locale,
        emails=wish.emails,
    )
    return Added(domain=domain, covered_by=_domain_of(covering))


def _domain_of(proof: Proof | None) -> str:
    return "" if proof is None else proof.authorization_domain


def _first_look(domain: Domain, now: datetime, first_gap: timedelta) -> datetime | None:
    """What is proven already is looked for only when somebody asks."""
    if domain.approval is not None or not may_look(domain, now):
        return None
    return now + first_gap


def _check_free(
    name: str,
    principal: Principal,
    once: OnceOnly[Added] | None,
    ledger: Ledger,
    domains: Domains,
) -> None:
    """Raises INVALID when the name is a domain already, unless a twin under this key made it."""
    if answered(once, ledger=ledger):
        return
    known = domains.known_domains(principal.account_id, [name]).get(name)
    if known is not None:
        raise invalid(Flaw("name", f"is domain {known} of this account already"))
