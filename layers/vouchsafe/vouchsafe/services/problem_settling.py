"""What a proof that somebody holds a certificate's key does to the cases about the certificate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from ..domain.problem_reports import CaseNote, CaseStage, Decision, ProblemCase, ProblemKind
from ..domain.revocation import RevocationReason
from ..intake_ports import Cases
from ..record import Record
from .attempts import attempted
from .key_proofs import HOLDER, IntakePorts, Outcome, Standing
from .problem_records import case_change, told_to_all

_FINDING = (
    "Whoever holds the private key had the certificate revoked for its compromise, and proved that"
    " he holds it. The key is blocked, and every other certificate that has it is revoked, too."
)
_MOST_CASES = 50  # that stand open about one certificate, each with its twenty reports


def settle_cases(
    serial: int, reason: RevocationReason, outcome: Outcome, ports: IntakePorts
) -> None:
    """Settle the open cases about a certificate whose key somebody proved to hold.

    Those that report nothing but its key's compromise are decided, where it is revoked for that.
    On the others, and for another reason or an expired certificate, it is noted what was done.
    Doing it again changes nothing. Raises Unavailable for trouble that may pass.
    """
    for case in tuple(open_cases(serial, ports.cases)):
        if _decides(case, reason, outcome):
            settle_case(case.case_id, _FINDING, ports)
        else:
            _note(case.case_id, _noted(reason, outcome), ports)


def open_cases(serial: int, cases: Cases) -> Iterator[ProblemCase]:
    """The cases about a certificate that are not decided, the newest first."""
    pointer = cases.open_case(serial)
    case_id = pointer.case_id if pointer else ""
    for _ in range(_MOST_CASES):
        case = cases.case(case_id) if case_id else None
        if case is None:
            return
        if case.stage is not CaseStage.DECIDED:
            yield case
        case_id = case.behind


def _decides(case: ProblemCase, reason: RevocationReason, outcome: Outcome) -> bool:
    kinds = {each.kind for each in case.reports}
    ended = outcome.standing is Standing.EXPIRED
    compromised = reason is RevocationReason.KEY_COMPROMISE
    return compromised and not ended and kinds == {ProblemKind.KEY_COMPROMISE}


def _noted(reason: RevocationReason, outcome: Outcome) -> str:
    said = f"Whoever holds its key proved that and asked for its revocation ({reason})."
    if reason is RevocationReason.KEY_COMPROMISE:
        said += " The key is blocked."
    if outcome.standing is Standing.EXPIRED:
        said += " The certificate has expired."
    return said


def settle_case(case_id: str, finding: str, ports: IntakePorts) -> ProblemCase:
    """The case as decided by a proof; a decision that stands already stays."""

    def attempt(now: datetime) -> tuple[ProblemCase, tuple[Record, ...]]:
        case = _standing(case_id, ports.cases)
        if case.decision is not None:
            return case, ()
        decision = Decision(
            at=now,
            actor=HOLDER,
            finding=finding,
            reason=RevocationReason.KEY_COMPROMISE,
            revoke_at=now,
            done_at=now,
        )
        decided = replace(
            case,
            decision=decision,
            preliminary_at=case.preliminary_at or now,
            version=case.version + 1,
        )
        entropy = ports.entropy
        step = case_change(decided, "decided", HOLDER, now=now, entropy=entropy)
        all_told = told_to_all(decided, "decided", HOLDER, now=now, entropy=entropy)
        return decided, (decided, step, *all_told)

    return _attempted(case_id, attempt, ports)


def _note(case_id: str, text: str, ports: IntakePorts) -> None:
    """Write that on the case, once."""

    def attempt(now: datetime) -> tuple[ProblemCase, tuple[Record, ...]]:
        case = _standing(case_id, ports.cases)
        if case.decision is not None or any(each.text == text for each in case.notes):
            return case, ()
        note = CaseNote(at=now, actor=HOLDER, text=text)
        noted = replace(case, notes=(*case.notes, note), version=case.version + 1)
        return noted, (noted, case_change(noted, "noted", HOLDER, now=now, entropy=ports.entropy))

    _attempted(case_id, attempt, ports)


def _standing(case_id: str, cases: Cases) -> ProblemCase:
    case = cases.case(case_id)
    if case is None:
        raise LookupError(f"case {case_id} was just there")
    return case


def _attempted(
    case_id: str,
    attempt: Callable[[datetime], tuple[ProblemCase, tuple[Record, ...]]],
    ports: IntakePorts,
) -> ProblemCase:
    what = f"case {case_id}"
    return attempted(attempt, once=None, what=what, ledger=ports.ledger, clock=ports.clock)
