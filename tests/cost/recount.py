"""Counts every story anew and writes tests/cost/counts.json; then render docs/cost.md.

python -m tests.cost.recount [STORY-NAMES …]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from tests.cost.clocks import clocks
from tests.cost.pricing import COUNTS, stored
from tests.lab.build import ROOT

#: Caps of gaps, in seconds, with which an order of 250 names that is never proven has few looks.
_CAPS = (21_600, 10_800)
#: Names of usual orders that are counted for one of 250.
_NAMES = (20, 40)
STORIES = ("usual-1", "never-1", "never-10", "usual-250", "never-250", "idle")


def counted(story: str, **environment: str) -> dict[str, Any]:
    """What the counting program says of one story. Raises CalledProcessError when it fails."""
    given = story.split("-")
    if story == "idle":
        given += sorted({clock.errand for clock in clocks()})
    paths = (str(ROOT / "layers" / "vouchsafe"), str(ROOT))
    done = subprocess.run(
        [sys.executable, "-m", "tests.cost.count", *given],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)} | environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def never_250(like: dict[str, Any]) -> dict[str, Any]:
    """Out of two counts with fewer looks, to as many as `like` has and with its starts: one look is
    like another but for the first, the last and those that remind, of which both counts have all.
    """
    few, more = (
        counted("never-250", GAP_GROWTH_PERCENT="100", GAP_CAP_SECONDS=str(cap)) for cap in _CAPS
    )
    looks = [each["functions"]["check_order"]["looks"] for each in (few, more, like)]
    found = extended(few, more, looks)
    for function, row in found["functions"].items():
        row["cold"] = like["functions"][function]["cold"]
    return found | {"sampled": f"{looks[0]} and {looks[1]} looks"}


def usual_250() -> dict[str, Any]:
    """Out of two counts with fewer names: the emulation of so many takes hours."""
    few, more = (counted(f"usual-{names}") for names in _NAMES)
    found = extended(few, more, [*_NAMES, 250])
    return found | {"sampled": f"{_NAMES[0]} and {_NAMES[1]} names"}


def extended(few: dict[str, Any], more: dict[str, Any], steps: Sequence[int]) -> dict[str, Any]:
    """Each number along the straight line through two counts at steps[0] and steps[1], to steps[2].
    Raises KeyError for a number that only one of them has."""
    share = (steps[2] - steps[0]) / (steps[1] - steps[0])
    found: dict[str, Any] = _along(few, more, share)
    return found


def _along(few: Any, more: Any, share: float) -> Any:
    if isinstance(few, dict):
        return {name: _along(few[name], more[name], share) for name in few}
    if isinstance(few, int | float):
        value = few + share * (more - few)
        return round(value, 1) if isinstance(few, float) else round(value)
    return few  # what mails were sent


def main() -> None:
    kept = stored() if COUNTS.exists() else {}
    for story in sys.argv[1:] or STORIES:
        match story:
            case "never-250":
                kept[story] = never_250(kept["never-10"])
            case "usual-250":
                kept[story] = usual_250()
            case _:
                kept[story] = counted(story)
        print(story)
        text = json.dumps(kept, indent=1, sort_keys=True)
        COUNTS.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
