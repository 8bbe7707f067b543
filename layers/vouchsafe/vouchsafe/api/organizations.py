"""Organizations: created, listed, read with how their validation stands."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from ..dependencies import AccountsApi
from ..domain.accounts import Account
from ..domain.addresses import check_address
from ..domain.errors import Flaw, invalid
from ..domain.organization import (
    LONGEST_NAME,
    LONGEST_WITH_ASSUMED,
    Contact,
    Organization,
    OrganizationCheck,
    OrganizationValidation,
)
from ..services.organizations import create_organization, read_organization
from .account_schemas import ContactPart, OrganizationBody
from .call import Answer, Call, answer_json
from .dialect import timestamp
from .idempotency import once_only
from .paging import paged, says_yes, without_nothing
from .people import container, own_account, own_container
from .reading import validated

#: X.520 upper bounds, and ours where it has none.
_LONGEST = {
    "address": 128,
    "address2": 128,
    "city": 128,
    "state": 128,
    "zip": 40,
    "telephone": 32,
    "first_name": 64,
    "last_name": 64,
    "job_title": 64,
    "telephone_extension": 16,
}
#: Kept as they came, without spaces around them.
_TEXTS = {"name", "assumed_name", "address", "address2", "city", "state", "zip", "telephone"}
_REQUIRED = ("name", "country", "address", "city", "telephone")
_OF_CONTACT = ("first_name", "last_name", "email", "telephone")
_STATUSES = ("active", "inactive", "approved")
_COUNTRY_LETTERS = 2
_CHECKS = {
    OrganizationCheck.OV: ("OV", "Normal Organization Validation"),
    OrganizationCheck.EV: ("EV", "Extended Organization Validation (EV)"),
}


def list_organizations(call: Call, deps: AccountsApi) -> Answer:
    """GET organization, with include_validation, container_id and filters[status]."""
    account = own_account(call, deps)
    status = call.query.get("filters[status]", "").lower()
    if status and status not in _STATUSES:
        raise invalid(Flaw("filters[status]", f"must be one of {', '.join(_STATUSES)}"))
    return _listed(call, account, deps, validated_only=False, none=status == "inactive")


def list_orderable(call: Call, deps: AccountsApi) -> Answer:
    """GET container/{id}/order/organization: those one may order for, which are validated."""
    return _listed(call, own_container(call, deps), deps, validated_only=True, none=False)


def _listed(
    call: Call, account: Account, deps: AccountsApi, *, validated_only: bool, none: bool
) -> Answer:
    now = deps.clock.now()
    wanted = call.query.get("container_id", "").strip()
    foreign = wanted not in {"", "0", str(account.root_container_id)}
    found = [] if none or foreign else deps.accounts.organizations_of(account.account_id)
    meant = [each for each in found if not validated_only or each.is_validated(now)]
    rows, page = paged(meant, call.query)
    full = says_yes(call.query, "include_validation", default=True)
    listed = [organization_row(each, account, now, with_validations=full) for each in rows]
    return answer_json({"organizations": listed, "page": page})


def read(call: Call, deps: AccountsApi) -> Answer:
    """GET organization/{id}."""
    found = _own(call, deps)
    return answer_json(organization_row(found, own_account(call, deps), deps.clock.now()))


def read_validation(call: Call, deps: AccountsApi) -> Answer:
    """GET organization/{id}/validation."""
    found, now = _own(call, deps), deps.clock.now()
    return answer_json({"validations": [validation_row(v, now) for v in found.validations]})


def _own(call: Call, deps: AccountsApi) -> Organization:
    number = call.number("organization")
    return read_organization(number, call.principal.account_id, accounts=deps.accounts)


def organization_row(
    organization: Organization, account: Account, now: datetime, *, with_validations: bool = True
) -> dict[str, Any]:
    """An organization as lists and details show it."""
    own = container(account)
    reference = {name: own[name] for name in ("id", "parent_id", "name", "is_active")}
    texts = ("assumed_name", "address", "address2", "city", "state", "zip", "telephone")
    validations = [validation_row(v, now) for v in organization.validations]
    row = {
        "id": organization.organization_id,
        "status": "active",
        "name": organization.name,
        "display_name": organization.display_name,
        "is_active": True,
        **{name: getattr(organization, name) for name in texts},
        "country": organization.country,
        "date_created": timestamp(organization.created_at),
        "container": reference,
        "validations": validations if with_validations else None,
        "ev_approvers": [],
        "organization_contact": asdict(organization.contact),
        "contacts": [],
    }
    return without_nothing(row)


def validation_row(validation: OrganizationValidation, now: datetime) -> dict[str, Any]:
    """What was validated, and until when it counts."""
    name, description = _CHECKS[validation.check]
    return {
        "type": validation.check.value,
        "name": name,
        "description": description,
        "date_created": timestamp(validation.validated_at),
        "validated_until": timestamp(validation.validated_until),
        "status": "active" if validation.validated_until > now else "expired",
        "verified_users": [],
    }


def create(call: Call, deps: AccountsApi) -> Answer:
    """POST organization: its id; that of an equal one, unless a duplicate is asked for."""
    body, warnings = validated(OrganizationBody, call.body())
    account = own_account(call, deps)
    if body.validations:
        warnings.append("validations: ignored; an operator records what was validated")

    def answer(made: Organization) -> Answer:
        return answer_json({"id": made.organization_id, "warnings": warnings}, 201)

    made = create_organization(
        _wish(body, account, deps.clock.now()),
        call.principal,
        duplicate=bool(body.skip_duplicate_org_check),
        once=once_only(call, answer),
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return answer(made)


def _wish(body: OrganizationBody, account: Account, now: datetime) -> Organization:
    """The body as an organization without an id. Raises INVALID with every flaw."""
    contact = body.organization_contact or ContactPart()
    flaws = [
        *_name_flaws(body),
        *_text_flaws(body, "", _REQUIRED),
        *_text_flaws(contact, "organization_contact.", _OF_CONTACT),
        *_other_flaws(body, contact, account),
    ]
    if flaws:
        raise invalid(*flaws)
    given = body.model_dump(include=_TEXTS)
    texts: dict[str, Any] = {name: (text or "").strip() for name, text in given.items()}
    person = {n: (getattr(contact, n) or "").strip() for n in ContactPart.model_fields}
    return Organization(
        organization_id=0,
        account_id=account.account_id,
        container_id=account.root_container_id,
        country=(body.country or "").upper(),
        contact=Contact(**person),
        created_at=now,
        **texts,
    )


def _name_flaws(body: OrganizationBody) -> list[Flaw]:
    name, assumed = body.name or "", body.assumed_name or ""
    if len(name) > LONGEST_NAME:
        return [Flaw("name", f"is longer than {LONGEST_NAME} characters")]
    if assumed and len(name) + len(assumed) > LONGEST_WITH_ASSUMED:
        reason = f"is longer than {LONGEST_WITH_ASSUMED} characters together with the name"
        return [Flaw("assumed_name", reason)]
    return []


def _text_flaws(
    part: OrganizationBody | ContactPart, path: str, required: tuple[str, ...]
) -> list[Flaw]:
    flaws = [
        Flaw(path + name, "is required")
        for name in required
        if not (getattr(part, name) or "").strip()
    ]
    for name in type(part).model_fields:
        value = getattr(part, name)
        if not isinstance(value, str):
            continue
        if len(value) > _LONGEST.get(name, len(value)):
            flaws.append(Flaw(path + name, f"is longer than {_LONGEST[name]} characters"))
        if not value.isprintable():
            flaws.append(Flaw(path + name, "holds characters that cannot be printed"))
    return flaws


def _other_flaws(body: OrganizationBody, contact: ContactPart, account: Account) -> list[Flaw]:
    flaws = []
    country = body.country or "XX"
    if not (len(country) == _COUNTRY_LETTERS and country.isascii() and country.isalpha()):
        flaws.append(Flaw("country", "must be two letters (ISO 3166-1)"))
    number = None if body.container is None else body.container.id
    if number not in {None, account.root_container_id}:
        flaws.append(Flaw("container.id", "is not a container of this account"))
    if contact.email:
        try:
            check_address(contact.email)
        except ValueError as error:
            flaws.append(Flaw("organization_contact.email", str(error)))
    return flaws
