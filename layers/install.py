"""Fills a Lambda layer's `python/` folder with compiled packages. Run by the layers' Makefiles.

    python3.13 layers/install.py wheels TARGET REQUIREMENTS [WITHOUT]
    python3.13 layers/install.py package TARGET FOLDER

`wheels` installs a requirements file, pinned and hashed, without what the file WITHOUT brings.
Finished folders are kept under .local/layers by content, so that only a changed file costs time.
VOUCHSAFE_ARCH=arm64 or x86_64 takes wheels for Lambda; unset, for this machine.

Byte code is shipped with unchecked hashes: a layer is read-only, so without it every cold start
would compile every module again.
"""

from __future__ import annotations

import compileall
import hashlib
import os
import platform
import py_compile
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

STORE = Path(".local/layers")
LAMBDA_PLATFORMS = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}
#: Left out of a layer: nothing at run time reads them.
NEEDLESS = ("bin", "**/tests", "**/test", "**/__pycache__", "**/*.pyi", "**/*.dist-info/licenses")


def wheels(target: Path, requirements: Path, without: Path | None = None) -> None:
    """Put the packages of `requirements` into `target`/python, from the store if it has them."""
    wanted = _subtract(requirements.read_text(), without.read_text() if without else "")
    lambda_platform = _lambda_platform()
    kept = STORE / f"{requirements.stem}-{_fingerprint(wanted, lambda_platform)}"
    if not kept.is_dir():
        STORE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=STORE) as scratch:
            fresh = Path(scratch, "python")
            _install(wanted, fresh, lambda_platform)
            _trim_and_compile(fresh)
            fresh.rename(kept)
    shutil.copytree(kept, target / "python")


def package(target: Path, folder: Path) -> None:
    """Put our own package `folder` into `target`/python, compiled."""
    shutil.copytree(
        folder,
        target / "python" / folder.name,
        ignore=shutil.ignore_patterns("__pycache__", "*.pyc"),
    )
    _compile(target / "python")


def _lambda_platform() -> str:
    """The platform wheels are wanted for; empty for this machine."""
    architecture = os.environ.get("VOUCHSAFE_ARCH", "")
    if architecture and architecture not in LAMBDA_PLATFORMS:
        sys.exit(f"VOUCHSAFE_ARCH must be arm64 or x86_64, not {architecture}")
    return LAMBDA_PLATFORMS.get(architecture, "")


def _subtract(requirements: str, without: str) -> str:
    """The requirement entries (each with its hashes) whose package is not in `without`."""
    given = set(re.findall(r"^([a-z0-9-]+)==", without, re.MULTILINE))
    entries = re.findall(r"^[a-z0-9-]+==.*(?:\n +--hash.*)*", requirements, re.MULTILINE)
    return "\n".join(e for e in entries if e.partition("==")[0] not in given) + "\n"


def _fingerprint(wanted: str, lambda_platform: str) -> str:
    made_by = Path(__file__).read_text(), sys.version, platform.platform()
    return hashlib.sha256("\0".join((wanted, lambda_platform, *made_by)).encode()).hexdigest()[:16]


def _install(wanted: str, into: Path, lambda_platform: str) -> None:
    """Install with uv where there is one (its cache makes this quick), else with pip."""
    listed = into.with_suffix(".txt")
    listed.write_text(wanted)
    common = ["--quiet", "--target", str(into), "--require-hashes", "--no-deps"]
    common += ["--only-binary", ":all:", "-r", str(listed)]
    uv = _uv()
    if uv:
        command = [uv, "pip", "install", "--python", sys.executable, "--link-mode", "copy"]
        if lambda_platform:
            command += ["--python-platform", lambda_platform, "--python-version", "3.13"]
    else:
        command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
        if lambda_platform:
            machine, _, system = lambda_platform.partition("-")
            command += ["--platform", f"{system}_{machine}", "--python-version", "3.13"]
    subprocess.run([*command, *common], check=True)


def _uv() -> str | None:
    """A uv that runs; a version manager's shim may stand there and refuse."""
    for candidate in (".local/uv/bin/uv", shutil.which("uv")):
        if candidate and shutil.which(candidate):
            tried = subprocess.run([candidate, "--version"], capture_output=True, check=False)
            if tried.returncode == 0:
                return candidate
    return None


def _trim_and_compile(folder: Path) -> None:
    for pattern in NEEDLESS:
        for path in list(folder.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    _compile(folder)


def _compile(folder: Path) -> None:
    """Compile all modules; their recorded paths are those of the deployed layer."""
    done = compileall.compile_dir(
        folder,
        quiet=1,
        workers=0,
        stripdir=str(folder),
        prependdir="/opt/python",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not done:
        sys.exit(f"{folder} does not compile")


if __name__ == "__main__":
    what, *paths = sys.argv[1:]
    if what == "wheels":
        wheels(*map(Path, paths))
    else:
        package(*map(Path, paths))
