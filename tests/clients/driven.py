"""Runs a driver: a small program in the client's environment that calls the client's own code."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_WITHIN = 120  # seconds
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Told:
    """What a client made of its work: its return value, or the exception it ended with."""

    value: Any
    raised: str
    log: str

    def good(self) -> Any:
        """The return value. Fails when the client raised."""
        assert not self.raised, f"{self.raised}\n{self.log}"
        return self.value


def drive(
    python: Path,
    driver: str,
    action: str,
    settings: Mapping[str, Any],
    folder: Path,
    **arguments: Any,
) -> Told:
    """Run one action of tests/clients/<driver>.py; `folder` is its working directory.

    The driver reads {"action", "settings", "arguments"} from its input and writes {"value"} or
    {"raised"} as the last line of its output. Raises AssertionError when it does neither.
    """
    asked = {"action": action, "settings": dict(settings), "arguments": arguments}
    ended = subprocess.run(
        [str(python), "-W", "ignore", str(_HERE / f"{driver}.py")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        cwd=folder,
        env=_surroundings(),
        timeout=_WITHIN,
        check=False,
    )
    log = (ended.stdout + ended.stderr)[-4000:]
    assert ended.returncode == 0, log
    told = json.loads(ended.stdout.strip().splitlines()[-1])
    return Told(told.get("value"), told.get("raised", ""), log)


def _surroundings() -> dict[str, str]:
    """The caller's environment without what would change another program's imports or routes."""
    dropped = ("PYTHON", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "COV_")
    return {
        name: value for name, value in os.environ.items() if not name.upper().startswith(dropped)
    }
