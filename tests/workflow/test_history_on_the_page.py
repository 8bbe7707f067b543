"""docs/monitoring.md shows a history as the console does: this very one, and these machines.

To write the page anew after a change: python -m pytest tests/workflow/test_history_on_the_page.py
and put in what each failure shows.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.infrastructure.drawing import mermaid
from tests.infrastructure.machines import NAMES
from tests.infrastructure.templates import ROOT
from tests.workflow.stage import Execution, Machines, Workers
from tests.workflow.test_order_machine import World

PAGE = ROOT / "docs" / "monitoring.md"


def block(title: str, kind: str) -> str:
    """The block of that kind under a heading of the page."""
    section = PAGE.read_text().partition(f"\n### {title}\n")[2]
    return section.partition(f"```{kind}\n")[2].partition("\n```")[0]


def told(execution: Execution) -> str:
    """What the console's list of events shows, a line for each state, results in full."""
    lines = []
    for event in execution.events:
        if event["type"] == "ExecutionStarted":
            lines.append(f"input   {_plain(event['executionStartedEventDetails']['input'])}")
        elif entered := event.get("stateEnteredEventDetails"):
            lines.append(f"→ {entered['name']}")
        elif left := event.get("stateExitedEventDetails"):
            lines += _result(left)
    return "\n".join([*lines, f"{execution.status.lower()}"])


def _result(left: dict[str, Any]) -> list[str]:
    """What a task answered. Choices and waits pass on what they got."""
    output = json.loads(left.get("output", "{}"))
    key = {"CheckOrder": "check", "IssueCertificate": "issue"}.get(left["name"])
    shown = output[key].items() if key else ()
    # `told` is the whole answer once more, for the machine
    return [f"  {name}: {_plain(value)}".rstrip() for name, value in shown if name != "told"]


def _plain(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return re.sub(r"serial [0-9a-f]{32}", "serial 6f1c…", text)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_draws_the_machine_as_it_is(name: str) -> None:
    assert block(f"The {name} machine", "mermaid") == mermaid(name)


def test_the_page_shows_the_history_of_an_order_whose_record_comes_late(
    workers: Workers, machines: Machines
) -> None:
    world = World(workers, machines).place()
    world.bench.looker.meanwhile = [
        lambda: None,
        lambda: world.bench.publish("www.example.com", "example.com"),
    ]
    history = told(world.run())
    print(history)
    assert block("The history of an order", "text") == history


def test_a_history_names_order_certificate_run_phase_and_cause(
    workers: Workers, machines: Machines
) -> None:
    world = World(workers, machines).place()
    world.bench.looker.meanwhile = [lambda: world.bench.publish("www.example.com", "example.com")]
    execution = world.run()
    started = execution.events[0]["executionStartedEventDetails"]["input"]
    assert json.loads(started) == {"order_id": 1001, "certificate_id": 5001, "run": 1}
    checks = [
        json.loads(event["stateExitedEventDetails"]["output"])["check"]
        for event in execution.events
        if event.get("stateExitedEventDetails", {}).get("name") == "CheckOrder"
    ]
    assert all(check["phase"] and "cause" in check for check in checks)
