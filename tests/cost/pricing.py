"""Counts times prices."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.infrastructure.templates import PERSPECTIVE, PRIMARY, of_type

HERE = Path(__file__).resolve().parent
COUNTS = HERE / "counts.json"
_MB = 1024


@cache
def table() -> Any:
    """The price list, with its dates and sources."""
    return json.loads((HERE / "prices.json").read_text(encoding="utf-8"))


def assumed(name: str) -> Any:
    """An assumption's value."""
    return table()["assumptions"][name]["value"]


def dollars(used: Mapping[str, float]) -> dict[str, float]:
    """What each unit comes to. Raises KeyError for a unit without a price."""
    prices = table()["prices"]
    return {
        unit: amount * prices[unit]["dollars"] / prices[unit]["per"]
        for unit, amount in used.items()
    }


def total(used: Mapping[str, float]) -> float:
    """Dollars."""
    return sum(dollars(used).values())


@cache
def memory(function: str) -> int:
    """MB of the function in that directory, as the template gives it."""
    if function == "perspective":
        (one,) = of_type(PERSPECTIVE, "AWS::Lambda::Function").values()
        return int(one["MemorySize"])
    wanted = "".join(part.capitalize() for part in function.split("_")) + "Function"
    return int(of_type(PRIMARY, "AWS::Lambda::Function")[wanted]["MemorySize"])


def function_ms(function: str, row: Mapping[str, Any], *, cold: bool) -> float:
    """Billed milliseconds of all runs: CPU on its share of a core, and waiting for others."""
    share = min(1.0, memory(function) / assumed("full_core_mb"))
    cpu = row["cpu_ms"] + (assumed("start_cpu_ms") * row["cold"] if cold else 0)
    waits = assumed("wait_ms")
    waited = sum(waits[service] * times for service, times in row.get("waits", {}).items())
    waited += row["waited_ms"]
    if row["looks"]:
        further = row["names"] - row["looks"]
        waited += assumed("look_ms") * row["looks"] + assumed("look_ms_per_name") * further
    return float(cpu * assumed("arm_factor") / share + waited)


def used_in(story: Mapping[str, Any], *, cold: bool) -> dict[str, float]:
    """Every billed unit of a counted order. `cold`: with all its cold starts, as if nobody else
    had ordered anything in those days."""
    used: Counter[str] = Counter(story["used"])
    for function, row in story["functions"].items():
        gigabytes = memory(function) / _MB
        used["lambda.gb_seconds"] += gigabytes * function_ms(function, row, cold=cold) / 1000
        used["lambda.requests"] += row["runs"]
        used["logs.bytes"] += row["log_bytes"] + assumed("platform_log_bytes") * row["runs"]
        used["kms.symmetric"] += row["runs"] if "dynamodb" in row.get("waits", {}) else 0
    used["logs.bytes"] += assumed("access_log_bytes") * story["used"]["api.requests"]
    # One trace for each request, for the execution, and for each batch of what follows.
    followers = ("number_changes", "send_mail", "pack_evidence", "send_reports", "send_webhooks")
    runs = sum(row["runs"] for name, row in story["functions"].items() if name in followers)
    used["xray.traces"] += story["used"]["api.requests"] + runs + 1
    return dict(used)


def stored() -> Any:
    """The counts as they were last taken."""
    return json.loads(COUNTS.read_text(encoding="utf-8"))
