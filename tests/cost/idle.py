"""What a month costs in which nobody orders anything, worked out from the template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.cost.clocks import MONTH, Clock, charged_alarms, clocks, keys, polled_queues
from tests.cost.pricing import assumed, function_ms, memory

#: Each list of 16 is made anew every six hours (docs/revocation.md).
_REFRESHES = MONTH / 360
#: A container that was idle longer is taken to be gone.
_KEPT_WARM = 5  # minutes


def a_month(counts: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Billed units by what uses them."""
    rounds = counts["idle"]["rounds"]
    found: dict[str, dict[str, float]] = {
        "KMS keys": {"kms.keys": keys()},
        "CloudWatch alarms beyond ten": {"cloudwatch.alarms": charged_alarms()},
    }
    polls = assumed("empty_polls_per_queue")
    for queue, fifo in sorted(polled_queues().items()):
        kind = "sqs.fifo_requests" if fifo else "sqs.standard_requests"
        found[f"{queue}, read by Lambda while empty"] = {kind: polls}
    for clock in clocks():
        found[f"{clock.name}: {clock.target}"] = _struck(clock, rounds[clock.errand][1])
    found["CRLs made anew"] = _refreshed(rounds["publish_crl"])
    return found


def _struck(clock: Clock, quiet: Mapping[str, Any]) -> dict[str, float]:
    """A clock's runs that find nothing to do."""
    used: Counter[str] = Counter()
    cold = MONTH / clock.runs > _KEPT_WARM
    row = {**quiet["functions"][clock.target], "cold": 1 if cold else 0}
    used.update(_run(clock.target, row, cold=cold))
    used.update(quiet["used"])
    used["scheduler.invocations"] += 1
    used["xray.traces"] += 1
    used["kms.symmetric"] += 1  # the table's key, asked for once in five minutes
    return {unit: amount * clock.runs for unit, amount in used.items()}


def _run(function: str, row: Mapping[str, Any], *, cold: bool) -> dict[str, float]:
    seconds = function_ms(function, row, cold=cold) / 1000
    return {
        "lambda.gb_seconds": memory(function) / 1024 * seconds,
        "lambda.requests": row["runs"],
        "logs.bytes": row["log_bytes"] + assumed("platform_log_bytes") * row["runs"],
    }


def _refreshed(rounds: list[Mapping[str, Any]]) -> dict[str, float]:
    """What the run that finds every list due needs beyond the one that finds none."""
    due, quiet = (
        Counter(each["used"] | _run("publish_crl", each["functions"]["publish_crl"], cold=False))
        for each in rounds
    )
    due.subtract(quiet)
    return {unit: amount * _REFRESHES for unit, amount in due.items() if amount > 0}
