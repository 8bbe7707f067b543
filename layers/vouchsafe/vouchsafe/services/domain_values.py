"""How a domain is to be proven: another value, another method, further kinds; and a look, now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.accounts import Principal
from ..domain.authorization import DcvMethodName
from ..domain.changes import ChangeKind
from ..domain.domains import (
    CheckResult,
    DcvStanding,
    Domain,
    DomainCheck,
    dcv_standing,
    may_look,
    value_is_used,
    with_value,
)
from ..domain.errors import Flaw, Unavailable, invalid
from ..domain.methods import ENGINES, LOOKED_UP
from ..domain.products import ValidationLevel
from ..domain.records import new_random_value
from ..domain_ports import DomainChecker, Domains
from ..ports import Accounts, Clock, Entropy, Ledger
from .domain_changes import change_domain
from .domain_records import read_domain, refused
from .idempotency import OnceOnly
from .resending import cool_down


def renew_value(
    domain_id: int,
    principal: Principal,
    *,
    method: DcvMethodName | None = None,
    first_gap: timedelta,
    once: OnceOnly[Domain] | None = None,
    ledger: Ledger,
    domains: Domains,
    clock: Clock,
    entropy: Entropy,
) -> Domain:
    """The domain with a new value, to be published by `method` if one is given; the old is void.

    What was proven stays so. Raises not_found, CONFLICT for a domain that is switched off, INVALID
    for a method that is not in service.
    """
    if method is not None and method not in ENGINES:
        raise invalid(Flaw("dcv_method", "is not available in this deployment yet"))

    def renewed(domain: Domain, now: datetime) -> Domain:
        return _renewed(domain, method, now, first_gap, entropy)

    return change_domain(
        domain_id,
        principal,
        renewed,
        ChangeKind.DOMAIN_CHANGED,
        once=once,
        ledger=ledger,
        domains=domains,
        clock=clock,
        entropy=entropy,
    )


def _renewed(
    domain: Domain,
    method: DcvMethodName | None,
    now: datetime,
    first_gap: timedelta,
    entropy: Entropy,
) -> Domain:
    if not domain.active:
        raise refused("The domain is not active.")
    chosen = replace(domain, method=method or domain.method)
    if chosen.method is DcvMethodName.EMAIL:  # which sends mails
        cool_down(domain.mailed_again_at, now)
        chosen = replace(chosen, mailed_again_at=now)
    return with_value(chosen, new_random_value(entropy, now), now + first_gap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Kinds that a domain's proof is to serve, too; with a method, a new value comes along."""

    kinds: tuple[ValidationLevel, ...]
    verified_user_id: int | None = None
    verified_user_field: str = ""  # where it stood in the request
    method: DcvMethodName | None = None


def submit_for(
    domain_id: int,
    principal: Principal,
    submission: Submission,
    *,
    first_gap: timedelta,
    once: OnceOnly[Domain] | None = None,
    accounts: Accounts,
    ledger: Ledger,
    domains: Domains,
    clock: Clock,
    entropy: Entropy,
) -> Domain:
    """The domain as it was submitted.

    Raises not_found, CONFLICT for a new value of a domain that is switched off, and INVALID for an
    unknown person, or for OV and EV without an organization.
    """

    def submitted(domain: Domain, now: datetime) -> Domain:
        after = _serving(domain, submission)
        if submission.method is not None:
            return _renewed(after, submission.method, now, first_gap, entropy)
        return domain if after == domain else replace(after, version=domain.version + 1)

    read_domain(domain_id, principal, domains=domains)
    person = submission.verified_user_id
    if person is not None and accounts.user(principal.account_id, person) is None:
        raise invalid(Flaw(submission.verified_user_field, "is not a person of this account"))
    return change_domain(
        domain_id,
        principal,
        submitted,
        ChangeKind.DOMAIN_CHANGED,
        once=once,
        ledger=ledger,
        domains=domains,
        clock=clock,
        entropy=entropy,
    )


def _serving(domain: Domain, submission: Submission) -> Domain:
    """With the kinds and the person that are submitted; its version is the caller's."""
    if domain.organization_id is None and set(submission.kinds) != {ValidationLevel.DV}:
        raise invalid(Flaw("validations", "only dv is possible without an organization"))
    kinds = {*domain.kinds, *submission.kinds}
    person = submission.verified_user_id or domain.verified_user_id
    every = tuple(kind for kind in ValidationLevel if kind in kinds)
    return replace(domain, kinds=every, verified_user_id=person)


def look_now(
    domain_id: int,
    principal: Principal,
    *,
    given_value: str | None = None,
    given_method: DcvMethodName | None = None,
    domains: Domains,
    checker: DomainChecker,
    clock: Clock,
) -> tuple[Domain, DomainCheck]:
    """Look for the domain's value, unless it has proven the domain already; what came of it.

    `given_value` and `given_method` are what the caller believes to be looked for. Raises
    not_found, INVALID where that is wrong, CONFLICT where there is nothing to look for.
    """
    domain = read_domain(domain_id, principal, domains=domains)
    _check_given(domain, given_value, given_method)
    now = clock.now()
    counts = domain.active and dcv_standing(domain.approval, now) is DcvStanding.COMPLETE
    if counts and value_is_used(domain):
        return domain, DomainCheck(result=CheckResult.PROVEN)
    if not may_look(domain, now):
        raise refused(_why_not(domain))
    try:
        return domain, checker.check(domain.account_id, domain.domain_id)
    except Unavailable:
        return domain, DomainCheck(
            result=CheckResult.UNCLEAR,
            explanation="The look has not ended yet.",
            advice="Ask again in a minute.",
        )


def _check_given(domain: Domain, value: str | None, method: DcvMethodName | None) -> None:
    flaws = []
    if value is not None and (domain.random_value is None or value != domain.random_value.value):
        flaws.append(Flaw("token", "is not the domain's value"))
    if method is not None and method is not domain.method:
        flaws.append(Flaw("dcv_method", "is not the domain's method"))
    if flaws:
        raise invalid(*flaws)


def _why_not(domain: Domain) -> str:
    if not domain.active:
        return "The domain is not active."
    if domain.method not in LOOKED_UP:
        return "The domain is proven by e-mail; there is nothing to look for."
    if domain.random_value is None:
        return "The domain has no value of its own yet; ask for one."
    if value_is_used(domain):
        return "The domain's value has proven it, but too long ago; ask for a new one."
    return "The domain's value is older than 30 days; ask for a new one."
