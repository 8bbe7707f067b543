"""Taking reports of problems with certificates, from anybody (BR 4.9.3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.addresses import folded
from ..domain.certificate import Certificate
from ..domain.changes import NOISE_BYTES, Change, ChangeKind, new_change_id
from ..domain.errors import Flaw, invalid
from ..domain.key_challenges import KeyChallenge
from ..domain.problem_reports import (
    MOST_REPORTS,
    CaseStage,
    OpenCase,
    ProblemCase,
    ProblemKind,
    Report,
)
from ..domain.revocation import RevocationReason
from ..ports import Ledger
from ..record import Record
from .attempts import attempted
from .key_proofs import IntakePorts, check_proof, spend, withdraw_proven
from .problem_records import case_change
from .problem_settling import settle_case, settle_cases

_FINDING = (
    "Whoever reported it showed that he holds the private key, so the key is compromised. The"
    " certificate is revoked, with every other one that has this key."
)
_COMMENTS = "The key of this certificate was reported compromised, with proof."


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How a certificate was named: by its serial number, or by a SHA-1 or SHA-256 (hex)."""

    serial: int | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What somebody reports. `proof` is a request signed by the certificate's key, "" for none."""

    naming: tuple[Naming, ...]  # the first that fits
    kind: ProblemKind
    evidence: str
    reporter: str = ""
    locale: str = ""
    proof: str = ""


def report_problem(complaint: Complaint, ports: IntakePorts) -> ProblemCase:
    """Open a case, or join the one that is open about the certificate.

    A compromise that comes with its proof is decided at once: the key is blocked and the
    certificate revoked. Raises VouchsafeError(INVALID) about `certificate` where it is none of
    ours, and about `csr` for a proof that is none.
    """
    certificate, serial = _meant(complaint.naming, ports.ledger)
    challenge = _proven(complaint, certificate, serial, ports)

    def attempt(now: datetime) -> tuple[ProblemCase, tuple[Record, ...]]:
        report = Report(
            at=now,
            kind=complaint.kind,
            evidence=complaint.evidence,
            reporter=complaint.reporter,
            locale=complaint.locale,
            proven=challenge is not None,
        )
        return _filed(report, certificate, serial, now, ports)

    what = "the case about this certificate"
    case = attempted(attempt, once=None, what=what, ledger=ports.ledger, clock=ports.clock)
    if challenge is None:
        return case
    spend(challenge, ports)
    reason = RevocationReason.KEY_COMPROMISE
    outcome = withdraw_proven(certificate, reason, _COMMENTS, ports)
    decided = settle_case(case.case_id, _FINDING, ports)
    settle_cases(serial, reason, outcome, ports)  # those before it that were full
    return decided


def _meant(naming: tuple[Naming, ...], ledger: Ledger) -> tuple[Certificate, int]:
    """The certificate that is meant, and its serial number.

    It is said when there is none: its name is 128 random bits, which nobody has but whoever saw the
    certificate, and a report about another authority's certificate has to go there.
    """
    for name in naming:
        dossier = (
            ledger.order_of_thumbprint(name.digest)
            if name.serial is None
            else ledger.order_of_serial(name.serial)
        )
        for certificate in dossier.certificates if dossier else ():
            issued = certificate.issued
            if issued is not None and (
                issued.serial == name.serial or name.digest in (issued.sha1, issued.sha256)
            ):
                return certificate, issued.serial
    raise invalid(Flaw("certificate", "we issued no such certificate"))


def _proven(
    complaint: Complaint, certificate: Certificate, serial: int, ports: IntakePorts
) -> KeyChallenge | None:
    if not complaint.proof:
        return None
    if complaint.kind is not ProblemKind.KEY_COMPROMISE:
        raise invalid(Flaw("csr", "it proves a compromised key, which is not what is reported"))
    return check_proof(complaint.proof, certificate, serial, "report", field="csr", ports=ports)


def _filed(
    report: Report, certificate: Certificate, serial: int, now: datetime, ports: IntakePorts
) -> tuple[ProblemCase, tuple[Record, ...]]:
    """The case with the report in it, and what is to be written."""
    pointer = ports.cases.open_case(serial)
    standing = ports.cases.case(pointer.case_id) if pointer else None
    if standing is not None and _takes_more(standing):
        joined = replace(
            standing, reports=(*standing.reports, report), version=standing.version + 1
        )
        return joined, (joined, *_changes(joined, "joined", now, ports))
    case = ProblemCase(
        case_id=new_change_id(now, ports.entropy.bytes(NOISE_BYTES)),
        serial=serial,
        order_id=certificate.order_id,
        certificate_id=certificate.certificate_id,
        account_id=certificate.account_id,
        opened_at=now,
        reports=(report,),
        behind=_behind(standing),
    )
    opened = OpenCase(
        serial=serial, case_id=case.case_id, version=pointer.version + 1 if pointer else 1
    )
    return case, (case, opened, *_changes(case, "opened", now, ports))


def _behind(standing: ProblemCase | None) -> str:
    """Which case about the certificate stands open behind a new one."""
    if standing is None:
        return ""
    return standing.behind if standing.stage is CaseStage.DECIDED else standing.case_id


def _takes_more(case: ProblemCase) -> bool:
    return case.stage is not CaseStage.DECIDED and len(case.reports) < MOST_REPORTS


def _changes(case: ProblemCase, step: str, now: datetime, ports: IntakePorts) -> tuple[Change, ...]:
    """Told to operators; and to whoever reported, once for an address and case.

    A report with its proof is decided in the next moment, and answered by that.
    """
    *before, newest = case.reports
    told = case_change(
        case,
        step,
        "stranger",
        now=now,
        entropy=ports.entropy,
        kind=ChangeKind.PROBLEM_REPORTED,
        problem=newest.kind.value,
        proven=newest.proven,
    )
    known = {folded(each.reporter) for each in before}
    if newest.proven or not newest.reporter or folded(newest.reporter) in known:
        return (told,)
    place = len(before)
    answer = case_change(case, "acknowledged", "system", now=now, entropy=ports.entropy, to=place)
    return told, answer
