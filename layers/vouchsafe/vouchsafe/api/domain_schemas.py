"""The bodies clients send about domains."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from .account_schemas import ContainerPart
from .liberal import Anything, Number, Part, Switch, Text, Texts, Word


def _nothing(value: object) -> object:
    return value or None


def _rows(value: object) -> object:
    """One entry without its list, and a bare word for an entry, are read as meant."""
    rows = value if isinstance(value, list) else [value] if value else []
    return [{"type": row} if isinstance(row, str) else row for row in rows]


class UserPart(Part):
    id: Number = None


class ValidationPart(Part):
    """A kind of validation that a domain's proof is to serve."""

    type: Word = Field(None, description="dv, ov or ev. Required.")
    user: Annotated[UserPart | None, BeforeValidator(_nothing)] = Field(
        None, description="For ev: the person of the account who stands for it."
    )


class OrganizationPart(Part):
    id: Number = None


class MethodPart(Part):
    """The old place of `dcv_method`."""

    method: Word = None


_Validations = Annotated[list[ValidationPart], BeforeValidator(_rows)]
_METHODS = "email (default), dns-txt-token, dns-cname-token or http-token."


class DomainBody(Part):
    """POST domain."""

    name: Text = Field(None, description="A DNS name, no wildcard. Required.")
    organization: Annotated[OrganizationPart | None, BeforeValidator(_nothing)] = Field(
        None, description="Required where validations has ov or ev."
    )
    validations: _Validations = Field(
        default_factory=list, description="Without any: ov with an organization, else dv."
    )
    dcv_method: Word = Field(None, description=_METHODS)
    dcv: Annotated[MethodPart | None, BeforeValidator(_nothing)] = None
    locale: Word = Field(None, description="Of mails: en, ko … with or without a country.")
    email_array: Texts = Field(
        default_factory=list, description="By e-mail: the mailboxes to be asked."
    )
    keep_www: Switch = Field(None, description="Do not leave out a leading www.")
    container: Annotated[ContainerPart | None, BeforeValidator(_nothing)] = Field(
        None, description="Where the domain is put; the caller's own container without one."
    )


class DomainValidationBody(Part):
    """POST domain/{id}/validation."""

    validations: _Validations = Field(default_factory=list, description="Required.")
    dcv_method: Word = Field(None, description=f"Also changes the method: {_METHODS}")
    dcv: Annotated[MethodPart | None, BeforeValidator(_nothing)] = None


class DomainMethodBody(Part):
    """PUT domain/{id}/dcv/method."""

    dcv_method: Word = Field(None, description=f"{_METHODS} Required.")
    send_dcv_email_flag: Anything = None


class DomainCheckBody(Part):
    """PUT domain/{id}/dcv/validate-token, and the older domain/{id}/dcv/cname."""

    token: Text = Field(None, description="The value meant; only the domain's own is taken.")
    dcv_method: Word = Field(None, description="The domain's method, if it is named at all.")


class DomainEmailsBody(Part):
    """POST domain/{id}/dcv/emails."""

    name_scope: Text = Field(
        None, description="The domain or a parent: from now on, the five mailboxes there."
    )
