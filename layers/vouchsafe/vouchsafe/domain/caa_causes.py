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
    decided_by_wildcard = finding.wildcard and "issuewild" in finding.deciding_record.lower()
    return tell(
        _cause(finding),
        name=name,
        where=finding.deciding_name,
        record=finding.deciding_record,
        detail=finding.detail,
        tag="issuewild" if decided_by_wildcard else "issue",
        issuer=finding.issuer or _NAMELESS,
    )


def _cause(finding: CaaFinding) -> CauseCode:
    if finding.doubt:
        return CauseCode(finding.doubt)
    if finding.completed:
        return CauseCode.CAA_FORBIDS
    bogus = finding.dnssec is DnssecStatus.BOGUS
    return CauseCode.CAA_BOGUS if bogus else CauseCode.CAA_LOOKUP_FAILED
