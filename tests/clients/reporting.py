"""What every driver does around its actions. Runs in the client's environment, next to them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

#: Takes the settings and the action's own arguments; the value must be JSON.
Action = Callable[..., Any]


def main(actions: Mapping[str, Action]) -> None:
    """Do what the input asks and report it in one line of JSON."""
    asked = json.load(sys.stdin)
    try:
        value = actions[asked["action"]](asked["settings"], **asked["arguments"])
        told = {"value": value}
    except Exception as trouble:  # whatever the client raises is what the test wants to see
        told = {"raised": f"{type(trouble).__name__}: {trouble}"}
    print("\n" + json.dumps(told, default=str))
