"""One look at names that no order has yet: the same eyes and judgement, and nothing is written."""

from __future__ import annotations

from collections.abc import Sequence

from ..domain.authorization import Authorization, AuthorizationStatus, RandomValue
from ..domain.first_look import (
    CaaNameQuestion,
    FirstLookReport,
    FirstLookRequest,
    NameGlance,
    NameQuestion,
)
from ..domain.identifiers import parse_identifier
from ..domain.looking import CaaQuestion
from ..domain.progress import after_look
from ..domain.records import VALUE_LIFE
from .looking import Eyes, caa_question, check_caa, look_at_names

#: Stands for the value in what is told: whoever published that very one would do so in vain.
HIDDEN = "<the order's value>"


def first_look(request: FirstLookRequest, eyes: Eyes) -> FirstLookReport:
    """Look at the names and ask CAA, each as far as asked for.

    Raises ValueError for a name that is none.
    """
    names = _glances(request.names, eyes) if request.names else ()
    if not request.caa:
        return FirstLookReport(names=names)
    questions = (_question(one, request.account_id, eyes) for one in request.caa)
    check = check_caa(tuple(dict.fromkeys(questions)), eyes)
    return FirstLookReport(names=names, permitted=check.permitted, findings=check.findings)


def _question(one: CaaNameQuestion, account_id: int, eyes: Eyes) -> CaaQuestion:
    identifier = parse_identifier(one.name)
    return caa_question(identifier, one.validation_method, account_id, eyes.policy)


def _glances(asked: Sequence[NameQuestion], eyes: Eyes) -> tuple[NameGlance, ...]:
    now = eyes.clock.now()
    items = tuple(
        Authorization(
            identifier=parse_identifier(one.name),
            method=one.method,
            random_value=RandomValue(value=one.value, created_at=now, expires_at=now + VALUE_LIFE),
        )
        for one in asked
    )
    look = look_at_names(items, eyes=eyes)
    return tuple(_glance(one) for one in after_look(items, look))


def _glance(seen: Authorization) -> NameGlance:
    proven = seen.status is AuthorizationStatus.VALID
    last = seen.last_look
    value = seen.random_value.value if seen.random_value else ""
    return NameGlance(
        name=seen.identifier.value,
        proven=proven,
        cause=last.cause if last else "proven" if proven else "",
        explanation=last.explanation.replace(value, HIDDEN) if last else "",
        advice=last.advice.replace(value, HIDDEN) if last else "",
    )
