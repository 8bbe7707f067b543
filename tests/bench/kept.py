"""Figures kept between the measuring and the writing of the page."""

from __future__ import annotations

import json
from typing import Any

from tests.lab.build import ROOT

_FOLDER = ROOT / ".local" / "bench"


def keep(name: str, figures: Any) -> None:
    """Keep what was measured under that name, until it is measured again."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    (_FOLDER / f"{name}.json").write_text(json.dumps(figures))


def kept(name: str) -> Any:
    """What was kept last under that name."""
    return json.loads((_FOLDER / f"{name}.json").read_text())
