"""Do enough other places, far enough apart, see what we see (BR 3.2.2.9)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .authorization import PerspectiveVerdict
from .calendar import dissent_allowed, rules_at
from .causes import CauseCode
from .looking import CaaAnswer, DcvAnswer, LookReport
from .regions import REGIONS, REMOTE_REGIONS, Region, distance_km, placement_flaws

__all__ = [
    "REGIONS",
    "REMOTE_REGIONS",
    "Corroboration",
    "Corroborations",
    "Region",
    "corroborate",
    "distance_km",
    "placement_flaws",
]

_REGISTRY_REGIONS = 2  # in which agreeing remotes must lie, BR 3.2.2.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Corroboration:
    """Whether one question's answer is corroborated.

    `cause` is PROVEN, or why not: TOO_FEW_PERSPECTIVES answered (wait), or PERSPECTIVES_DISAGREE.
    """

    corroborated: bool
    quorum: str  # agreeing remotes of those asked, "5/6"
    cause: CauseCode
    detail: str
    perspectives: tuple[PerspectiveVerdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corroborations:
    """One verdict for each question, in the order asked."""

    dcv: tuple[Corroboration, ...]
    caa: tuple[Corroboration, ...]


def corroborate(
    primary: LookReport, reports: Sequence[LookReport], now: datetime
) -> Corroborations:
    """Whether the remote `reports` agree with what `primary` saw, question by question.

    All reports answer the same questions in the same order. Every attempt counts alone: nothing is
    carried over from an earlier look.
    """
    return Corroborations(
        dcv=tuple(
            _weigh(_seen_dcv(primary, n), [_seen_dcv(r, n) for r in reports], now)
            for n in range(len(primary.dcv))
        ),
        caa=tuple(
            _weigh(_seen_caa(primary, n), [_seen_caa(r, n) for r in reports], now)
            for n in range(len(primary.caa))
        ),
    )


def _seen_dcv(report: LookReport, number: int) -> PerspectiveVerdict:
    answer: DcvAnswer | None = report.dcv[number] if number < len(report.dcv) else None
    if answer is None or report.error:
        return _could_not(report)
    return PerspectiveVerdict(
        perspective=report.perspective,
        rir=report.rir,
        completed=answer.completed,
        passed=answer.passed,
        detail=answer.cause,
    )


def _seen_caa(report: LookReport, number: int) -> PerspectiveVerdict:
    answer: CaaAnswer | None = report.caa[number] if number < len(report.caa) else None
    if answer is None or report.error:
        return _could_not(report)
    return PerspectiveVerdict(
        perspective=report.perspective,
        rir=report.rir,
        completed=answer.finding.completed,
        passed=answer.finding.permitted,
        detail=answer.finding.detail[:100],
    )


def _could_not(report: LookReport) -> PerspectiveVerdict:
    return PerspectiveVerdict(
        perspective=report.perspective,
        rir=report.rir,
        completed=False,
        passed=False,
        detail=report.error[:100] or "no answer to this question",
    )


def agreed(perspectives: Sequence[PerspectiveVerdict], at: datetime) -> bool:
    """Whether these verdicts, the primary's first, were enough under the rules of `at`."""
    if not perspectives:
        return False
    primary, *remotes = perspectives
    return _weigh(primary, remotes, at).corroborated


def _weigh(
    primary: PerspectiveVerdict, remotes: Sequence[PerspectiveVerdict], now: datetime
) -> Corroboration:
    places = list({one.perspective: one for one in remotes}.values())  # a place counts once
    agreeing = [one for one in places if one.completed and one.passed]
    silent = [one for one in places if not one.completed]
    needed = max(
        len(places) - dissent_allowed(len(places)),
        rules_at(now).remote_perspectives - dissent_allowed(rules_at(now).remote_perspectives),
    )
    code, detail = CauseCode.PROVEN, ""
    if not primary.passed:
        code, detail = CauseCode.PERSPECTIVES_DISAGREE, "the primary does not see it"
    elif len(places) < rules_at(now).remote_perspectives:
        code = CauseCode.TOO_FEW_PERSPECTIVES
        detail = f"{len(places)} asked, {rules_at(now).remote_perspectives} must be"
    elif len(agreeing) < needed and len(agreeing) + len(silent) >= needed:
        code = CauseCode.TOO_FEW_PERSPECTIVES
        detail = "no answer from " + ", ".join(one.perspective for one in silent)
    elif len(agreeing) < needed:
        code = CauseCode.PERSPECTIVES_DISAGREE
        detail = ", ".join(one.perspective for one in places if one not in agreeing)
    elif len({one.rir for one in agreeing}) < _REGISTRY_REGIONS:
        code, detail = CauseCode.TOO_FEW_PERSPECTIVES, "all agreeing places lie in one RIR region"
    return Corroboration(
        corroborated=code is CauseCode.PROVEN,
        quorum=f"{len(agreeing)}/{len(places)}",
        cause=code,
        detail=detail,
        perspectives=(primary, *places),
    )
