"""What operators decide of a certificate: its issuer, and the rules they add to its profile."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..domain.calendar import short_lived_end, short_lived_life
from ..domain.certificate import Certificate
from ..domain.drafting import IssuanceRequest
from ..domain.errors import Unavailable
from ..domain.issuers import Issuer, choose_issuer
from ..domain.linting import Finding, LintRefused, Severity
from ..domain.products import PRODUCTS
from ..domain.profile_rules import ProfileRules
from ..ports import Issuers


def issuer_for(certificate: Certificate, now: datetime, issuers: Issuers) -> Issuer:
    """Who signs; chosen at every claim anew, and kept from then on (`Intent.issuer_id`).

    Raises Unavailable while nobody does, so that the certificate waits and is tried again.
    """
    product = PRODUCTS[certificate.product_id]
    issuer = choose_issuer(issuers.all(), product, now)
    if issuer is None:
        raise Unavailable(f"no issuing CA serves {product.product_id} now; hold the ceremony")
    return issuer


def tightened(
    request: IssuanceRequest, certificate: Certificate, rules: ProfileRules
) -> IssuanceRequest:
    """The request as `rules` leave it: never longer, never with more in it.

    Who wished for no longer a life than a short-lived certificate has gets one, whatever the start
    lies back (BR 1.6.1). Raises LintRefused for a key or names that the rules do not take.
    """
    rule = rules.of(PRODUCTS[certificate.product_id])
    names = map(rule.name_fault, request.identifiers)
    faults = (rule.key_fault(request.public_key), *names)
    refused = [
        Finding(Severity.ERROR, "vouchsafe.profile_rules", fault, "ProfileRules")
        for fault in faults
        if fault
    ]
    if refused:
        raise LintRefused(refused)
    latest = rule.latest(request.not_before)
    if certificate.ends_at - certificate.created_at <= short_lived_life(request.not_before):
        latest = min(latest, short_lived_end(request.not_before))
    return replace(
        request,
        not_after=min(request.not_after, latest),
        names_subject=request.names_subject and rule.common_name,
    )
