"""Organizations as lists and details show them, and how their validation stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ..domain.organization import (
    Contact,
    Organization,
    OrganizationCheck,
    OrganizationValidation,
    Submission,
    VerifiedUser,
)
from .containers import Tree, container_reference
from .dialect import timestamp
from .paging import without_nothing

_CHECKS = {
    OrganizationCheck.OV: ("OV", "Normal Organization Validation"),
    OrganizationCheck.EV: ("EV", "Extended Organization Validation (EV)"),
}
_ALWAYS = ("assumed_name", "address", "address2", "city", "state", "zip", "telephone")


def organization_row(
    organization: Organization, tree: Tree, now: datetime, *, with_validations: bool = True
) -> dict[str, Any]:
    """An organization; `tree` has its account's containers."""
    row = {
        "id": organization.organization_id,
        "status": "active" if organization.active else "inactive",
        "name": organization.name,
        "english_name": organization.english_name or None,
        "display_name": organization.display_name,
        "is_active": organization.active,
        **{name: getattr(organization, name) for name in _ALWAYS},
        "country": organization.country,
        "date_created": timestamp(organization.created_at),
        "container": container_reference(organization.container_id, tree),
        "validations": validation_rows(organization, now) if with_validations else None,
        "ev_approvers": people_rows(organization.verified_users),
        "organization_contact": contact_row(organization.contact),
        "contacts": [contact_row(each) for each in organization.contacts],
    }
    return without_nothing(row)


def contact_row(contact: Contact) -> dict[str, Any]:
    """A person of an organization; further people have an id."""
    return without_nothing(
        {
            "first_name": contact.first_name,
            "last_name": contact.last_name,
            "email": contact.email,
            "job_title": contact.job_title,
            "telephone": contact.telephone,
            "telephone_extension": contact.telephone_extension,
            "id": contact.contact_id or None,
            "contact_type": contact.contact_type or None,
            "user_id": contact.user_id,
        }
    )


def validation_rows(organization: Organization, now: datetime) -> list[dict[str, Any]]:
    """A row for each check that was ever asked for or approved."""
    rows = []
    for check in OrganizationCheck:
        found = [each for each in organization.validations if each.check is check]
        asked = organization.submission(check)
        if found or asked:
            validation = found[0] if found else None
            rows.append(_validation_row(organization, check, validation, asked, now))
    return rows


def _validation_row(
    organization: Organization,
    check: OrganizationCheck,
    validation: OrganizationValidation | None,
    asked: Submission | None,
    now: datetime,
) -> dict[str, Any]:
    """What stands comes first, then what is under way, then how the last one ended."""
    name, description = _CHECKS[check]
    stands = validation is not None and validation.validated_until > now
    status = "active" if stands else "expired"
    if not stands and asked is not None:
        status = "rejected" if asked.rejected_at else "pending"
    people: tuple[VerifiedUser, ...] = ()
    if check is OrganizationCheck.EV:
        standing = validation.verified_users if validation and stands else ()
        people = standing or organization.verified_users
    since = validation.validated_at if validation else asked.submitted_at if asked else now
    return without_nothing(
        {
            "type": check.value,
            "name": name,
            "description": description,
            "date_created": timestamp(since),
            "validated_until": timestamp(validation.validated_until) if validation else None,
            "status": status,
            "reason": asked.reason if asked and status == "rejected" else None,
            "verified_users": people_rows(people),
        }
    )


def people_rows(people: Iterable[VerifiedUser]) -> list[dict[str, Any]]:
    """People by name, with their id where they are users."""
    return [
        without_nothing(
            {"id": each.user_id, "first_name": each.first_name, "last_name": each.last_name}
        )
        for each in people
    ]
