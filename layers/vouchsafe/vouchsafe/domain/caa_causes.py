"""What CAA says against a certificate, as a cause with advice."""

from __future__ import annotations

from .authorization import CaaFinding, DnssecStatus
from .causes import CauseCode, Telling, tell

_NAMELESS = "our issuer domain name"


def caa_telling(finding: CaaFinding) -> Telling | None:
    """Why CAA does not let us issue for a name, and what to do; None where it does."""
    if finding.permitted:
        return None
    name = f"*.{finding.name}" if finding.wildcard else finding.name
    if not finding.completed and finding.dnssec is DnssecStatus.BOGUS:
        return tell(CauseCode.CAA_BOGUS, name=name, detail=finding.detail)
    if not finding.completed:
        return tell(CauseCode.CAA_LOOKUP_FAILED, name=name, detail=finding.detail)
    decided_by_wildcard = finding.wildcard and "issuewild" in finding.deciding_record.lower()
    return tell(
        CauseCode.CAA_FORBIDS,
        name=name,
        where=finding.deciding_name,
        detail=finding.detail,
        tag="issuewild" if decided_by_wildcard else "issue",
        issuer=finding.issuer or _NAMELESS,
    )
