"""What an account's people change about its organizations: whether active, and the contacts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..domain.accounts import Principal
from ..domain.changes import ChangeKind
from ..domain.errors import Flaw, invalid, not_found
from ..domain.organization import Contact, Organization
from ..ports import Accounts, Clock, Entropy, Ledger, Record
from .account_changes import account_change
from .attempts import attempted
from .idempotency import OnceOnly
from .organizations import numbered, read_organization, subject_of

MOST_CONTACTS = 50


def set_active(
    organization_id: int,
    principal: Principal,
    *,
    active: bool,
    once: OnceOnly[Organization] | None,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> Organization:
    """Activate or deactivate; what is so already stays so. Raises not_found.

    Nobody orders for an inactive organization, and operators do not approve it.
    """

    def alter(before: Organization) -> Organization:
        return replace(before, active=active)

    return _changed(
        organization_id,
        principal,
        alter,
        lambda o: {"is_active": o.active},
        once=once,
        accounts=accounts,
        ledger=ledger,
        clock=clock,
        entropy=entropy,
    )


def add_contact(
    organization_id: int,
    contact: Contact,
    principal: Principal,
    *,
    once: OnceOnly[Organization] | None,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> Organization:
    """A further person of the organization, the last of its contacts.

    Raises not_found, and INVALID for more than MOST_CONTACTS.
    """

    def alter(before: Organization) -> Organization:
        if len(before.contacts) >= MOST_CONTACTS:
            raise invalid(Flaw("contacts", f"an organization has {MOST_CONTACTS} at most"))
        number = before.last_contact_id + 1
        added = (*before.contacts, *numbered((contact,), number))
        return replace(before, contacts=added, last_contact_id=number)

    return _changed(
        organization_id,
        principal,
        alter,
        _contacts_told,
        once=once,
        accounts=accounts,
        ledger=ledger,
        clock=clock,
        entropy=entropy,
    )


def remove_contact(
    organization_id: int,
    contact_id: int,
    principal: Principal,
    *,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> Organization:
    """The organization without that further person. Raises not_found."""

    def alter(before: Organization) -> Organization:
        rest = tuple(one for one in before.contacts if one.contact_id != contact_id)
        if len(rest) == len(before.contacts):
            raise not_found("contact")
        return replace(before, contacts=rest)

    return _changed(
        organization_id,
        principal,
        alter,
        _contacts_told,
        once=None,
        accounts=accounts,
        ledger=ledger,
        clock=clock,
        entropy=entropy,
    )


def _contacts_told(organization: Organization) -> dict[str, Any]:
    return {"contacts": [one.contact_id for one in organization.contacts]}


def _changed(
    organization_id: int,
    principal: Principal,
    alter: Callable[[Organization], Organization],
    told: Callable[[Organization], dict[str, Any]],
    *,
    once: OnceOnly[Organization] | None,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> Organization:
    """The organization as `alter` makes it, written with a change; again if another one wrote."""

    def attempt(now: datetime) -> tuple[Organization, tuple[Record, ...]]:
        before = read_organization(organization_id, principal.account_id, accounts=accounts)
        after = alter(before)
        if after == before:
            return before, ()
        after = replace(after, version=before.version + 1)
        change = account_change(
            ChangeKind.ORGANIZATION_CHANGED,
            principal,
            {"organization_id": organization_id},
            now,
            entropy,
            subject=subject_of(after),
            before=told(before),
            after=told(after),
        )
        return after, (after, change)

    what = f"organization {organization_id}"
    return attempted(attempt, once=once, what=what, ledger=ledger, clock=clock)
