"""Organizations of an account: created by its people, found again when they are equal."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from ..domain.accounts import Principal
from ..domain.changes import ChangeKind
from ..domain.errors import not_found
from ..domain.organization import Contact, Organization, OrganizationCheck, OrganizationPlace
from ..ports import Accounts, Clock, Entropy, Ledger, Record, Reviews
from .account_changes import account_change
from .attempts import attempted
from .idempotency import OnceOnly
from .reviews import submit, submit_organization

#: What makes two organizations the same; ids, dates, people and what was validated do not.
_DESCRIBED_BY = (
    "name",
    "assumed_name",
    "english_name",
    "country",
    "address",
    "address2",
    "city",
    "state",
    "zip",
    "telephone",
    "contact",
)


def create_organization(
    wish: Organization,
    principal: Principal,
    *,
    duplicate: bool,
    checks: Collection[OrganizationCheck] = (),
    once: OnceOnly[Organization] | None = None,
    accounts: Accounts,
    reviews: Reviews,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> Organization:
    """The organization with an id of its own, or, unless `duplicate`, the account's equal one.

    `wish` is checked already and has no id; account and time are filled in here. With `checks` it
    is handed to operators at once, for which the wish's verified users may ask.
    """

    def attempt(now: datetime) -> tuple[Organization, tuple[Record, ...]]:
        described = replace(wish, account_id=principal.account_id, created_at=now)
        known = accounts.organizations_of(principal.account_id)
        same = None if duplicate else equal_one(described, known)
        if same is None:
            place = len(known) + 1
            return _made(described, checks, principal, place, ledger=ledger, entropy=entropy)
        if checks:
            submit_organization(
                same.organization_id,
                checks,
                wish.verified_users or None,
                principal,
                once=None,
                accounts=accounts,
                reviews=reviews,
                ledger=ledger,
                clock=clock,
                entropy=entropy,
            )
        return same, ()

    return attempted(attempt, once=once, what="the account", ledger=ledger, clock=clock)


def _made(
    wish: Organization,
    checks: Collection[OrganizationCheck],
    principal: Principal,
    place: int,
    *,
    ledger: Ledger,
    entropy: Entropy,
) -> tuple[Organization, tuple[Record, ...]]:
    """A new organization, submitted where checks are asked for, and what its commit needs."""
    ids = ledger.allocate(organizations=1, reviews=int(bool(checks)))
    numbered_wish = replace(wish, organization_id=ids.organizations[0])
    made, records = new_organization(numbered_wish, place, principal, entropy)
    if not checks:
        return made, records
    before, number = replace(made, version=0), ids.reviews[0]
    submitted = submit(
        before,
        checks,
        principal,
        review=None,
        review_id=number,
        now=made.created_at,
        entropy=entropy,
    )
    return submitted.organization, (*submitted.records, *records[1:])


def new_organization(
    wish: Organization, place: int, principal: Principal, entropy: Entropy
) -> tuple[Organization, tuple[Record, ...]]:
    """An organization that has an id, with its contacts numbered, and what its commit needs.

    `place` is one more than the account had when it was looked for among them. The organization
    itself is the first of the records.
    """
    made = replace(wish, contacts=numbered(wish.contacts), last_contact_id=len(wish.contacts))
    change = account_change(
        ChangeKind.ORGANIZATION_CREATED,
        principal,
        {"organization_id": made.organization_id},
        made.created_at,
        entropy,
        subject=subject_of(made),
        after={"name": made.name, "country": made.country},
    )
    taken = OrganizationPlace(
        account_id=made.account_id, place=place, organization_id=made.organization_id
    )
    return made, (made, change, taken)


def equal_one(wish: Organization, known: Iterable[Organization]) -> Organization | None:
    """The active organization that `wish` describes, if there is one; its contacts are there.

    A wish without a container is for any.
    """
    return next((each for each in known if each.active and _describes(wish, each)), None)


def _describes(wish: Organization, known: Organization) -> bool:
    if wish.container_id not in {0, known.container_id}:
        return False
    people = {replace(one, contact_id=0) for one in known.contacts}
    same = all(getattr(known, name) == getattr(wish, name) for name in _DESCRIBED_BY)
    return same and people.issuperset(wish.contacts)


def numbered(contacts: tuple[Contact, ...], first: int = 1) -> tuple[Contact, ...]:
    """Contacts with their numbers within an organization."""
    return tuple(replace(one, contact_id=number) for number, one in enumerate(contacts, first))


def read_organization(organization_id: int, account_id: int, *, accounts: Accounts) -> Organization:
    """An organization of that account. Raises not_found."""
    found = accounts.organization(account_id, organization_id)
    if found is None:
        raise not_found("organization")
    return found


def subject_of(organization: Organization) -> str:
    """As changes name it."""
    return f"organization {organization.organization_id}"
