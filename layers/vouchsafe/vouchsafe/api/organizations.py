"""Organizations: created, listed, read, changed, and submitted for validation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..dependencies import OrganizationsApi
from ..domain.errors import Flaw, invalid
from ..domain.organization import Organization
from ..domain.policy_lists import folded_organization
from ..services.containers import owned, placing
from ..services.key_rules import person
from ..services.organization_changes import add_contact, remove_contact, set_active
from ..services.organizations import create_organization, read_organization
from ..services.reviews import submit_organization
from .account_schemas import ContactBody, OrganizationBody
from .call import Answer, Call, answer_json, as_id
from .containers import own_tree
from .idempotency import once_only
from .organization_reading import (
    Users,
    people_missing,
    read_asked,
    read_contact,
    read_description,
)
from .organization_rows import contact_row, organization_row, validation_rows
from .paging import paged, says_yes
from .reading import read_part
from .vetting_schemas import SubmissionBody

_STATUSES = ("active", "inactive", "approved")
_STANDINGS = ("active", "pending", "expired", "rejected", "none")


def list_organizations(call: Call, deps: OrganizationsApi) -> Answer:
    """GET organization: filters on status, name and validation, container_id, a page."""
    flaws = [
        Flaw(name, f"must be one of {', '.join(words)}")
        for name, words in (("filters[status]", _STATUSES), ("filters[validation]", _STANDINGS))
        if (given := _filter(call, name)) and given not in words
    ]
    if flaws:
        raise invalid(*flaws)
    now = deps.clock.now()
    found = deps.accounts.organizations_of(call.principal.account_id)
    return _listed(call, [each for each in found if _meant(each, call, now)], deps)


def _filter(call: Call, name: str) -> str:
    return call.query.get(name, "").strip().lower()


def _meant(organization: Organization, call: Call, now: datetime) -> bool:
    """Whether the filters let it pass; `approved` is the vendor's other word for active."""
    status, standing = _filter(call, "filters[status]"), _filter(call, "filters[validation]")
    if status and organization.active is (status == "inactive"):
        return False
    name = folded_organization(call.query.get("filters[name]", ""))
    if name and not any(name in folded_organization(each) for each in organization.names):
        return False
    stands = {row["status"] for row in validation_rows(organization, now)} or {"none"}
    return not standing or standing in stands


def list_orderable(call: Call, deps: OrganizationsApi) -> Answer:
    """GET container/{id}/order/organization: those one may order for, which are validated."""
    owned(call.number("container"), call.principal, ledger=deps.ledger)
    now, found = deps.clock.now(), deps.accounts.organizations_of(call.principal.account_id)
    return _listed(call, [each for each in found if each.is_validated(now)], deps)


def _listed(call: Call, found: list[Organization], deps: OrganizationsApi) -> Answer:
    now, tree = deps.clock.now(), own_tree(call, deps)
    wanted = call.query.get("container_id", "").strip()
    meant = [each for each in found if wanted in {"", "0", str(each.container_id)}]
    rows, page = paged(meant, call.query)
    full = says_yes(call.query, "include_validation", default=True)
    listed = [organization_row(each, tree, now, with_validations=full) for each in rows]
    return answer_json({"organizations": listed, "page": page})


def read(call: Call, deps: OrganizationsApi) -> Answer:
    """GET organization/{id}."""
    found = _own(call, deps)
    return answer_json(organization_row(found, own_tree(call, deps), deps.clock.now()))


def read_validation(call: Call, deps: OrganizationsApi) -> Answer:
    """GET organization/{id}/validation."""
    found = _own(call, deps)
    return answer_json({"validations": validation_rows(found, deps.clock.now())})


def _own(call: Call, deps: OrganizationsApi) -> Organization:
    number = call.number("organization")
    return read_organization(number, call.principal.account_id, accounts=deps.accounts)


def _users(call: Call, deps: OrganizationsApi) -> Users:
    return lambda number: person(call.principal.account_id, number, accounts=deps.accounts)


def create(call: Call, deps: OrganizationsApi) -> Answer:
    """POST organization: its id; that of an equal one, unless a duplicate is asked for."""
    body, flaws, warnings = read_part(OrganizationBody, call.body())
    users = _users(call, deps)
    wish = read_description(body, deps.clock.now(), users, flaws)
    asked = read_asked(body.validations, users, flaws, warnings)
    flaws += people_missing(asked, ())
    given = None if body.container is None else body.container.id
    container = placing(given, call.principal, ledger=deps.ledger)
    if isinstance(container, Flaw):
        raise invalid(*flaws, container)
    if flaws:
        raise invalid(*flaws)

    def answer(made: Organization) -> Answer:
        return answer_json({"id": made.organization_id, "warnings": warnings}, 201)

    number = container.container_id
    made = create_organization(
        replace(wish, container_id=number, verified_users=asked.people or ()),
        call.principal,
        duplicate=bool(body.skip_duplicate_org_check),
        checks=asked.checks,
        once=once_only(call, answer),
        accounts=deps.accounts,
        reviews=deps.reviews,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return answer(made)


def activate(call: Call, deps: OrganizationsApi) -> Answer:
    """PUT organization/{id}/activate."""
    return _switched(call, deps, active=True)


def deactivate(call: Call, deps: OrganizationsApi) -> Answer:
    """PUT organization/{id}/deactivate: nobody orders for it until it is active again."""
    return _switched(call, deps, active=False)


def _switched(call: Call, deps: OrganizationsApi, *, active: bool) -> Answer:
    set_active(
        call.number("organization"),
        call.principal,
        active=active,
        once=once_only(call, _done),
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return _done(None)


def _done(_: object) -> Answer:
    return Answer(status=204)


def list_contacts(call: Call, deps: OrganizationsApi) -> Answer:
    """GET organization/{id}/contact: the further people; the first one is in the details."""
    rows, page = paged(_own(call, deps).contacts, call.query)
    return answer_json({"contacts": [contact_row(each) for each in rows], "page": page})


def make_contact(call: Call, deps: OrganizationsApi) -> Answer:
    """POST organization/{id}/contact."""
    number = _own(call, deps).organization_id
    body, flaws, warnings = read_part(ContactBody, call.body())
    contact = read_contact(body, _users(call, deps), flaws)
    if flaws:
        raise invalid(*flaws)

    def answer(after: Organization) -> Answer:
        return answer_json({"id": after.last_contact_id, "warnings": warnings}, 201)

    after = add_contact(
        number,
        contact,
        call.principal,
        once=once_only(call, answer),
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return answer(after)


def drop_contact(call: Call, deps: OrganizationsApi) -> Answer:
    """DELETE organization/{id}/contact/{contact}."""
    number = _own(call, deps).organization_id
    remove_contact(
        number,
        as_id(call.parts["contact"]) or 0,
        call.principal,
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return _done(None)


def submit(call: Call, deps: OrganizationsApi) -> Answer:
    """POST organization/{id}/validation: operators are asked for the checks."""
    organization = _own(call, deps)
    body, flaws, warnings = read_part(SubmissionBody, call.body())
    asked = read_asked(body.validations, _users(call, deps), flaws, warnings)
    if not asked.checks and not flaws:
        flaws.append(Flaw("validations", "must name ov or ev"))
    flaws += people_missing(asked, organization.verified_users)
    if flaws:
        raise invalid(*flaws)
    submit_organization(
        organization.organization_id,
        asked.checks,
        asked.people,
        call.principal,
        once=once_only(call, _done),
        accounts=deps.accounts,
        reviews=deps.reviews,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return _done(None)
