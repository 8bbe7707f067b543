"""Organizations as operators leave them: validated, with what certificates say of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.builders_accounts import (
    a_registration,
    a_validation,
    a_verified_user,
    an_organization,
)
from tests.builders_accounts import an_identity as found_identity
from vouchsafe.domain.organization import (
    Organization,
    OrganizationCheck,
    OrganizationValidation,
    ValidatedIdentity,
)


def an_identity(**changed: Any) -> ValidatedIdentity:
    """What was found of the organization of `an_organization()`, with its registration."""
    known = {"street": "1 High Street", "postal_code": "YO1 0AA", "registration": a_registration()}
    return found_identity(**(known | changed))


def a_found_validation(
    check: OrganizationCheck = OrganizationCheck.OV, **changed: Any
) -> OrganizationValidation:
    """A validation of yesterday with what it found; for EV with two operators and a person."""
    validation = replace(a_validation(check=check), identity=an_identity())
    if check is OrganizationCheck.EV:
        people = (a_verified_user(),)
        validation = replace(validation, second_operator_id=10, verified_users=people)
    return replace(validation, **changed)


def a_validated_organization(
    check: OrganizationCheck = OrganizationCheck.OV, **changed: Any
) -> Organization:
    """Organization 601 of account 1, validated for `check`."""
    made = an_organization(validations=(a_found_validation(check),))
    return replace(made, **changed)


__all__ = ["a_found_validation", "a_registration", "a_validated_organization", "an_identity"]
