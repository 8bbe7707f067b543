"""Domains: names an account proves once, ahead of any order, and orders then rely on.

A domain does not hold its proof. Proofs stand by authorization domain (`proofs.DomainProof`), so
that orders and domains share them; what a domain keeps of one is its headline, for lists.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import zip_longest

from .authorization import Authorization, DcvMethodName, LookSummary, Mailing, Proof, RandomValue
from .calendar import rules_at
from .identifiers import Identifier
from .methods import LOOKED_UP
from .products import ValidationLevel
from .proofs import Proofs, proof_for
from .schedule import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """The headline of the proof by which a domain was last shown to be controlled."""

    proven_at: datetime
    method: DcvMethodName
    authorization_domain: str
    value: str
    told: int = 0  # how many of its notices about its age were given; see domain.domain_ages


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainListing:
    """What lists show of a domain: small, and all of a page in one read."""

    domain_id: int
    account_id: int
    place: int  # counts the account's domains as they came; a removed one leaves a gap
    name: str  # lower-case A-labels, no wildcard
    container_id: int
    container_name: str = ""  # as it was when the domain was made
    organization_id: int | None = None
    organization_name: str = ""  # likewise
    active: bool = True
    method: DcvMethodName
    kinds: tuple[ValidationLevel, ...]  # what its proof is to serve
    verified_user_id: int | None = None  # the customer's person, for EV
    created_at: datetime
    approval: Approval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain(DomainListing):
    """One name of an account; there is one domain for each (account, name).

    `random_value` is missing on a domain that came behind an order's proof and never had its own.
    `next_look_at` is set while something is to be looked for.
    """

    random_value: RandomValue | None = None
    locale: str = "en"  # of mails
    emails: tuple[str, ...] = ()  # mailboxes chosen, by e-mail only
    mailings: tuple[Mailing, ...] = ()  # by e-mail only: the mails of one value …
    mailings_of: datetime | None = None  # … the one made at this time
    mailed_again_at: datetime | None = None
    looks: int = 0
    next_look_at: datetime | None = None
    last_look: LookSummary | None = None
    version: int = 1

    @property
    def is_kept(self) -> bool:
        """Whether somebody added it or gave it a value, rather than only ordering for it."""
        return self.random_value is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainRemoval:
    """A domain is forgotten as it was read, together with the proof that stands under its name."""

    domain: Domain


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofHold:
    """Whether an account holds the proof of a domain back from what is ordered from now on.

    Stands beside the proof and outlives its renewal. Always replaces what was said before.
    """

    account_id: int
    authorization_domain: str
    held: bool


class CheckResult(StrEnum):
    """What came of a look for a domain's value."""

    PROVEN = "proven"
    ABSENT = "absent"  # looked, and it is not there
    UNCLEAR = "unclear"  # could not look well enough; nothing is known yet
    IDLE = "idle"  # there is nothing to look for: no living value, inactive, by e-mail
    GONE = "gone"  # no such domain


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainCheck:
    """A look's result, and the cause of it in words a person can act on."""

    result: CheckResult
    cause: str = ""
    explanation: str = ""
    advice: str = ""


class DcvStanding(StrEnum):
    """How control of a domain stands."""

    PENDING = "pending"
    COMPLETE = "complete"
    EXPIRED = "expired"


def listing_of(domain: Domain) -> DomainListing:
    """The part of a domain that lists show."""
    return DomainListing(**{one.name: getattr(domain, one.name) for one in fields(DomainListing)})


def approval_of(proof: Proof) -> Approval:
    """A proof's headline."""
    return Approval(
        proven_at=proof.proven_at,
        method=proof.method,
        authorization_domain=proof.authorization_domain,
        value=proof.value,
    )


def approved_until(approval: Approval, now: datetime) -> datetime:
    """Until when an approval counts, by the limit of the day (BR 4.2.1)."""
    return approval.proven_at + timedelta(days=rules_at(now).reuse_days)


def dcv_standing(approval: Approval | None, now: datetime) -> DcvStanding:
    """How control stands at `now`; e-mail's day may be over altogether (BR 3.2.2.4.4)."""
    if approval is None:
        return DcvStanding.PENDING
    void = approval.method is DcvMethodName.EMAIL and not rules_at(now).email_methods
    over = void or now >= approved_until(approval, now)
    return DcvStanding.EXPIRED if over else DcvStanding.COMPLETE


def current_approval(domain: Domain, proofs: Proofs, now: datetime) -> Approval | None:
    """By what the domain counts as controlled at `now`, or counted last.

    `proofs` are the account's for the name and its parents. An approval by a parent's proof goes
    with that proof.
    """
    covering = proof_for(Identifier(domain.name), proofs, now)
    if covering is not None:
        return approval_of(covering)
    noted = domain.approval
    own = noted is not None and (noted.authorization_domain == domain.name or not domain.active)
    return noted if own else None


def value_is_used(domain: Domain) -> bool:
    """Whether the domain's value has proven it already."""
    value, approval = domain.random_value, domain.approval
    return value is not None and approval is not None and approval.value == value.value


def may_look(domain: Domain, now: datetime) -> bool:
    """Whether there is something to look for: a living, unused value that is published."""
    value = domain.random_value
    if value is None or not domain.active or domain.method not in LOOKED_UP:
        return False
    return now < value.expires_at and not value_is_used(domain)


def in_turns[T](items: Iterable[T], whose: Callable[[T], Hashable]) -> Iterator[T]:
    """The items with their owners taking turns; those of one owner stay in their order."""
    lines: dict[Hashable, list[tuple[T]]] = {}
    for item in items:
        lines.setdefault(whose(item), []).append((item,))
    for turn in zip_longest(*lines.values()):
        yield from (one[0] for one in turn if one is not None)


def authorization_of(domain: Domain) -> Authorization:
    """The domain as a name to be proven."""
    return Authorization(
        identifier=Identifier(domain.name),
        method=domain.method,
        random_value=domain.random_value,
        last_look=domain.last_look,
    )


def with_value(domain: Domain, value: RandomValue, first_look_at: datetime) -> Domain:
    """With a new value; the old one is void, and what was seen of it says nothing any more."""
    looked_up = domain.active and domain.method in LOOKED_UP
    return replace(
        domain,
        random_value=value,
        looks=0,
        last_look=None,
        next_look_at=first_look_at if looked_up else None,
        version=domain.version + 1,
    )


def with_activity(domain: Domain, *, active: bool, first_look_at: datetime) -> Domain:
    """Switched on or off. What is off is not looked for; switched on, looking goes on."""
    after = replace(domain, active=active, next_look_at=None, version=domain.version + 1)
    if may_look(after, first_look_at):
        return replace(after, next_look_at=first_look_at)
    return after


def approved(domain: Domain, approval: Approval) -> Domain:
    """With a newer approval; nothing is looked for any more if it used the domain's value."""
    after = replace(domain, approval=approval, version=domain.version + 1)
    return replace(after, next_look_at=None) if value_is_used(after) else after


def looked(domain: Domain, seen: Authorization, now: datetime, schedule: Schedule) -> Domain:
    """The domain after a look at `now` that left `seen`: approved, or to be looked at again.

    The gaps are those of orders; the last look falls on the end of the value's life.
    """
    after = replace(
        domain,
        looks=domain.looks + 1,
        last_look=seen.last_look,
        next_look_at=None,
        version=domain.version + 1,
    )
    if seen.proof is not None:
        return replace(after, approval=approval_of(seen.proof))
    if not may_look(after, now):
        return after
    assert after.random_value is not None
    due = schedule.next_look(now, after.looks, after.random_value.expires_at)
    return replace(after, next_look_at=due)
