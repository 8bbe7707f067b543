"""Organizations of an account: created by its people, validated by operators."""

from __future__ import annotations

from dataclasses import replace

from ..domain.accounts import Principal
from ..domain.changes import ChangeKind
from ..domain.errors import not_found
from ..domain.organization import Organization, OrganizationValidation
from ..ports import Accounts, Clock, Entropy, Ledger
from .account_changes import account_change
from .idempotency import OnceOnly, used

#: What makes two organizations the same; ids, dates and what was validated do not.
_OWN = {"organization_id": 0, "version": 1, "validations": ()}


def create_organization(
    wish: Organization,
    principal: Principal,
    *,
    duplicate: bool,
    once: OnceOnly[Organization] | None = None,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> Organization:
    """The organization with an id of its own, or, unless `duplicate`, the account's equal one.

    `wish` is checked already and has no id; account and time are filled in here.
    """
    now = clock.now()
    wish = replace(wish, account_id=principal.account_id, created_at=now)
    if not duplicate and (same := _same(wish, accounts)) is not None:
        if once is not None:
            ledger.commit(*used(once, same, now))
        return same
    number = ledger.allocate(organizations=1).organizations[0]
    made = replace(wish, organization_id=number)
    data: dict[str, object] = {"organization_id": number}
    change = account_change(ChangeKind.ORGANIZATION_CREATED, principal, data, now, entropy)
    ledger.commit(made, change, *used(once, made, now))
    return made


def _same(wish: Organization, accounts: Accounts) -> Organization | None:
    for each in accounts.organizations_of(wish.account_id):
        if replace(each, created_at=wish.created_at, **_OWN) == replace(wish, **_OWN):  # type: ignore[arg-type]
            return each
    return None


def read_organization(organization_id: int, account_id: int, *, accounts: Accounts) -> Organization:
    """An organization of that account. Raises not_found."""
    found = accounts.organization(account_id, organization_id)
    if found is None:
        raise not_found("organization")
    return found


def record_validation(
    organization: Organization,
    validation: OrganizationValidation,
    principal: Principal,
    *,
    once: OnceOnly[Organization] | None = None,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> Organization:
    """Keep what an operator found; it replaces what was found before by the same check.

    Raises Conflict when the organization changed meanwhile.
    """
    kept = tuple(v for v in organization.validations if v.check is not validation.check)
    after = replace(organization, validations=(*kept, validation), version=organization.version + 1)
    data: dict[str, object] = {
        "organization_id": organization.organization_id,
        "check": validation.check.value,
    }
    now = clock.now()
    change = account_change(ChangeKind.ORGANIZATION_VALIDATED, principal, data, now, entropy)
    change = replace(change, account_id=organization.account_id)
    ledger.commit(after, change, *used(once, after, now))
    return after
