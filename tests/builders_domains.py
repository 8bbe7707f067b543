"""Builders of domains: valid by default, a keyword changes one thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import MOMENT, a_random_value
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.domains import Approval, Domain, DomainListing, listing_of
from vouchsafe.domain.products import ValidationLevel


def a_domain(**changed: Any) -> Domain:
    """Domain 801 of account 1, example.com, to be proven by TXT, looked at in a minute."""
    domain = Domain(
        domain_id=801,
        account_id=1,
        place=0,
        name="example.com",
        container_id=3,
        container_name="Example Ltd",
        method=DcvMethodName.DNS_TXT,
        kinds=(ValidationLevel.DV,),
        created_at=MOMENT,
        random_value=a_random_value(),
        next_look_at=MOMENT + timedelta(minutes=1),
    )
    return replace(domain, **changed)


def an_approval(**changed: Any) -> Approval:
    """By a TXT record at example.com, made at MOMENT."""
    approval = Approval(
        proven_at=MOMENT,
        method=DcvMethodName.DNS_TXT,
        authorization_domain="example.com",
        value="_abcdefghijklmnopqrstuvwxyz",
    )
    return replace(approval, **changed)


def with_row(domain: Domain) -> tuple[Domain, DomainListing]:
    """A domain and its row, as they are committed."""
    return domain, listing_of(domain)
