"""Other people's programs, installed once from the package registry into .local/clients/.

Each has its own environment and its own pinned list in requirements/clients-<name>.txt. Where the
list cannot be installed (no network), the caller is told why; with VOUCHSAFE_CLIENTS=required in
the environment, as on the build server, that is a failure.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.build import ROOT

HOME = ROOT / ".local" / "clients"
_UV = ROOT / ".local" / "uv" / "bin" / "uv"
_INSTALL_WITHIN = 300  # seconds; the slowest builds SQLAlchemy from source


class NotInstalled(Exception):
    """The client could not be installed; says why."""


def python_of(name: str) -> Path:
    """The interpreter of a client's environment, made and filled when it is not there yet.

    Skips the calling test when that is impossible, or fails it where clients are required.
    """
    try:
        return ensure(name)
    except NotInstalled as trouble:
        reason = f"{name} cannot be installed here: {trouble}"
        if os.environ.get("VOUCHSAFE_CLIENTS") == "required":
            pytest.fail(reason)
        pytest.skip(reason)


def ensure(name: str) -> Path:
    """Install requirements/clients-<name>.txt unless it is installed. Raises NotInstalled."""
    listed = ROOT / "requirements" / f"clients-{name}.txt"
    home = HOME / name
    python, stamp = home / "bin" / "python", home / "installed-from.sha256"
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = hashlib.sha256(listed.read_bytes() + sys.version.encode()).hexdigest()
        if stamp.exists() and stamp.read_text() == wanted and python.exists():
            return python
        shutil.rmtree(home, ignore_errors=True)
        _run("venv", "--quiet", "--python", sys.executable, str(home))
        # The list is complete: what a client's metadata asks beyond it is left out on purpose.
        arguments = ["--python", str(python), "--no-deps", "--require-hashes", "-r", str(listed)]
        _run("pip", "install", "--quiet", *arguments)
        stamp.write_text(wanted)
    return python


def _run(*arguments: str) -> None:
    """Run uv. Raises NotInstalled with the end of what it said."""
    tool = [str(_UV)] if _UV.exists() else [sys.executable, "-m", "uv"]
    try:
        ended = subprocess.run(
            [*tool, *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_INSTALL_WITHIN,
            check=False,
        )
    except subprocess.TimeoutExpired as trouble:
        raise NotInstalled(f"not done within {_INSTALL_WITHIN} s") from trouble
    if ended.returncode:
        raise NotInstalled(" ".join(ended.stderr.split())[-400:])
