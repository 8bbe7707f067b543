"""What other tools say about the tree: import contracts and the templates' linter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infrastructure.templates import PERSPECTIVE, PRIMARY, ROOT

TOOLS = Path(sys.executable).parent


def run(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'layers' / 'vouchsafe'}{os.pathsep}{ROOT}",
        "SAM_CLI_TELEMETRY": "0",
    }
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_imports_point_one_way() -> None:
    done = run(str(TOOLS / "lint-imports"), "--no-logo", "--no-cache")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("template", [PRIMARY, PERSPECTIVE])
@pytest.mark.long
def test_sam_finds_nothing_wrong(template: str) -> None:
    done = run(
        *(str(TOOLS / "sam"), "validate", "--lint", "--region", "us-east-1"),
        *("--template", template),
    )
    assert done.returncode == 0, done.stdout + done.stderr
