"""The bodies about validating organizations: what customers submit, what operators record."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from .liberal import Number, Part, Text, Word


def _nothing(value: object) -> object:
    return value or None


def _list(value: object) -> object:
    return value or []


class VerifiedUserBody(Part):
    """Somebody who may ask for EV certificates: a user of the account, or anybody by name."""

    id: Number = Field(None, description="A user of the account; the names are taken from there.")
    first_name: Text = None
    last_name: Text = None
    job_title: Text = None
    telephone: Text = None
    email: Text = None


class ValidationWish(Part):
    """One check that is asked for."""

    type: Word = Field(None, description="ov or ev. Required.")
    verified_users: Annotated[list[VerifiedUserBody], BeforeValidator(_list)] = Field(
        default_factory=list, description="Required for ev, unless the organization has some."
    )


class SubmissionBody(Part):
    """POST organization/{id}/validation."""

    validations: Annotated[list[ValidationWish], BeforeValidator(_list)] = Field(
        default_factory=list, description="What is to be validated; one at least."
    )


class NoteOnReviewBody(Part):
    """POST operator/review/{id}/note."""

    text: Text = Field(None, description="1000 characters at most. Required.")


class RegistrationBody(Part):
    """PUT operator/review/{id}/registration: what EV certificates say (EVG 7.1.4.2)."""

    number: Text = Field(
        None, description="The registration number, or the date of incorporation. Required."
    )
    agency: Text = Field(None, description="Who registered it. Required.")
    jurisdiction_country: Text = Field(None, description="Two letters (ISO 3166-1). Required.")
    jurisdiction_state: Text = None
    jurisdiction_locality: Text = Field(
        None, description="Only where a locality registers; then with its state."
    )
    business_category: Text = Field(
        None,
        description="Private Organization, Government Entity, Business Entity or"
        " Non-Commercial Entity. Required.",
    )


class IdentityPart(Part):
    """What a certificate may say of an organization."""

    name: Text = Field(None, description="The legal name. Required.")
    country: Text = Field(None, description="Two letters (ISO 3166-1). Required.")
    state: Text = Field(None, description="This or the locality is required.")
    locality: Text = None
    street: Text = None
    postal_code: Text = None


class ApprovalBody(Part):
    """POST operator/review/{id}/approve."""

    type: Word = Field(None, description="ov or ev. Required.")
    identity: Annotated[IdentityPart | None, BeforeValidator(_nothing)] = Field(
        None, description="Required, but from the second operator of ev, who confirms the first."
    )
    collected_on: Text = Field(
        None, description="The day the oldest of the data was collected. Default: today."
    )
    without_evidence: Text = Field(
        None, description="Why the review has no evidence file. Required where it has none."
    )


class RejectionBody(Part):
    """POST operator/review/{id}/reject."""

    reason: Text = Field(None, description="Told to the customer; 500 characters. Required.")


class AgreementBody(Part):
    """POST account/agreement."""

    version: Text = Field(None, description="The version in force. Required.")


_Entries = Annotated[list[str] | None, Field(description="None: stays as it is.")]


class PolicyListsBody(Part):
    """PUT operator/policy-lists: what is left out stays, an empty list empties."""

    denied_names: _Entries = None
    denied_organizations: _Entries = None
    high_risk_names: _Entries = None
    reason: Text = Field(None, description="Why; 500 characters at most. Required.")
    version: Number = Field(None, description="The version this replaces, if it matters.")


class ClearanceBody(Part):
    """POST operator/account/{id}/clearance."""

    name: Text = Field(None, description="The name; everything below it is cleared, too. Required.")
    reason: Text = Field(None, description="Why; 500 characters at most. Required.")
