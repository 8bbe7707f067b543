"""When an organization's validation grows old: told 30 days before its end, and at its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from .changes import ChangeKind
from .organization import Organization, OrganizationCheck, OrganizationValidation

#: How long before the end the account is told: time enough for a review.
NOTICE = timedelta(days=30)
#: What is told, in this order; a validation counts how many were.
_NOTICES = (ChangeKind.ORGANIZATION_EXPIRING, ChangeKind.ORGANIZATION_EXPIRED)


def ageing_due(organization: Organization) -> datetime | None:
    """When the next notice about one of its validations is due (UTC); None when all were given."""
    moments = (_due(each) for each in organization.validations)
    return min((moment for moment in moments if moment is not None), default=None)


def aged(
    organization: Organization, now: datetime
) -> tuple[Organization, tuple[tuple[ChangeKind, OrganizationValidation], ...]]:
    """The organization with every notice due at `now` counted as given, and what there is to tell.

    Of several that are due for one validation only the last is told, and none where another
    validation of the same kind, or EV beside OV, lasts longer.
    """
    told = []
    validations = []
    for each in organization.validations:
        count = sum(1 for moment in _moments(each) if moment <= now)
        if count > each.told and not _outlived(each, organization):
            told.append((_NOTICES[count - 1], each))
        validations.append(replace(each, told=max(count, each.told)))
    if tuple(validations) == organization.validations:
        return organization, ()
    after = replace(organization, validations=tuple(validations), version=organization.version + 1)
    return after, tuple(told)


def _moments(validation: OrganizationValidation) -> tuple[datetime, datetime]:
    return validation.validated_until - NOTICE, validation.validated_until


def _due(validation: OrganizationValidation) -> datetime | None:
    ahead = _moments(validation)[validation.told :]
    return ahead[0] if ahead else None


def _outlived(validation: OrganizationValidation, organization: Organization) -> bool:
    """Whether another one that serves the same purpose lasts longer."""
    enough = {validation.check, OrganizationCheck.EV}
    return any(
        other.check in enough and other.validated_until > validation.validated_until
        for other in organization.validations
    )
