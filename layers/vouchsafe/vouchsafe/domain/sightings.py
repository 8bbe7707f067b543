"""From what the name servers said about one name to an answer with a named cause."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from . import explaining as why
from .authorization import Observation
from .causes import CauseCode, Telling, tell
from .dcv import Match, compare, settles
from .looking import DcvAnswer, DcvQuestion
from .resolution import Resolution

_OBSERVATIONS_EACH = 4
_OBSERVATIONS = 12


def nothing_near(question: DcvQuestion, seen: Sequence[Resolution]) -> bool:
    """Whether nothing like the value was seen, so that looking elsewhere may explain it."""
    return any(one.looked_up for one in seen) and all(
        compare(question, one.name, variant) in {Match.OTHER, Match.NOTHING}
        for one in seen
        for variant in one.variants
    )


def judge_dcv(
    question: DcvQuestion,
    seen: Sequence[Resolution],
    elsewhere: why.Elsewhere | None = None,
    followed: tuple[str, ...] = (),
) -> DcvAnswer:
    """The answer to `question` from the look-ups of its places, in the order asked.

    `elsewhere`: what was seen where a record lands by mistake. `followed`: the CNAME targets by
    which the name was replaced before the last places were asked. An answer is complete when it is
    proven or every place could be looked up.
    """
    proven = next((one for one in seen if settles(question, one)), None)
    if proven is not None:
        static = proven.name in question.authorization_domains
        return _proven(question, proven, () if static else followed)
    telling, about = _explain(question, seen, elsewhere or {})
    rest = [one for one in (*seen, *(elsewhere or {}).values()) if one is not about]
    return DcvAnswer(
        name=question.name,
        completed=bool(seen) and all(one.looked_up for one in seen),
        passed=False,
        cause=telling.cause,
        explanation=telling.explanation,
        advice=telling.advice,
        observations=_evidence([about, *rest]),
    )


def _proven(question: DcvQuestion, at: Resolution, followed: tuple[str, ...]) -> DcvAnswer:
    telling = tell(CauseCode.PROVEN, **why.facts(question, at))
    return DcvAnswer(
        name=question.name,
        completed=True,
        passed=True,
        cause=telling.cause,
        explanation=telling.explanation,
        advice=telling.advice,
        authorization_domain=at.name,
        record=question.value,
        aliases=at.aliases,
        followed=followed,
        observations=at.observations(_OBSERVATIONS),
        dnssec=at.dnssec,
    )


def _evidence(seen: Sequence[Resolution]) -> tuple[Observation, ...]:
    lines = [line for one in seen for line in one.observations(_OBSERVATIONS_EACH)]
    return tuple(lines[:_OBSERVATIONS])


def _explain(
    question: DcvQuestion, seen: Sequence[Resolution], elsewhere: why.Elsewhere
) -> why.Explained:
    """The most telling cause and the look-up it is about: nearest to the value first."""
    return (
        _first(question, seen, why.disagreement, why.behind_alias, why.near_miss)
        or why.misplaced(question, elsewhere)
        or _first(question, seen, why.old_value, why.alias_in_the_way, why.other)
        or why.without_records(question, seen, elsewhere)
    )


def _first(
    question: DcvQuestion,
    seen: Sequence[Resolution],
    *explainers: Callable[[DcvQuestion, Resolution], Telling | None],
) -> why.Explained | None:
    for explainer in explainers:
        for one in seen:
            if (telling := explainer(question, one)) is not None:
                return telling, one
    return None
