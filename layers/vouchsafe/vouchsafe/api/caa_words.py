"""What CAA says about an order that waits, name by name, for clients that ask for it."""

from __future__ import annotations

from ..domain.authorization import CaaFinding
from ..domain.certificate import CertificateStatus
from ..domain.dossier import Dossier

_WAITING = frozenset(
    {
        CertificateStatus.AWAITING_APPROVAL,
        CertificateStatus.PENDING,
        CertificateStatus.PROCESSING,
    }
)
_NOT_YET = "CAA was not looked up yet."
_PERMITTED = "CAA permits us to issue."


def caa_messages(dossier: Dossier) -> dict[str, dict[str, str]]:
    """`caa_status_message`: a sentence by name (RFC 8659); nothing once the order does not wait."""
    certificate = dossier.under_way or dossier.newest
    if certificate.status not in _WAITING:
        return {}
    found = certificate.caa.findings if certificate.caa else ()
    told = {finding.name: _sentence(finding) for finding in found}
    names = [identifier.value for identifier in certificate.identifiers]
    return {"caa_status_message": {name: told.get(name, _NOT_YET) for name in names}}


def _sentence(finding: CaaFinding) -> str:
    if finding.permitted and finding.completed:
        return _PERMITTED
    failed = "CAA forbids us to issue" if finding.completed else "CAA could not be looked up"
    return f"{failed}: {finding.detail}" if finding.detail else f"{failed}."
