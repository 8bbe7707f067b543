"""Logs and metrics of every function: structured, by event name, never a secret."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from .domain.metrics import KINDS, Metric
from .domain.watched import Fact

_VARIABLE = "POWERTOOLS_METRICS_NAMESPACE"
_ELSEWHERE = "vouchsafe"  # the namespace where no stack gives its name


@cache
def logger() -> Logger:
    """The function's logger; service name and level come from Powertools' environment variables."""
    return Logger(utc=True, log_uncaught_exceptions=False)


def emit(metric: Metric, value: float = 1, *, state: str = "", **more: Any) -> None:
    """Tell one value of a metric, as one line in CloudWatch's embedded format.

    `state` is the value of its one dimension, for metrics that have one; `more` are properties of
    the line, to be asked of the logs. Raises ValueError for a state that the metric does not know.
    """
    kind = KINDS[metric]
    if kind.filtered or (state or None) not in (kind.states or (None,)):
        raise ValueError(f"{metric} has no state {state!r} to be told from here")
    namespace = os.environ.get(_VARIABLE, _ELSEWHERE)
    unit = MetricUnit(kind.unit)
    with single_metric(name=metric.value, unit=unit, value=value, namespace=namespace) as line:
        line.service = ""  # else it is a second dimension, and no alarm finds the metric
        if state:
            line.add_dimension(name="state", value=state)
        for name, found in more.items():
            line.add_metadata(key=name, value=found)


def tell(fact: Fact) -> None:
    """Emit a fact."""
    emit(fact.metric, fact.value, state=fact.state, **fact.more)


def incident(kind: str, count: int = 1, **more: Any) -> None:
    """Something that only a person can mend: raises the alarm at once; nothing where `count` is 0.

    `kind` names it in docs/runbooks/incident.md.
    """
    if count:
        emit(Metric.INCIDENTS, count, kind=kind, **more)


def mail_outcome(state: str, **more: Any) -> None:
    """What came of one mail: told, refused (nobody could be reached) or failed (comes again)."""
    emit(Metric.MAILS, state=state, **more)


def webhook_outcome(state: str, count: int = 1, **more: Any) -> None:
    """What came of deliveries: told, refused (given up) or failed (comes again); none, no line."""
    if count:
        emit(Metric.WEBHOOKS, count, state=state, **more)


def left_behind(duty: str, count: int) -> bool:
    """Tell how much work a duty did not get to, where there is any; whether it did all of it."""
    if count:
        emit(Metric.WORK_LEFT, count, duty=duty)
    return not count
