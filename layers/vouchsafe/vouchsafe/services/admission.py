"""Asking what people decided about a certificate: right before it matters, never from memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..domain.certificate import Certificate
from ..domain.grounds import Grounds, grounds_of, names_organization, policy_findings
from ..domain.order import Order
from ..domain.policy_lists import PolicyLists
from ..domain.proofs import Standing
from ..ports import Ledger, Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Where that is asked. `agreement` is the version of the subscriber agreement in force."""

    ledger: Ledger
    policies: Policies
    agreement: str = ""

    def grounds(self, order: Order, certificate: Certificate, now: datetime) -> Grounds:
        """What people decided, read strongly consistent; it counts as of `now`.

        Two calls, and a third where a name is on the list of high-risk names.
        """
        organization_id = order.organization_id if names_organization(certificate) else None
        standing = self.ledger.standing(certificate.account_id, organization_id=organization_id)
        return self.weighed(certificate, standing, self.policies.lists(), now)

    def weighed(
        self, certificate: Certificate, standing: Standing, lists: PolicyLists, now: datetime
    ) -> Grounds:
        """The same of what was read before; a call where a name is on the high-risk list."""
        return grounds_at(
            certificate,
            standing,
            lists,
            policies=self.policies,
            agreement=self.agreement,
            now=now,
        )


def grounds_at(
    certificate: Certificate,
    standing: Standing,
    lists: PolicyLists,
    *,
    policies: Policies,
    agreement: str,
    now: datetime,
) -> Grounds:
    """The same for an account's standing and the lists in force, read before.

    One call where a name is on the list of high-risk names, none otherwise.
    """
    organization = standing.organization if names_organization(certificate) else None
    findings = policy_findings(certificate, organization, lists)
    if findings.high_risk:
        cleared = policies.clearances(certificate.account_id).names
        findings = policy_findings(certificate, organization, lists, cleared)
    return grounds_of(
        certificate,
        account=standing.account,
        organization=organization,
        findings=findings,
        agreement=agreement,
        now=now,
    )
