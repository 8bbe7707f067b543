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

STORIES = ("usual-1", "never-1", "never-10", "usual-250", "never-250", "idle")


def counted(story: str) -> dict[str, Any]:
    """What the counting program says of one story. Raises CalledProcessError when it fails."""
    given = story.split("-")
    if story == "idle":
        given += sorted({clock.errand for clock in clocks()})
    paths = (str(ROOT / "layers" / "vouchsafe"), str(ROOT))
    done = subprocess.run(
        [sys.executable, "-m", "tests.cost.count", *given],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def main() -> None:
    kept = stored() if COUNTS.exists() else {}
    for story in sys.argv[1:] or STORIES:
        kept[story] = counted(story)
        print(story)
        text = json.dumps(kept, indent=1, sort_keys=True)
        COUNTS.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
