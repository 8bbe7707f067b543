"""Builders of what accounts have besides orders: valid by default, a keyword changes one thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import MOMENT
from vouchsafe.domain.authorization import DcvMethodName, Proof
from vouchsafe.domain.organization import (
    Contact,
    Organization,
    OrganizationCheck,
    OrganizationValidation,
)
from vouchsafe.domain.proofs import DomainProof


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
