"""Organizations: who a certificate may name, and what was validated about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

#: ub-organization-name (RFC 5280 A.1); an assumed name and the name stand in it together, as
#: "assumed (name)".
LONGEST_NAME = 64
LONGEST_WITH_ASSUMED = 61


class OrganizationCheck(StrEnum):
    """What an organization can be validated for."""

    OV = "ov"
    EV = "ev"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person of the organization."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    job_title: str = ""
    telephone: str = ""
    telephone_extension: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationValidation:
    """What an operator found, when, until when it may be used, and where the evidence is."""

    check: OrganizationCheck
    validated_at: datetime
    validated_until: datetime
    evidence: str
    operator_id: int  # the user who said so


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """An organization of an account. One validation per check; the newest replaces the older."""

    organization_id: int
    account_id: int
    container_id: int
    name: str
    assumed_name: str = ""
    country: str
    address: str
    address2: str = ""
    city: str
    state: str = ""
    zip: str = ""
    telephone: str
    contact: Contact
    created_at: datetime
    validations: tuple[OrganizationValidation, ...] = ()
    version: int = 1

    @property
    def display_name(self) -> str:
        """The name as certificates carry it."""
        return f"{self.assumed_name} ({self.name})" if self.assumed_name else self.name

    def validated_for(self, check: OrganizationCheck, now: datetime) -> bool:
        """Whether that check stands at `now`. EV includes everything OV asks (EVG 3.2.2)."""
        enough = {check, OrganizationCheck.EV}
        return any(v.check in enough and v.validated_until > now for v in self.validations)

    def is_validated(self, now: datetime) -> bool:
        """Whether any check stands at `now`."""
        return any(v.validated_until > now for v in self.validations)
