"""What operators do with reported problems: note, report, decide (BR 4.9.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.accounts import Principal
from ..domain.certificate import Certificate
from ..domain.dossier import Dossier
from ..domain.errors import ErrorCode, Flaw, Unavailable, VouchsafeError, invalid, not_found
from ..domain.problem_reports import MOST_NOTES, CaseNote, CaseStage, Decision, ProblemCase
from ..domain.revocation import RevocationReason
from ..intake_ports import Cases
from ..record import Record
from .attempts import attempted
from .blocking import block_key_for, key_hash_of
from .idempotency import OnceOnly
from .problem_records import case_change, told_to_all
from .withdrawing import Withdrawal, WithdrawalPorts, withdraw_certificate

#: Less than the time between two passes of the clockwork: nothing is set for so soon.
_NOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePorts:
    """What working on cases needs."""

    cases: Cases
    withdrawing: WithdrawalPorts


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an operator decides. Without a reason the certificate stays as it is.

    `revoke_at` None: at once.
    """

    finding: str
    reason: RevocationReason | None = None
    revoke_at: datetime | None = None


type Work = Callable[[ProblemCase, datetime], tuple[ProblemCase, tuple[Record, ...]]]


def add_note(
    case_id: str,
    text: str,
    principal: Principal,
    *,
    once: OnceOnly[ProblemCase] | None,
    ports: CasePorts,
) -> ProblemCase:
    """Write something down, for operators alone. Raises not_found, and CONFLICT for too many."""

    def work(case: ProblemCase, now: datetime) -> tuple[ProblemCase, tuple[Record, ...]]:
        if len(case.notes) >= MOST_NOTES:
            raise _refused(f"It has {MOST_NOTES} notes already.")
        actor = _actor(principal)
        note = CaseNote(at=now, actor=actor, text=text)
        noted = replace(case, notes=(*case.notes, note), version=case.version + 1)
        entropy = ports.withdrawing.entropy
        return noted, (noted, case_change(noted, "noted", actor, now=now, entropy=entropy))

    return _worked(case_id, work, once, ports)


def report_preliminarily(
    case_id: str,
    text: str,
    principal: Principal,
    *,
    once: OnceOnly[ProblemCase] | None,
    ports: CasePorts,
) -> ProblemCase:
    """Tell everybody concerned what was found so far, which stops the 24 hours' clock.

    A further report may follow. Raises not_found, and CONFLICT for a case that is decided.
    """

    def work(case: ProblemCase, now: datetime) -> tuple[ProblemCase, tuple[Record, ...]]:
        _refuse_decided(case)
        told = replace(
            case,
            preliminary=text,
            preliminary_at=case.preliminary_at or now,
            version=case.version + 1,
        )
        return told, (told, *_steps(told, "preliminary", _actor(principal), now, ports))

    return _worked(case_id, work, once, ports)


def decide(
    case_id: str,
    verdict: Verdict,
    principal: Principal,
    *,
    once: OnceOnly[ProblemCase] | None,
    ports: CasePorts,
) -> ProblemCase:
    """Decide a case: revoke the certificate, now or at a moment, or leave it as it is.

    The final report goes out with it, and is the preliminary one where there was none. The
    clockwork carries it out, and blocks a compromised key. Raises not_found, CONFLICT for a case
    that is decided, INVALID for a moment past or later than BR 4.9.1.1 allows.
    """

    def work(case: ProblemCase, now: datetime) -> tuple[ProblemCase, tuple[Record, ...]]:
        _refuse_decided(case)
        decision = Decision(
            at=now,
            actor=_actor(principal),
            finding=verdict.finding,
            reason=verdict.reason,
            revoke_at=_moment(case, verdict, now) if verdict.reason else None,
        )
        decided = replace(
            case,
            decision=decision,
            preliminary_at=case.preliminary_at or now,
            version=case.version + 1,
        )
        return decided, (decided, *_steps(decided, "decided", decision.actor, now, ports))

    return _worked(case_id, work, once, ports)


def carry_out(case: ProblemCase, ports: CasePorts) -> ProblemCase:
    """Begin the revocation that was decided, and note that. Doing it again changes nothing.

    Raises Conflict when the case moved on, Unavailable for trouble that may pass.
    """
    decision, clock = case.decision, ports.withdrawing.clock
    if decision is None or decision.reason is None or decision.done_at is not None:
        return case
    certificate = certificate_of(case, ports.withdrawing.ledger.order(case.order_id))
    if decision.reason is RevocationReason.KEY_COMPROMISE:
        block_key_for(
            key_hash_of(certificate),
            f"Problem {case.case_id}",
            decision.actor,
            ledger=ports.withdrawing.ledger,
            clock=clock,
            entropy=ports.withdrawing.entropy,
        )
    wish = Withdrawal(reason=decision.reason, comments=decision.finding, actor=decision.actor)
    withdraw_certificate(case.order_id, case.certificate_id, wish, ports.withdrawing)
    now = clock.now()
    done = replace(case, decision=replace(decision, done_at=now), version=case.version + 1)
    entropy = ports.withdrawing.entropy
    change = case_change(done, "carried_out", decision.actor, now=now, entropy=entropy)
    ports.withdrawing.ledger.commit(done, change)
    return done


def certificate_of(case: ProblemCase, dossier: Dossier | None) -> Certificate:
    """The certificate that a case is about. Raises Unavailable where its order is not read."""
    if dossier is None:
        raise Unavailable(f"order {case.order_id} cannot be read")
    return dossier.certificate(case.certificate_id)


def _worked(
    case_id: str, work: Work, once: OnceOnly[ProblemCase] | None, ports: CasePorts
) -> ProblemCase:
    def attempt(now: datetime) -> tuple[ProblemCase, tuple[Record, ...]]:
        case = ports.cases.case(case_id)
        if case is None:
            raise not_found("problem")
        return work(case, now)

    given = ports.withdrawing
    what = f"case {case_id}"
    return attempted(attempt, once=once, what=what, ledger=given.ledger, clock=given.clock)


def _steps(
    case: ProblemCase, step: str, actor: str, now: datetime, ports: CasePorts
) -> tuple[Record, ...]:
    """The step for the log, and for each who is told."""
    entropy = ports.withdrawing.entropy
    own = case_change(case, step, actor, now=now, entropy=entropy)
    return own, *told_to_all(case, step, actor, now=now, entropy=entropy)


def _moment(case: ProblemCase, verdict: Verdict, now: datetime) -> datetime:
    """When the certificate is to be revoked. Raises INVALID about `revoke_at`."""
    wanted = verdict.revoke_at
    if wanted is None:
        return now
    if verdict.reason is RevocationReason.KEY_COMPROMISE:
        raise invalid(Flaw("revoke_at", "cannot be set for a compromised key: it is at once"))
    if wanted < now - _NOW:
        raise invalid(Flaw("revoke_at", "is past"))
    latest = case.latest_revocation(verdict.reason or RevocationReason.UNSPECIFIED)
    if wanted > max(latest, now):
        until = latest.strftime("%Y-%m-%dT%H:%M:%SZ")
        raise invalid(Flaw("revoke_at", f"must be at the latest {until} (BR 4.9.1.1)"))
    return max(wanted, now)


def _refuse_decided(case: ProblemCase) -> None:
    if case.stage is CaseStage.DECIDED:
        raise _refused("It is decided.")


def _refused(detail: str) -> VouchsafeError:
    return VouchsafeError(ErrorCode.CONFLICT, detail, subject="problem")


def _actor(principal: Principal) -> str:
    return f"operator {principal.user_id}"
