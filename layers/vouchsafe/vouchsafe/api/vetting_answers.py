"""The shapes of answers about reviews, the subscriber agreement and policy lists."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from .account_answers import OrganizationContact, OrganizationInfo
from .answers import Page, Shape


class ContactList(Shape):
    contacts: list[OrganizationContact]
    page: Page


class MadeContact(Shape):
    id: int
    warnings: list[str] = Field(default_factory=list)


class ReviewRow(Shape):
    """A review in the queue. `waiting_for` are the checks nobody approved yet."""

    id: int
    status: str
    account_id: int
    organization_id: int
    organization_name: str
    types: list[str]
    waiting_for: list[str]
    date_submitted: datetime
    submitted_by: int
    approvals: int
    date_decided: datetime | None = None
    reason: str | None = None


class ReviewQueue(Shape):
    """Open reviews, the longest waiting first; `next`, if any, is the `after` of the next page."""

    reviews: list[ReviewRow]
    next: int | None = None


class EvidenceRow(Shape):
    """A file: its bytes are at operator/review/{id}/evidence/{evidence}."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    date_added: datetime
    operator_id: int


class MadeEvidence(EvidenceRow):
    pass


class ReviewNoteRow(Shape):
    text: str
    date_added: datetime
    operator_id: int


class RegistrationRow(Shape):
    number: str
    agency: str
    jurisdiction_country: str
    jurisdiction_state: str
    jurisdiction_locality: str
    business_category: str


class IdentityRow(Shape):
    name: str
    country: str
    state: str
    locality: str
    street: str
    postal_code: str


class ApprovalRow(Shape):
    type: str
    identity: IdentityRow
    collected_on: datetime
    without_evidence: str
    date_approved: datetime
    operator_id: int


class MissingRow(Shape):
    """What a check still lacks before it can be approved; nothing when it may be."""

    type: str
    fields: list[str]


class ReviewVerifiedUser(Shape):
    id: int | None = None
    first_name: str
    last_name: str
    job_title: str
    telephone: str
    email: str


class ReviewInfo(ReviewRow):
    """A review with all that a reviewer needs."""

    organization: OrganizationInfo
    verified_users: list[ReviewVerifiedUser]
    registration: RegistrationRow | None = None
    registered_by: int | None = None
    evidence: list[EvidenceRow]
    notes: list[ReviewNoteRow]
    approved_by: list[ApprovalRow]
    missing: list[MissingRow]
    denied: list[str]
    earlier_reviews: list[ReviewRow]


class ReviewDecision(Shape):
    """A review after an operator's word; `validated_until` once a validation stands."""

    id: int
    status: str
    waiting_for: list[str]
    needs_second_operator: bool
    validated_until: datetime | None = None
    warnings: list[str] = Field(default_factory=list)


class PolicyListsInfo(Shape):
    """A version of the lists; version 0 stands for none."""

    version: int
    denied_names: list[str]
    denied_organizations: list[str]
    high_risk_names: list[str]
    reason: str
    date_set: datetime | None = None
    operator_id: int | None = None
    warnings: list[str] = Field(default_factory=list)


class ClearanceRow(Shape):
    name: str
    reason: str
    date_cleared: datetime
    operator_id: int


class ClearanceList(Shape):
    clearances: list[ClearanceRow]
    warnings: list[str] = Field(default_factory=list)
