"""The state machine files, for the tests that read them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.infrastructure.templates import ROOT

FOLDER = ROOT / "statemachines"
NAMES = ("order", "revocation")


def text(name: str) -> str:
    """The file as it is deployed, placeholders included."""
    return (FOLDER / f"{name}.asl.json").read_text()


def definition(name: str) -> Any:
    """The parsed file."""
    return json.loads(text(name))


def targets(state: dict[str, Any]) -> Iterator[str]:
    """Every state that this one may go to."""
    for key in ("Next", "Default"):
        if key in state:
            yield state[key]
    for branch in [*state.get("Choices", []), *state.get("Catch", [])]:
        yield branch["Next"]
