"""The shapes of answers about accounts, people, keys, organizations and domains."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from .answers import AccessRole, Page, Shape


class ContainerReference(Shape):
    id: int
    parent_id: int | None = None
    name: str | None = None
    description: str | None = None
    is_active: bool | None = None
    public_id: str | None = None
    template_id: int | None = None
    ekey: str | None = None
    has_logo: bool | None = None


class Container(Shape):
    """A container; `is_active` only while everything above it is, too."""

    id: int
    public_id: str
    parent_id: int
    name: str
    description: str | None = None
    template_id: int
    ekey: str
    has_logo: bool
    is_active: bool


class ContainerList(Shape):
    containers: list[Container]
    page: Page


class Person(Shape):
    """A person of an account; `restricted_by_role` is what the key asking is limited to."""

    id: int
    username: str
    account_id: int
    first_name: str
    last_name: str
    email: str
    job_title: str
    telephone: str
    status: str
    type: str
    is_cert_central: bool
    is_enterprise: bool
    is_saml_sso_only: bool
    has_container_assignments: bool
    date_created: datetime
    access_roles: list[AccessRole]
    container: ContainerReference
    restricted_by_role: AccessRole | None = None
    mail_state: str | None = None  # bounced, complained: nothing is written to the address
    mail_state_since: datetime | None = None
    mail_state_detail: str | None = None


class PersonList(Shape):
    users: list[Person]
    page: Page


class AgreementAccepted(Shape):
    version: str
    date_accepted: datetime
    user_id: int


class AgreementInfo(Shape):
    """The subscriber agreement: the version in force, and what the account accepted last."""

    version: str
    is_accepted: bool
    accepted: AgreementAccepted | None = None
    warnings: list[str] = Field(default_factory=list)


class AccountInfo(Shape):
    """An account and its rules about approvals; operators see what it accepted, too."""

    id: int
    display_name: str
    make_renewal_calls: bool
    root_container_id: int
    date_created: datetime
    is_active: bool
    cert_central_type: str
    cert_transparency: str
    orders_need_approval: bool
    two_person: bool
    may_skip_approval: bool
    agreement: AgreementInfo | None = None


class AccountList(Shape):
    """Accounts by id; `next`, if any, is the `after` of the next page."""

    accounts: list[AccountInfo]
    next: int | None = None


class MadeAccount(Shape):
    """An account, its administrator and, the first time, that person's key."""

    id: int
    user_id: int
    key_id: int
    api_key: str | None = None
    warnings: list[str] = Field(default_factory=list)


class KeyOwner(Shape):
    id: int
    first_name: str
    last_name: str


class KeyInfo(Shape):
    """A key as it is on record: never itself."""

    id: int
    name: str
    status: str
    create_date: datetime
    expires: datetime | None = None
    user: KeyOwner
    restricted_by_role: AccessRole | None = None
    mail_state: str | None = None  # bounced, complained: nothing is written to the address
    mail_state_since: datetime | None = None
    mail_state_detail: str | None = None
    source_ranges: list[str]


class KeyList(Shape):
    api_keys: list[KeyInfo]
    page: Page


class MadeKey(Shape):
    """A key just made, and, the first time, the key itself."""

    id: int
    api_key: str | None = None
    warnings: list[str] = Field(default_factory=list)


class OrganizationContact(Shape):
    first_name: str
    last_name: str
    email: str
    job_title: str
    telephone: str
    telephone_extension: str
    id: int | None = None
    contact_type: str | None = None
    user_id: int | None = None


class PersonReference(Shape):
    """A person; with an id where it is a user of the account."""

    id: int | None = None
    first_name: str
    last_name: str


class ValidationRow(Shape):
    """What was validated or is to be, how that stands, and until when it counts.

    `reason` is why operators rejected it.
    """

    type: str
    name: str
    description: str
    date_created: datetime
    validated_until: datetime | None = None
    status: str
    reason: str | None = None
    dcv_status: str | None = None
    verified_users: list[PersonReference] | None = None


class ValidationList(Shape):
    validations: list[ValidationRow]
    warnings: list[str] = Field(default_factory=list)


class OrganizationInfo(Shape):
    """An organization."""

    id: int
    status: str
    name: str
    assumed_name: str
    english_name: str | None = None
    display_name: str
    is_active: bool
    address: str
    address2: str
    city: str
    state: str
    zip: str
    country: str
    telephone: str
    date_created: datetime
    container: ContainerReference
    validations: list[ValidationRow] | None = None
    ev_approvers: list[PersonReference]
    organization_contact: OrganizationContact
    contacts: list[OrganizationContact]


class OrganizationList(Shape):
    organizations: list[OrganizationInfo]
    page: Page


class MadeOrganization(Shape):
    id: int
    warnings: list[str] = Field(default_factory=list)
