"""What the template keeps when nobody orders: clocks, keys, alarms, queues that are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.infrastructure.templates import PRIMARY, of_type, resources, source

_MINUTES = {"minute": 1, "hour": 60, "day": 1440}
MONTH = 43_200  # minutes
#: Alarms in CloudWatch's free tier.
_FREE_ALARMS = 10


@dataclass(frozen=True, slots=True)
class Clock:
    """A schedule: the function's directory, what it is given, and how often a month it runs."""

    name: str
    target: str
    given: str
    runs: float

    @property
    def errand(self) -> str:
        """What its runs are counted under: two schedules may give one function different work."""
        return self.target if self.given == "{}" else f"{self.target} {self.given}"


def clocks() -> list[Clock]:
    """Every schedule of the template that is switched on. Raises ValueError for another kind of
    expression than rate()."""
    found = []
    for name, schedule in of_type(PRIMARY, "AWS::Scheduler::Schedule").items():
        if schedule.get("State", "ENABLED") == "ENABLED":
            target = schedule["Target"]
            runs = MONTH / _minutes(str(schedule["ScheduleExpression"]))
            function = directory(target["Arn"]["Fn::GetAtt"][0])
            found.append(Clock(name, function, target["Input"], runs))
    return found


def directory(logical_id: str) -> str:
    """The directory of a function's code."""
    return Path(source(PRIMARY)["Resources"][logical_id]["Properties"]["CodeUri"]).name


def keys() -> int:
    """KMS keys of ours, each a dollar a month."""
    return len(of_type(PRIMARY, "AWS::KMS::Key"))


def charged_alarms() -> int:
    """Alarms beyond the free ones."""
    return max(0, len(of_type(PRIMARY, "AWS::CloudWatch::Alarm")) - _FREE_ALARMS)


def polled_queues() -> dict[str, bool]:
    """Queues that Lambda polls for us, and whether each is FIFO."""
    found: dict[str, bool] = {}
    for mapping in of_type(PRIMARY, "AWS::Lambda::EventSourceMapping").values():
        queue = _queue(mapping.get("EventSourceArn"))
        if queue:
            found[queue] = bool(resources(PRIMARY)[queue]["Properties"].get("FifoQueue"))
    return found


def _queue(arn: Any) -> str | None:
    name = arn["Fn::GetAtt"][0] if isinstance(arn, dict) and "Fn::GetAtt" in arn else None
    is_queue = name in resources(PRIMARY) and (
        resources(PRIMARY)[name]["Type"] == "AWS::SQS::Queue"
    )
    return name if is_queue else None


def _minutes(expression: str) -> int:
    match = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression)
    if not match:
        raise ValueError(f"{expression} is not of a kind that is counted here")
    return int(match[1]) * _MINUTES[match[2]]
