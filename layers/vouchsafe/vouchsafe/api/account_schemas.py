"""The bodies clients send about keys, organizations and, as operators, accounts."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from .liberal import Number, Part, Switch, Text, Texts, Word
from .vetting_schemas import ValidationWish


def _nothing(value: object) -> object:
    return value or None


def _list(value: object) -> object:
    return value or []


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


class ContactBody(ContactPart):
    """POST organization/{id}/contact: a user of the account, or a person by name."""

    contact_type: Word = Field(None, description="What the person is asked about. Required.")
    user_id: Number = Field(None, description="A user; names and address are taken from there.")


class OrganizationBody(Part):
    """POST organization."""

    name: Text = Field(None, description="64 characters at most, 61 with the assumed name.")
    assumed_name: Text = None
    english_name: Text = Field(None, description="The name in ASCII, 64 characters at most.")
    country: Text = Field(None, description="Two letters (ISO 3166-1).")
    address: Text = None
    address2: Text = None
    city: Text = None
    state: Text = None
    zip: Text = None
    telephone: Text = None
    container: Annotated[ContainerPart | None, BeforeValidator(_nothing)] = None
    organization_contact: Annotated[ContactPart | None, BeforeValidator(_nothing)] = None
    contacts: Annotated[list[ContactBody], BeforeValidator(_list)] = Field(
        default_factory=list, description="Further people, 20 at most."
    )
    skip_duplicate_org_check: Switch = Field(
        None, description="Create it although the account has an equal one."
    )
    validations: Annotated[list[ValidationWish], BeforeValidator(_list)] = Field(
        default_factory=list, description="Checks it is submitted for at once."
    )


class AccountBody(Part):
    """POST operator/account."""

    name: Text = Field(None, description="The customer's name. Required.")
    email: Text = Field(None, description="The first administrator's address. Required.")
    agreement: Text = Field(
        None, description="The subscriber agreement's version, where that person accepted it."
    )


class RulesBody(Part):
    """PUT operator/account/{id}/rules. What is left out stays; here false is a value."""

    orders_need_approval: bool | None = Field(None, description="New orders wait for a person.")
    two_person: bool | None = Field(None, description="Nobody approves what they asked for.")
    may_skip_approval: bool | None = Field(
        None, description="Administrators may approve with the request."
    )
