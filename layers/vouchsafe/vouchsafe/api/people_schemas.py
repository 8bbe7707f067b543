"""The bodies clients send about people and containers."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from .account_schemas import ContainerPart
from .liberal import Anything, Number, Part, Switch, Text


def _nothing(value: object) -> object:
    return value or None


def _roles(value: Any) -> Any:
    """A list of objects; bare numbers in it are read as meant."""
    if not isinstance(value, list):
        return value or []
    return [each if isinstance(each, dict) else {"id": each} for each in value]


class RolePart(Part):
    id: Number = Field(None, description="1 to 5; see docs/roles.md.")


_Roles = Annotated[list[RolePart], BeforeValidator(_roles)]


class ProfilePart(Part):
    """What a person goes by."""

    first_name: Text = Field(None, description="128 characters at most.")
    last_name: Text = Field(None, description="128 characters at most.")
    email: Text = Field(None, description="Nobody else's in the account. Required.")
    username: Text = Field(None, description="A label; the address if there is none.")
    job_title: Text = Field(None, description="64 characters at most.")
    telephone: Text = Field(None, description="64 characters at most.")
    is_saml_sso_only: Anything = None


class EditUserBody(ProfilePart):
    """PUT user/{id}. Names that are left out stay; job title and telephone number are removed."""


class FirstUserPart(ProfilePart):
    """The first person of a new container."""

    access_roles: _Roles = Field(default_factory=list, description="One role. Required.")


class UserBody(FirstUserPart):
    """POST user."""

    container: Annotated[ContainerPart | None, BeforeValidator(_nothing)] = None
    container_id_assignments: Anything = None
    is_api_only: Switch = None


class RoleBody(Part):
    """PUT user/{id}/role."""

    access_roles: _Roles = Field(default_factory=list, description="One role. Required.")


class ContainerBody(Part):
    """POST container/{id}/children."""

    name: Text = Field(None, description="100 characters at most. Required.")
    description: Text = Field(None, description="255 characters at most.")
    template_id: Anything = None
    user: Annotated[FirstUserPart | None, BeforeValidator(_nothing)] = None
    allowed_domain_names: Anything = None


class EditContainerBody(Part):
    """PUT container/{id}. What is left out stays."""

    name: Text = Field(None, description="100 characters at most.")
    description: Text = Field(None, description="255 characters at most.")
    ekey: Anything = None


class MailSettingsBody(Part):
    """PUT account/mail-settings."""

    switched_off: list[str] | None = Field(
        None, description="All kinds of mails that the account does without. Required."
    )
