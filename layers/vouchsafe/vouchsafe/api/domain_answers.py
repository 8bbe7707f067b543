"""The shapes of answers about domains."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from .answers import ContainerName, Page, Shape
from .caa_answers import Verdict
from .order_answers import Observation


class ValidationOfDomain(Shape):
    """A kind of validation that the domain is for: its control, and its organization beside it."""

    type: str
    name: str
    description: str
    date_created: datetime
    validated_until: datetime | None = None
    status: str
    dcv_status: str
    org_status: str | None = None
    verified_users: list[VerifiedPerson] = Field(default_factory=list)


class VerifiedPerson(Shape):
    id: int
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    job_title: str | None = None
    telephone: str | None = None


class DcvToken(Shape):
    """The value to publish, and for CNAME what its record points to."""

    token: str
    status: str
    expiration_date: datetime
    verification_value: str | None = None


class DcvRecord(Shape):
    """The record to publish, ready to be copied."""

    type: str
    name: str
    value: str


class DcvExpiration(Shape):
    """Until when control may be relied on, by kind; the statuses only where they are asked for."""

    ov: date | None = None
    ev: date | None = None
    ov_shortened: date | None = None
    ov_status: str | None = None
    ev_status: str | None = None
    dcv_approval_date: date | None = None


class OrganizationOfDomain(Shape):
    id: int
    name: str | None = None
    status: str | None = None
    assumed_name: str | None = None
    display_name: str | None = None
    is_active: bool | None = None


class LookAtDomain(Shape):
    """What the newest look saw."""

    looked_at: datetime
    cause: str
    explanation: str
    advice: str
    observations: list[Observation]
    perspectives: list[Verdict]


class DomainInfo(Shape):
    """A domain of the account."""

    id: int
    is_active: bool
    status: str
    is_pending_validation: bool
    name: str
    base_domain: str
    date_created: datetime
    domain_locking_status: str | None = None
    dcv_method: str
    dcv_approval_datetime: datetime | None = None
    dcv_expiration_datetime: datetime | None = None
    dcv_expiration: DcvExpiration | None = None
    dcv_authorization_domain: str | None = None
    organization: OrganizationOfDomain | None = None
    container: ContainerName
    validations: list[ValidationOfDomain] | None = None
    dcv_token: DcvToken | None = None
    dcv_record: DcvRecord | None = None
    validation_emails: ValidationEmails | None = None
    last_look: LookAtDomain | None = None
    next_look: datetime | None = None


class DomainList(Shape):
    domains: list[DomainInfo]
    page: Page


class AddedDomain(Shape):
    """A domain just added, or with a new value: what to publish."""

    id: int
    dcv_token: DcvToken | None = None
    dcv_record: DcvRecord | None = None
    validation_emails: ValidationEmails | None = None
    warnings: list[str] = Field(default_factory=list)


class DomainValidationList(Shape):
    validations: list[ValidationOfDomain]


class ValidationType(Shape):
    type: str
    name: str
    description: str
    requires_user: bool
    requires_dcv: bool


class ValidationTypeList(Shape):
    validation_types: list[ValidationType]


class DcvMethodInfo(Shape):
    name: str
    display_name: str
    description: str
    default: bool


class DcvMethodList(Shape):
    methods: list[DcvMethodInfo]


class CheckedToken(Shape):
    """How the value of a domain stands after a look."""

    token: str
    status: str
    cause: str | None = None
    explanation: str | None = None
    advice: str | None = None
    warnings: list[str] = Field(default_factory=list)


class ValidationEmails(Shape):
    """The mailboxes that are asked for a domain. WHOIS names nobody here."""

    name_scope: str
    base_emails: list[str]
    whois_emails: list[str]
