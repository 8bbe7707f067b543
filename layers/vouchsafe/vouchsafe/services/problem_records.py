"""What is written down when a case moves, and whom it is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..domain.addresses import folded
from ..domain.changes import Change, ChangeKind
from ..domain.problem_reports import ProblemCase
from ..ports import Entropy
from .change_records import operators_change

#: What a change of a case says of whom it is told: the subscriber, or a report by its place.
SUBSCRIBER = "subscriber"


def case_change(
    case: ProblemCase,
    step: str,
    actor: str,
    *,
    now: datetime,
    entropy: Entropy,
    kind: ChangeKind = ChangeKind.PROBLEM_CHANGED,
    **more: Any,
) -> Change:
    """One step of a case, for the operators' own log: no address and no text of a stranger."""
    data = {
        "case_id": case.case_id,
        "step": step,
        "serial": f"{case.serial:032x}",
        "order_id": case.order_id,
        "certificate_id": case.certificate_id,
        "reports": len(case.reports),
    }
    subject = f"problem {case.case_id}"
    return operators_change(kind, subject, data | more, actor=actor, now=now, entropy=entropy)


def told_to_all(
    case: ProblemCase, step: str, actor: str, *, now: datetime, entropy: Entropy
) -> tuple[Change, ...]:
    """The step, once for each who reported and left an address, and for the subscriber (BR 4.9.5).

    Each is told by a mail of his own: nobody learns another's address.
    """
    places, seen = [], set[str]()
    for place, report in enumerate(case.reports):
        address = folded(report.reporter)
        if address and address not in seen:
            places.append(place)
        seen.add(address)
    to: list[str | int] = [SUBSCRIBER, *places]
    return tuple(case_change(case, step, actor, now=now, entropy=entropy, to=each) for each in to)
