"""A domain as clients read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..domain.accounts import User
from ..domain.authorization import DcvMethodName
from ..domain.domains import (
    Approval,
    DcvStanding,
    Domain,
    DomainListing,
    approved_until,
    dcv_standing,
    value_is_used,
)
from ..domain.identifiers import Identifier, registrable_domain
from ..domain.organization import Organization, OrganizationCheck
from ..domain.products import ValidationLevel
from ..domain.records import record_for
from ..services.domain_mails import email_lists
from .dialect import METHOD_WORDS, day, timestamp
from .paging import without_nothing
from .record_words import seen_words

#: The vendor's words, by kind: name and description.
KINDS: Mapping[ValidationLevel, tuple[str, str]] = {
    ValidationLevel.DV: ("DV", "Domain Validation"),
    ValidationLevel.OV: ("OV", "Normal Organization Validation"),
    ValidationLevel.EV: ("EV", "Extended Organization Validation (EV)"),
}
_CHECKS = {
    ValidationLevel.OV: OrganizationCheck.OV,
    ValidationLevel.EV: OrganizationCheck.EV,
}
_STATUSES = {
    DcvStanding.PENDING: "pending",
    DcvStanding.COMPLETE: "approved",
    DcvStanding.EXPIRED: "expired",
}


def domain_row(
    domain: DomainListing, approval: Approval | None, now: datetime, *, reuse: bool = False
) -> dict[str, Any]:
    """What lists and details have in common. `reuse` adds how the proof may be relied on."""
    standing = dcv_standing(approval, now)
    return without_nothing(
        {
            "id": domain.domain_id,
            "is_active": domain.active,
            "status": _STATUSES[standing] if domain.active else "inactive",
            "is_pending_validation": domain.active and standing is not DcvStanding.COMPLETE,
            "name": domain.name,
            "base_domain": registrable_domain(domain.name),
            "date_created": timestamp(domain.created_at),
            "dcv_method": METHOD_WORDS[domain.method],
            **_approved(approval, standing, now, reuse=reuse),
            "organization": _organization(domain),
            "container": _container(domain),
        }
    )


def _container(domain: DomainListing) -> dict[str, Any]:
    named = {"name": domain.container_name} if domain.container_name else {}
    return {"id": domain.container_id, **named, "is_active": True}


def _organization(domain: DomainListing) -> dict[str, Any] | None:
    if domain.organization_id is None:
        return None
    return {"id": domain.organization_id, "name": domain.organization_name}


def _approved(
    approval: Approval | None, standing: DcvStanding, now: datetime, *, reuse: bool
) -> dict[str, Any]:
    if approval is None:
        return {}
    until = approved_until(approval, now)
    expiration = {"ov": day(until), "ev": day(until)}
    if reuse:
        word = "valid" if standing is DcvStanding.COMPLETE else "expired"
        expiration |= {"ov_shortened": day(until), "ov_status": word, "ev_status": word}
        expiration["dcv_approval_date"] = day(approval.proven_at)
    return {
        "dcv_approval_datetime": timestamp(approval.proven_at),
        "dcv_expiration_datetime": timestamp(until),
        "dcv_expiration": expiration,
        "dcv_authorization_domain": approval.authorization_domain,
    }


def validation_rows(
    domain: DomainListing,
    approval: Approval | None,
    organization: Organization | None,
    now: datetime,
    *,
    person: User | None = None,
) -> list[dict[str, Any]]:
    """Each kind the domain is for: OV and EV need its organization validated, too."""
    return [
        _validation_row(kind, domain, approval, organization, now) | _people(kind, domain, person)
        for kind in domain.kinds
    ]


def _validation_row(
    kind: ValidationLevel,
    domain: DomainListing,
    approval: Approval | None,
    organization: Organization | None,
    now: datetime,
) -> dict[str, Any]:
    control = dcv_standing(approval, now)
    ends = [] if approval is None else [approved_until(approval, now)]
    identity = control
    if kind in _CHECKS:
        identity = _identity(organization, _CHECKS[kind], now, ends)
    both = {control, identity}
    whole = DcvStanding.COMPLETE if both == {DcvStanding.COMPLETE} else DcvStanding.PENDING
    if DcvStanding.EXPIRED in both:
        whole = DcvStanding.EXPIRED
    name, description = KINDS[kind]
    row = {
        "type": kind.value,
        "name": name,
        "description": description,
        "date_created": timestamp(domain.created_at),
        "validated_until": timestamp(min(ends)) if whole is DcvStanding.COMPLETE else None,
        "status": "active" if whole is DcvStanding.COMPLETE else whole.value,
        "dcv_status": control.value,
        "org_status": _org_word(identity) if kind in _CHECKS else None,
    }
    return without_nothing(row)


def _identity(
    organization: Organization | None,
    check: OrganizationCheck,
    now: datetime,
    ends: list[datetime],
) -> DcvStanding:
    """How the organization's validation stands; its end goes to `ends` while it counts."""
    if organization is None:
        return DcvStanding.PENDING
    found = organization.validation_for(check, now)
    if found is not None:
        ends.append(found.validated_until)
        return DcvStanding.COMPLETE
    lapsed = any(each.check is check for each in organization.validations)
    return DcvStanding.EXPIRED if lapsed else DcvStanding.PENDING


def _org_word(identity: DcvStanding) -> str:
    return "active" if identity is DcvStanding.COMPLETE else identity.value


def _people(
    kind: ValidationLevel, domain: DomainListing, person: User | None
) -> dict[str, list[dict[str, Any]]]:
    if kind is not ValidationLevel.EV or domain.verified_user_id is None:
        return {"verified_users": []}
    row: dict[str, Any] = {"id": domain.verified_user_id}
    if person is not None:
        names = ("first_name", "last_name", "email", "job_title", "telephone")
        row |= {name: getattr(person, name) for name in names}
    return {"verified_users": [row]}


def dcv_token(domain: Domain, dcv_domain: str) -> dict[str, Any]:
    """The value to publish, its record, and how it stands; nothing for what is never told."""
    value = domain.random_value
    if domain.method is DcvMethodName.EMAIL:
        return {"validation_emails": dict(email_lists(domain))}
    if value is None:
        return {}
    record = record_for(Identifier(domain.name), domain.method, value.value, dcv_domain)
    token = {
        "token": value.value,
        "status": "active" if value_is_used(domain) else "pending",
        "expiration_date": timestamp(value.expires_at),
    }
    if domain.method is DcvMethodName.DNS_CNAME:
        token["verification_value"] = record.value
    printed = {"type": record.type, "name": record.name, "value": record.value}
    return {"dcv_token": token, "dcv_record": printed}


def looking(domain: Domain) -> dict[str, Any]:
    """What was seen last, and when we look again."""
    found: dict[str, Any] = {}
    if domain.last_look is not None:
        look = domain.last_look
        found["last_look"] = {"looked_at": timestamp(look.looked_at), **seen_words(look)}
    if domain.next_look_at is not None:
        found["next_look"] = timestamp(domain.next_look_at)
    return found
