"""What the service's own metrics added up to, as CloudWatch has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from statistics import fmean, median
from typing import Any

from ..domain.metrics import Metric
from ..domain.numbers import Measured
from .sdk import patiently

_DAY = 86_400
#: Days begin at the time asked from, which CloudWatch rounds down by up to five minutes.
_LAST_DAY = timedelta(days=1, minutes=10)
#: What is asked: a metric, its state, and how a day's values become one.
_ASKED: Mapping[str, tuple[Metric, str, str]] = {
    "issued": (Metric.ORDERS, "issued", "Sum"),
    "revoked": (Metric.ORDERS, "revoked", "Sum"),
    "proof_to_issue": (Metric.PROOF_TO_ISSUE, "", "p50"),
    "revoked_to_published": (Metric.REVOKED_TO_PUBLISHED, "", "p50"),
    "duties_on_time": (Metric.DUTIES_ON_TIME, "", "Average"),
}


class CloudWatchMeasurements:
    """Port Measurements: one call, a value for each day."""

    def __init__(self, client: Any, namespace: str) -> None:
        self._client = client
        self._namespace = namespace

    def measured(self, since: datetime, until: datetime) -> Measured:
        """What happened from `since` to `until`. Raises Unavailable for trouble that may pass."""
        answer = patiently(
            lambda: self._client.get_metric_data(
                MetricDataQueries=[self._query(name) for name in _ASKED],
                StartTime=since,
                EndTime=until,
            )
        )
        days = {
            each["Id"]: dict(zip(each["Timestamps"], each["Values"], strict=True))
            for each in answer["MetricDataResults"]
        }
        last = until - _LAST_DAY
        issued = days.get("issued", {})
        return Measured(
            issued=int(sum(issued.values())),
            issued_last_day=int(sum(n for at, n in issued.items() if at >= last)),
            revoked=int(sum(days.get("revoked", {}).values())),
            proof_to_issue=_middle(days.get("proof_to_issue", {})),
            revoked_to_published=_middle(days.get("revoked_to_published", {})),
            duties_on_time=_mean(days.get("duties_on_time", {})),
        )

    def _query(self, name: str) -> dict[str, Any]:
        metric, state, statistic = _ASKED[name]
        dimensions = [{"Name": "state", "Value": state}] if state else []
        found = {
            "Namespace": self._namespace,
            "MetricName": metric.value,
            "Dimensions": dimensions,
        }
        return {"Id": name, "MetricStat": {"Metric": found, "Period": _DAY, "Stat": statistic}}


def _middle(days: Mapping[Any, float]) -> float | None:
    return round(median(days.values()), 1) if days else None


def _mean(days: Mapping[Any, float]) -> float | None:
    return round(fmean(days.values()), 2) if days else None
