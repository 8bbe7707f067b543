"""Refusing to approve what the deployment's lists deny (BR 4.2.1, EVG 3.2.2.12.1)."""

from __future__ import annotations

from ..domain.dossier import Dossier
from ..domain.errors import ErrorCode, VouchsafeError
from ..domain.grounds import names_organization, policy_findings
from ..domain.policy_lists import PolicyFindings
from ..domain.requests import Request
from ..ports import Ledger, Policies


def refuse_denied(findings: PolicyFindings) -> None:
    """Raises VouchsafeError(CONFLICT, subject policy) naming every entry that denies."""
    if findings.denied:
        detail = f"It cannot be approved. {'; '.join(findings.denied)}."
        raise VouchsafeError(ErrorCode.CONFLICT, detail, subject="policy")


def refuse_denied_request(
    dossier: Dossier, request: Request, *, ledger: Ledger, policies: Policies
) -> None:
    """The same for a request for a certificate: its names, and its organization's.

    One look-up, and one more where the certificate is to name an organization.
    """
    certificate = dossier.certificate(request.certificate_ids[0])
    organization, order = None, dossier.order
    if names_organization(certificate) and order.organization_id is not None:
        standing = ledger.standing(order.account_id, organization_id=order.organization_id)
        organization = standing.organization
    refuse_denied(policy_findings(certificate, organization, policies.lists()))
