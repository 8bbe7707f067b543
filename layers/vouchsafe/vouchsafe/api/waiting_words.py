"""What an order waits for, in plain words: which gate, since when, until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..domain.authorization import Authorization, AuthorizationStatus
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.dossier import Dossier
from ..domain.gates import Gate
from ..domain.requests import RequestStatus
from ..domain.waiting import PEOPLES_PART
from .dialect import timestamp


def waiting_for(dossier: Dossier) -> list[dict[str, Any]]:
    """One row for each gate that the newest certificate waits for; none once it is claimed or over.

    People are asked only when every name is proven, so their gates show from then on.
    """
    certificate = dossier.newest
    if certificate.status is CertificateStatus.AWAITING_APPROVAL:
        return [_approval(dossier, certificate)]
    if certificate.status is not CertificateStatus.PENDING:
        return []
    parked = certificate.parked
    if certificate.waits_for_people and parked is not None:
        return [_row(g, PEOPLES_PART[g], parked.since, parked.until) for g in parked.gates]
    return [_validation(certificate, dossier.authorizations.get(certificate.certificate_id, ()))]


def _approval(dossier: Dossier, certificate: Certificate) -> dict[str, Any]:
    ids = (certificate.certificate_id,)
    asked = [
        each
        for each in dossier.requests
        if each.status is RequestStatus.PENDING and each.certificate_ids == ids
    ]
    since = asked[-1].created_at if asked else certificate.created_at
    until = asked[-1].lapses_at if asked else None
    return _row(Gate.APPROVAL, PEOPLES_PART[Gate.APPROVAL], since, until)


def _validation(certificate: Certificate, items: tuple[Authorization, ...]) -> dict[str, Any]:
    """Names first; CAA is looked at when they are proven."""
    window = certificate.window
    since = window.opened_at if window else certificate.created_at
    until = window.deadline if window else None
    names = sum(item.status is not AuthorizationStatus.VALID for item in items)
    if names:
        what = f"proof of control over {names} name{'s' if names > 1 else ''}"
        return _row(Gate.DOMAINS, what, since, until)
    return _row(Gate.CAA, "CAA records that permit the issue", since, until)


def _row(gate: Gate, what: str, since: datetime, until: datetime | None) -> dict[str, Any]:
    row = {"gate": gate.value, "what": what, "since": timestamp(since)}
    return row if until is None else row | {"until": timestamp(until)}
