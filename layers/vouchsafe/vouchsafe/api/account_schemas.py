"""The bodies clients send about keys, organizations and, as operators, accounts."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from .liberal import Anything, Number, Part, Switch, Text, Texts, Word


def _nothing(value: object) -> object:
    return value or None


class KeyBody(Part):
    """POST key/user/{id}."""

    name: Text = Field(None, description="1 to 100 characters. Required.")
    restricted_by_role_id: Number = Field(None, description="0, 100, 101 or 102; see docs/api.md.")
    expires: Text = Field(None, description="A date, or a time with its offset. None: never.")
    source_ranges: Texts = Field(
        default_factory=list, description="IPv4 and IPv6 networks. None: from everywhere."
    )


class ContainerPart(Part):
    id: Number = None


class ContactPart(Part):
    first_name: Text = None
    last_name: Text = None
    email: Text = None
    job_title: Text = None
    telephone: Text = None
    telephone_extension: Text = None


class OrganizationBody(Part):
    """POST organization."""

    name: Text = Field(None, description="64 characters at most, 61 with the assumed name.")
    assumed_name: Text = None
    country: Text = Field(None, description="Two letters (ISO 3166-1).")
    address: Text = None
    address2: Text = None
    city: Text = None
    state: Text = None
    zip: Text = None
    telephone: Text = None
    container: Annotated[ContainerPart | None, BeforeValidator(_nothing)] = None
    organization_contact: Annotated[ContactPart | None, BeforeValidator(_nothing)] = None
    skip_duplicate_org_check: Switch = Field(
        None, description="Create it although the account has an equal one."
    )
    validations: Anything = None


class AccountBody(Part):
    """POST operator/account."""

    name: Text = Field(None, description="The customer's name. Required.")
    email: Text = Field(None, description="The first administrator's address. Required.")


class RulesBody(Part):
    """PUT operator/account/{id}/rules. What is left out stays; here false is a value."""

    orders_need_approval: bool | None = Field(None, description="New orders wait for a person.")
    two_person: bool | None = Field(None, description="Nobody approves what they asked for.")
    may_skip_approval: bool | None = Field(
        None, description="Administrators may approve with the request."
    )


class OrganizationValidationBody(Part):
    """POST operator/account/{id}/organization-validation."""

    organization_id: Number = Field(None, description="Required.")
    type: Word = Field(None, description="ov or ev. Required.")
    validated_on: Text = Field(None, description="The day it was done, in UTC. Required.")
    validated_until: Text = Field(None, description="The last day it counts. Required.")
    evidence: Text = Field(None, description="What was seen, and where it is kept. Required.")
