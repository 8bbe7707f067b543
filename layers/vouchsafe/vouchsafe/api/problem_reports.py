"""The routes of reported problems: what operators read of them and do with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ..dependencies import OperatorsApi
from ..domain.errors import Flaw, invalid, not_found
from ..domain.problem_reports import CaseStage, ProblemCase
from ..domain.revocation import RevocationReason
from ..services.problem_work import (
    CasePorts,
    Verdict,
    add_note,
    certificate_of,
    report_preliminarily,
)
from ..services.problem_work import decide as decide_case
from ..services.withdrawing import WithdrawalPorts
from .call import Answer, Call, answer_json, told
from .dialect import certificate_status, timestamp
from .filter_values import read_moment
from .idempotency import once_only
from .paging import whole, without_nothing
from .problem_schemas import ProblemDecisionBody, ProblemFindingBody, ProblemNoteBody
from .reading import validated
from .review_reading import read_reason

_MOST_ROWS = 100
_LONGEST_FINDING = 2000
_STAGES = {stage.value: stage for stage in CaseStage}
_REASONS = {reason.value: reason for reason in RevocationReason}
_REVOKE, _DECLINE = "revoke", "decline"


def list_cases(call: Call, deps: OperatorsApi) -> Answer:
    """GET operator/problem-report[?stage=&after=&limit=]."""
    stage = _STAGES.get(call.query.get("stage") or CaseStage.WAITING.value)
    if stage is None:
        raise invalid(Flaw("stage", f"must be one of {', '.join(_STAGES)}"))
    limit = whole(call.query, "limit", _MOST_ROWS, most=_MOST_ROWS)
    found = deps.cases.cases(stage, call.query.get("after", ""), limit)
    now = deps.clock.now()
    rows = [without_nothing(_row(each, now)) for each in found]
    more = {"next": found[-1].case_id} if found and len(found) == limit else {}
    return answer_json({"problems": rows} | more)


def read(call: Call, deps: OperatorsApi) -> Answer:
    """GET operator/problem-report/{case}."""
    case = deps.cases.case(call.parts["case"])
    if case is None:
        raise not_found("problem")
    return answer_json(_info(case, deps))


def note(call: Call, deps: OperatorsApi) -> Answer:
    """POST operator/problem-report/{case}/note."""
    body, warnings = validated(ProblemNoteBody, call.body())
    flaws: list[Flaw] = []
    text = read_reason(body.text, "text", flaws)
    if flaws:
        raise invalid(*flaws)

    def answer(case: ProblemCase) -> Answer:
        return answer_json(_info(case, deps) | told(warnings))

    once, ports = once_only(call, answer), _ports(deps)
    return answer(add_note(call.parts["case"], text, call.principal, once=once, ports=ports))


def report(call: Call, deps: OperatorsApi) -> Answer:
    """POST operator/problem-report/{case}/preliminary-report."""
    body, warnings = validated(ProblemFindingBody, call.body())
    flaws: list[Flaw] = []
    text = _finding(body.finding, flaws)
    if flaws:
        raise invalid(*flaws)

    def answer(case: ProblemCase) -> Answer:
        return answer_json(_info(case, deps) | told(warnings))

    once, ports = once_only(call, answer), _ports(deps)
    case_id = call.parts["case"]
    return answer(report_preliminarily(case_id, text, call.principal, once=once, ports=ports))


def decide(call: Call, deps: OperatorsApi) -> Answer:
    """POST operator/problem-report/{case}/decision."""
    body, warnings = validated(ProblemDecisionBody, call.body())
    verdict = _verdict(body)

    def answer(case: ProblemCase) -> Answer:
        return answer_json(_info(case, deps) | told(warnings))

    once, ports = once_only(call, answer), _ports(deps)
    case_id = call.parts["case"]
    return answer(decide_case(case_id, verdict, call.principal, once=once, ports=ports))


def _verdict(body: ProblemDecisionBody) -> Verdict:
    flaws: list[Flaw] = []
    finding, reason = _finding(body.finding, flaws), _REASONS.get(body.reason or "")
    if body.decision not in {_REVOKE, _DECLINE}:
        flaws.append(Flaw("decision", f"must be {_REVOKE} or {_DECLINE}"))
    if body.decision == _REVOKE and reason is None:
        flaws.append(Flaw("reason", f"must be one of {', '.join(_REASONS)}"))
    if body.decision == _DECLINE:
        given = [name for name in ("reason", "revoke_at") if getattr(body, name)]
        flaws += [Flaw(name, "belongs to a revocation") for name in given]
    revoke_at = read_moment(body.revoke_at, "revoke_at", flaws)
    if flaws:
        raise invalid(*flaws)
    return Verdict(finding=finding, reason=reason, revoke_at=revoke_at)


def _finding(text: str | None, flaws: list[Flaw]) -> str:
    given = (text or "").strip()
    if not 1 <= len(given) <= _LONGEST_FINDING:
        flaws.append(Flaw("finding", f"must be 1 to {_LONGEST_FINDING} characters long"))
    return given


def _ports(deps: OperatorsApi) -> CasePorts:
    return CasePorts(
        cases=deps.cases,
        withdrawing=WithdrawalPorts(
            ledger=deps.ledger, workflow=deps.workflow, clock=deps.clock, entropy=deps.entropy
        ),
    )


def _row(case: ProblemCase, now: datetime) -> dict[str, Any]:
    waiting = case.stage is CaseStage.WAITING
    return {
        "case": case.case_id,
        "stage": case.stage.value,
        "problem": case.reports[0].kind.value,
        "proven": any(each.proven for each in case.reports),
        "reports": len(case.reports),
        "serial_number": f"{case.serial:032x}",
        "certificate_id": case.certificate_id,
        "order_id": case.order_id,
        "account_id": case.account_id,
        "date_opened": timestamp(case.opened_at),
        "preliminary_report_by": timestamp(case.report_due),
        "hours_left": (case.report_due - now) // timedelta(hours=1) if waiting else None,
        "date_answered": timestamp(case.preliminary_at) if case.preliminary_at else None,
    }


def _info(case: ProblemCase, deps: OperatorsApi) -> dict[str, Any]:
    now = deps.clock.now()
    certificate = certificate_of(case, deps.ledger.order(case.order_id))
    said = [
        {
            "date": timestamp(each.at),
            "problem": each.kind.value,
            "evidence": each.evidence,
            "email": each.reporter or None,
            "proven": each.proven,
        }
        for each in case.reports
    ]
    notes = [{"date": timestamp(n.at), "by": n.actor, "text": n.text} for n in case.notes]
    more = {
        "common_name": certificate.common_name,
        "certificate_status": certificate_status(certificate, now),
        "said": [without_nothing(each) for each in said],
        "notes": notes,
        "preliminary_report": case.preliminary or None,
        "decision": _decision(case),
    }
    return without_nothing(_row(case, now) | more)


def _decision(case: ProblemCase) -> dict[str, Any] | None:
    made = case.decision
    if made is None:
        return None
    row = {
        "date": timestamp(made.at),
        "by": made.actor,
        "decision": _REVOKE if made.reason else _DECLINE,
        "finding": made.finding,
        "reason": made.reason.value if made.reason else None,
        "revoke_at": timestamp(made.revoke_at) if made.revoke_at else None,
        "date_begun": timestamp(made.done_at) if made.done_at else None,
    }
    return without_nothing(row)
