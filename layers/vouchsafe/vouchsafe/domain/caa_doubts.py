"""A permission of CAA that the primary reads, and not enough of the other places (BR 3.2.2.9).

It is none; but it is no refusal either, and nothing failed to be looked up: it has causes of its
own, which say from where it looks otherwise, and which record is read there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .authorization import CaaFinding
from .cause import CauseCode
from .corroboration import Corroboration
from .looking import LookReport

_LONGEST = 300  # characters


def doubted(
    finding: CaaFinding, verdict: Corroboration, reports: Sequence[LookReport], number: int
) -> CaaFinding:
    """`finding`, the primary's permission, once `verdict` did not corroborate it.

    `number` is its place among the questions that the `reports` answer. Where other places read a
    refusal, their record stands in it instead of the primary's.
    """
    against = _refusals(reports, number)
    if verdict.cause is not CauseCode.PERSPECTIVES_DISAGREE or not against:
        return replace(
            finding,
            completed=False,
            permitted=False,
            doubt=CauseCode.CAA_TOO_FEW_PERSPECTIVES,
            detail=f"{verdict.quorum} agree ({verdict.detail})"[:_LONGEST],
        )
    _, read = against[0]
    places = ", ".join(place for place, _ in against)
    return replace(
        finding,
        completed=False,
        permitted=False,
        doubt=CauseCode.CAA_FORBIDS_ELSEWHERE,
        deciding_name=read.deciding_name,
        deciding_record=read.deciding_record,
        detail=f"{places}: {read.detail} ({verdict.quorum} places agree)"[:_LONGEST],
    )


def _refusals(reports: Sequence[LookReport], number: int) -> list[tuple[str, CaaFinding]]:
    """The places that read a refusal, each with what it found."""
    answered = (one for one in reports if not one.error and number < len(one.caa))
    found = ((one.perspective, one.caa[number].finding) for one in answered)
    return [(place, read) for place, read in found if read.completed and not read.permitted]
