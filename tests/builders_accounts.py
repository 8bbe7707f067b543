"""Builders of what accounts have besides orders: valid by default, a keyword changes one thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import MOMENT
from vouchsafe.domain.authorization import DcvMethodName, Proof
from vouchsafe.domain.organization import (
    BusinessCategory,
    Contact,
    Organization,
    OrganizationCheck,
    OrganizationValidation,
    Registration,
    ValidatedIdentity,
    VerifiedUser,
)
from vouchsafe.domain.proofs import DomainProof
from vouchsafe.domain.reviews import Evidence, MediaType, OrganizationReview


def an_organization(**changed: Any) -> Organization:
    """Organization 601 of account 1, not validated."""
    organization = Organization(
        organization_id=601,
        account_id=1,
        container_id=3,
        name="Example Holdings Ltd",
        country="GB",
        address="1 High Street",
        city="York",
        state="North Yorkshire",
        zip="YO1 0AA",
        telephone="+44 1904 000000",
        contact=Contact(first_name="Ada", last_name="Example", email="ada@example.com"),
        created_at=MOMENT,
    )
    return replace(organization, **changed)


def a_validation(**changed: Any) -> OrganizationValidation:
    """An OV validation of yesterday, good for 398 days."""
    validation = OrganizationValidation(
        check=OrganizationCheck.OV,
        validated_at=MOMENT - timedelta(days=1),
        validated_until=MOMENT + timedelta(days=397),
        evidence="Register of companies, extract 1",
        operator_id=9,
    )
    return replace(validation, **changed)


def a_domain_proof(domain: str = "example.com", **changed: Any) -> DomainProof:
    """Account 1's proof of a domain by a TXT record, a day old."""
    proof = Proof(
        method=DcvMethodName.DNS_TXT,
        br_section="3.2.2.4.7",
        authorization_domain=domain,
        steps=(),
        value="_abcdefghijklmnopqrstuvwxyz",
        proven_at=MOMENT - timedelta(days=1),
        quorum="6/6",
        perspectives=(),
    )
    made = DomainProof(
        account_id=1,
        authorization_domain=domain,
        proof=proof,
        order_id=1001,
        certificate_id=5001,
    )
    return replace(made, **changed)


def a_registration(**changed: Any) -> Registration:
    """Organization 601 in the register of companies."""
    registration = Registration(
        number="01234567",
        agency="Companies House",
        jurisdiction_country="GB",
        business_category=BusinessCategory.PRIVATE_ORGANIZATION,
    )
    return replace(registration, **changed)


def an_identity(**changed: Any) -> ValidatedIdentity:
    """Organization 601 as a certificate may name it."""
    identity = ValidatedIdentity(
        name="Example Holdings Ltd", country="GB", state="North Yorkshire", locality="York"
    )
    return replace(identity, **changed)


def a_verified_user(**changed: Any) -> VerifiedUser:
    """Somebody of organization 601 who may ask for EV certificates."""
    person = VerifiedUser(
        first_name="Ada",
        last_name="Example",
        job_title="Secretary",
        telephone="+44 1904 000000",
        email="ada@example.com",
    )
    return replace(person, **changed)


def some_evidence(**changed: Any) -> Evidence:
    """A file of a review."""
    evidence = Evidence(
        evidence_id=1,
        name="extract.pdf",
        media_type=MediaType.PDF,
        size=9,
        sha256="ab" * 32,
        added_at=MOMENT,
        operator_id=9,
    )
    return replace(evidence, **changed)


def a_review(**changed: Any) -> OrganizationReview:
    """Review 701 of organization 601, just submitted for OV."""
    review = OrganizationReview(
        review_id=701,
        account_id=1,
        organization_id=601,
        organization_name="Example Holdings Ltd",
        checks=(OrganizationCheck.OV,),
        submitted_at=MOMENT,
        submitted_by=7,
    )
    return replace(review, **changed)
