"""Counts every story anew and writes tests/cost/counts.json; then render docs/cost.md.

python -m tests.cost.recount [STORY-NAMES …]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from tests.cost.clocks import clocks
from tests.cost.pricing import COUNTS, stored
from tests.lab.build import ROOT

#: Stories that would take hours: counted twice with fewer looks, by the cap of their gaps in
#: seconds, and extended to as many looks as the other story has. One look is like another but for
#: those with a reminder, the first and the last, which both counts have all.
SAMPLED = {"never-250": "never-10"}
_CAPS = (21_600, 10_800)
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


def sampled(story: str, like: dict[str, Any]) -> dict[str, Any]:
    """A story's counts out of two with fewer looks; starts of functions are those of `like`."""
    few, more = (
        counted(story, GAP_GROWTH_PERCENT="100", GAP_CAP_SECONDS=str(cap)) for cap in _CAPS
    )
    return extended(few, more, like)


def extended(few: dict[str, Any], more: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    """Each number along the straight line through both counts, to the looks of `like`."""
    has, has_more, wanted = (
        each["functions"]["check_order"]["looks"] for each in (few, more, like)
    )
    share = (wanted - has) / (has_more - has)
    found: dict[str, Any] = _along(few, more, share)
    for function, row in found["functions"].items():
        row["cold"] = like["functions"][function]["cold"]
    return found | {"sampled": [has, has_more]}


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
        like = kept.get(SAMPLED.get(story, ""))
        kept[story] = sampled(story, like) if like else counted(story)
        print(story)
        text = json.dumps(kept, indent=1, sort_keys=True)
        COUNTS.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
