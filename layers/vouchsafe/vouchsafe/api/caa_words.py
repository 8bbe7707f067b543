"""What CAA says about an order that waits, name by name, for clients that ask for it."""

from __future__ import annotations

from typing import Any

from ..domain.authorization import CaaFinding
from ..domain.caa_causes import caa_telling
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.dossier import Dossier
from ..domain.identifiers import Identifier
from .dialect import timestamp

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
    told = {_asked_for(finding): _sentence(finding) for finding in found}
    names = [identifier.value for identifier in certificate.identifiers]
    return {"caa_status_message": {name: told.get(name, _NOT_YET) for name in names}}


def _asked_for(finding: CaaFinding) -> str:
    return f"*.{finding.name}" if finding.wildcard else finding.name


def caa_standing(certificate: Certificate, identifier: Identifier) -> dict[str, Any]:
    """`caa`: what the newest check of CAA found about one name; nothing where it was not asked."""
    check = certificate.caa
    found = [one for one in check.findings if _asked_for(one) == identifier.value] if check else []
    if check is None or not found:
        return {}
    finding, telling = found[0], caa_telling(found[0])
    refused = "forbidden" if finding.completed else "unknown"
    standing: dict[str, Any] = {
        "status": "permitted" if finding.permitted else refused,
        "checked_at": timestamp(check.checked_at),
        "record_name": finding.deciding_name,
        "record": finding.deciding_record,
        "detail": finding.detail,
        "dnssec": finding.dnssec,
        "perspectives": [
            {
                "perspective": one.perspective,
                "rir": one.rir,
                "completed": one.completed,
                "passed": one.passed,
                "detail": one.detail,
            }
            for one in check.perspectives
        ],
    }
    if telling is not None:
        standing["cause"] = telling.cause
        standing["explanation"] = telling.explanation
        standing["advice"] = telling.advice
    return {"caa": standing}


def _sentence(finding: CaaFinding) -> str:
    if finding.permitted and finding.completed:
        return _PERMITTED
    failed = "CAA forbids us to issue" if finding.completed else "CAA could not be looked up"
    if finding.doubt:
        failed = "Too few of our places read a permission of CAA"
    return f"{failed}: {finding.detail}" if finding.detail else f"{failed}."
