"""What a certificate waits for, in sentences for whoever reads the state machine's history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from .authorization import Authorization
from .certificate import Certificate
from .gates import Assessment, Gate, Verdict
from .progress import unproven

#: What people have to do so that a gate opens.
PEOPLES_PART: dict[Gate, str] = {
    Gate.APPROVAL: "the order's approval",
    Gate.AGREEMENT: "the account's acceptance of the subscriber agreement",
    Gate.CLEARANCE: "an operator's clearance of a high-risk name",
    Gate.ORGANIZATION: "the organization's validation",
}


def told_phase(
    certificate: Certificate,
    authorizations: Sequence[Authorization],
    assessment: Assessment,
    now: datetime,
) -> str:
    """Where the certificate stands: "waiting for proof of shop.example.com and 2 more names"."""
    if assessment.verdict is Verdict.DONE:
        reason = f" ({certificate.status_reason})" if certificate.status_reason else ""
        return f"certificate {certificate.certificate_id} is {certificate.status}{reason}"
    if assessment.verdict is Verdict.READY:
        return f"every gate is open for certificate {certificate.certificate_id}"
    gate = assessment.closed[0]
    if assessment.verdict is not Verdict.WAITING:
        gate = next((each for each in assessment.closed if each in PEOPLES_PART), gate)
    if gate is Gate.DOMAINS:
        return _waiting_for_names([one.identifier.base for one in unproven(authorizations, now)])
    if gate is Gate.CAA:
        return "waiting for CAA to permit the issue"
    return f"waiting for {PEOPLES_PART[gate]}"


def told_cause(
    certificate: Certificate,
    authorizations: Sequence[Authorization],
    assessment: Assessment,
    now: datetime,
) -> str:
    """Why the first closed gate is closed, as the newest look saw it; "" where none could."""
    if not assessment.closed:
        return ""
    if assessment.closed[0] is Gate.DOMAINS:
        looked = [one.last_look for one in unproven(authorizations, now) if one.last_look]
        return looked[0].explanation if looked else "not looked at yet"
    if assessment.closed[0] is Gate.CAA and certificate.caa is not None:
        refused = [one for one in certificate.caa.findings if not one.permitted]
        return (
            f"CAA for {refused[0].name}: {refused[0].detail}" if refused else "checked too long ago"
        )
    return ""


def _waiting_for_names(names: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(names))
    more = len(distinct) - 1
    and_more = f" and {more} more name{'s' if more > 1 else ''}" if more else ""
    return f"waiting for proof of {distinct[0]}{and_more}"
