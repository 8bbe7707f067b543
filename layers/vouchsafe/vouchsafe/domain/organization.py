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
    """A person of the organization; `contact_id` is 0 for the first one, else theirs within it."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    job_title: str = ""
    telephone: str = ""
    telephone_extension: str = ""
    contact_id: int = 0
    contact_type: str = ""  # what the person is asked about
    user_id: int | None = None  # where the person is a user of the account


class BusinessCategory(StrEnum):
    """What kind of legal entity an EV subject is (EVG 7.1.4.2.3), with the certificate's words."""

    PRIVATE_ORGANIZATION = "Private Organization"
    GOVERNMENT_ENTITY = "Government Entity"
    BUSINESS_ENTITY = "Business Entity"
    NON_COMMERCIAL_ENTITY = "Non-Commercial Entity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Where an organization is registered: what EV certificates say of it (EVG 7.1.4.2.4, .5).

    `number` is the registration number, or the date of incorporation where there is none.
    """

    number: str
    agency: str
    jurisdiction_country: str  # two letters
    jurisdiction_state: str = ""
    jurisdiction_locality: str = ""
    business_category: BusinessCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedUser:
    """A person of the organization who may ask for EV certificates (EVG 3.2.2.8)."""

    user_id: int | None = None  # where the person is a user of the account
    first_name: str
    last_name: str
    job_title: str = ""
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidatedIdentity:
    """What was found to be true: certificates' subjects are built from this and nothing else."""

    name: str  # as certificates carry it
    country: str  # two letters, upper case
    state: str = ""
    locality: str = ""
    street: str = ""
    postal_code: str = ""
    registration: Registration | None = None  # EV needs it


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationValidation:
    """What operators found, when, until when it may be used, and where the evidence is.

    `identity` is missing on a validation recorded without a review: no subject can be built of it.
    """

    check: OrganizationCheck
    validated_at: datetime
    validated_until: datetime
    evidence: str
    operator_id: int  # the user who said so
    second_operator_id: int | None = None  # EV: another one (EVG 3.2.2.13)
    identity: ValidatedIdentity | None = None
    verified_users: tuple[VerifiedUser, ...] = ()
    review_id: int | None = None
    told: int = 0  # how many of its notices about its age were given; see domain.ages


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A check that was asked for and has not been approved since; rejected where that says when."""

    check: OrganizationCheck
    submitted_at: datetime
    rejected_at: datetime | None = None
    reason: str = ""  # of the rejection, for the customer


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
    contacts: tuple[Contact, ...] = ()  # further people
    english_name: str = ""  # counts beside the name in requests of the guide's products
    active: bool = True
    created_at: datetime
    validations: tuple[OrganizationValidation, ...] = ()
    review_id: int | None = None  # the open review
    submissions: tuple[Submission, ...] = ()  # one per check at most
    verified_users: tuple[VerifiedUser, ...] = ()  # who may ask for EV
    last_contact_id: int = 0
    version: int = 1

    @property
    def display_name(self) -> str:
        """The name as certificates carry it."""
        return f"{self.assumed_name} ({self.name})" if self.assumed_name else self.name

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it goes by, in requests and before lists of names."""
        known = (self.name, self.assumed_name, self.english_name, self.display_name)
        return tuple(dict.fromkeys(filter(None, known)))

    def submission(self, check: OrganizationCheck) -> Submission | None:
        """What was asked for about `check` and not approved since, if anything."""
        return next((each for each in self.submissions if each.check is check), None)

    def validation_for(
        self, check: OrganizationCheck, now: datetime
    ) -> OrganizationValidation | None:
        """The validation of that check that stands at `now` and lasts longest, or None.

        EV includes everything OV asks (EVG 3.2.2). An inactive organization has none.
        """
        enough = {check, OrganizationCheck.EV}
        standing = [v for v in self.validations if v.check in enough and v.validated_until > now]
        if not self.active:
            return None
        return max(standing, key=lambda v: v.validated_until, default=None)

    def is_validated(self, now: datetime) -> bool:
        """Whether any check stands at `now`."""
        return self.active and any(v.validated_until > now for v in self.validations)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationPlace:
    """Which organization of its account it is, counted from 1; written once, with it.

    None is ever taken away, so who makes one has seen all before it, or loses the place: of two
    that are made alike at the same moment, the second finds the first.
    """

    account_id: int
    place: int
    organization_id: int
