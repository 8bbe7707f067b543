"""What one check writes: the certificate and its names, what of it is told, what may be reused."""

from __future__ import annotations

from dataclasses import replace
from itertools import batched

from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import Change, ChangeKind
from ..domain.dossier import Authorizations, LookRecord
from ..domain.iodef import data_of, refusals
from ..domain.lifecycle import end_told, followed
from ..domain.nudging import hours_of
from ..domain.progress import Look, look_results, unproven
from ..domain.proofs import PROOFS_A_COMMIT, DomainProof, fresh_proofs
from ..domain.traces import subject_of, traced
from ..ports import Entropy, Record
from . import cases
from .cases import Case
from .change_records import certificate_change


def moved_records(before: Case, after: Case) -> tuple[Record, ...]:
    """The certificate, its names where anything about them changed, and the order that follows."""
    certificate = after.certificate
    records: list[Certificate | Authorizations] = [certificate]
    if after.authorizations != before.authorizations:
        records.append(
            Authorizations(
                order_id=certificate.order_id,
                certificate_id=certificate.certificate_id,
                items=after.authorizations,
            )
        )
    return *records, *followed(before.dossier.order, certificate)


def fresh_parts(before: Case, after: Case) -> list[tuple[DomainProof, ...]]:
    """What the account may use again, in as many parts as commits need; the first may be empty."""
    certificate = after.certificate
    found = fresh_proofs(
        certificate.account_id,
        certificate.order_id,
        certificate.certificate_id,
        before=before.authorizations,
        after=after.authorizations,
    )
    return [*batched(found, PROOFS_A_COMMIT, strict=False)] or [()]


def look_record(before: Case, after: Case, look: Look, run: int) -> LookRecord:
    """What is kept of a look that `run` made."""
    certificate = after.certificate
    return LookRecord(
        order_id=certificate.order_id,
        certificate_id=certificate.certificate_id,
        number=certificate.looks,
        run=run,
        looked_at=look.finished_at,
        results=look_results(before.authorizations, after.authorizations, look),
    )


def changes(before: Case, after: Case, entropy: Entropy) -> tuple[Change, ...]:
    """One change for all names proven, one for a refusal by CAA that is new, one for the newest
    reminder of missing proofs, one for the end.
    """
    told = []
    if proven := cases.newly_proven(before, after):
        change = _change(after, ChangeKind.NAME_PROVEN, {"names": proven}, entropy)
        told.append(replace(change, before={"status": "pending"}, after={"status": "valid"}))
    refused = refusals(after.certificate.caa)
    if refused and refused != refusals(before.certificate.caa):
        told.append(_change(after, ChangeKind.CAA_REFUSED, data_of(refused), entropy))
    if after.certificate.nudges > before.certificate.nudges:
        told.append(_change(after, ChangeKind.PROOF_REMINDER_DUE, _missing(after), entropy))
    ended = after.certificate
    if ended.status is CertificateStatus.INVALID:
        data: dict[str, object] = {"kind": str(ended.kind), "reason": str(ended.status_reason)}
        denied = before.grounds.denied if before.grounds else ()
        if denied:
            data["cause"] = "; ".join(denied)
        change = _change(after, end_told(ended), data, entropy)
        told.append(traced(change, before.certificate, ended))
    return tuple(told)


def _missing(case: Case) -> dict[str, object]:
    """For how long proofs have been missing, and whose."""
    names = [one.identifier.value for one in unproven(case.authorizations, case.now)]
    return {"hours": hours_of(case.certificate.nudges), "names": names}


def begun_anew(after: Case, entropy: Entropy) -> Change:
    """Names have new values to publish: their proofs lapsed while people were waited for."""
    return _change(after, ChangeKind.VALIDATION_BEGUN, {"reason": "proofs_lapsed"}, entropy)


def _change(case: Case, kind: ChangeKind, data: dict[str, object], entropy: Entropy) -> Change:
    subject = subject_of(case.certificate)
    return certificate_change(
        kind, case.certificate, data, now=case.now, entropy=entropy, subject=subject
    )
