"""`sam build` of both templates, done again only when something they are made of has changed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILT = ROOT / ".aws-sam"
#: Template and the directory it is built into. Each has its own parent directory, where SAM keeps
#: its notes of what it built: shared notes would make one build throw away the other's cache.
TEMPLATES = {
    "template.yaml": BUILT / "build",
    "perspective.yaml": BUILT / "perspective" / "build",
}

_STAMP = BUILT / "built-from.sha256"
_SOURCES = ("functions", "layers", "statemachines", "requirements")
_NOT_SOURCES = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache"})


def tools_path() -> str:
    """PATH with this interpreter's directory first: sam build looks for python3.13 there."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"


def sam() -> str:
    """The SAM command of this environment."""
    return str(Path(sys.executable).parent / "sam")


def ensure_built(log: Path, env: Mapping[str, str]) -> bool:
    """Build what is out of date, one builder at a time; whether anything had to be built.

    Raises RuntimeError naming the log when a build fails.
    """
    BUILT.mkdir(exist_ok=True)
    with (BUILT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = fingerprint()
        if _STAMP.exists() and _STAMP.read_text() == wanted:
            return False
        _STAMP.unlink(missing_ok=True)
        for template, directory in TEMPLATES.items():
            _build(template, directory, log, env)
        _STAMP.write_text(wanted)
        return True


def fingerprint() -> str:
    """SHA-256 over the names and contents of everything the build reads."""
    digest = hashlib.sha256()
    for path in _files():
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for template in TEMPLATES:
        yield ROOT / template
    yield ROOT / "samconfig.toml"
    for folder in _SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and not _NOT_SOURCES.intersection(path.parts):
                yield path


def _build(template: str, directory: Path, log: Path, env: Mapping[str, str]) -> None:
    # No --cached: SAM's own cache does not see what a layer's Makefile reads outside its folder.
    command = [sam(), "build", "--template", template, "--build-dir", str(directory), "--parallel"]
    run(command, log, {**env, "PATH": tools_path()}, what=f"sam build of {template}")


def run(command: list[str], log: Path, env: Mapping[str, str], *, what: str) -> None:
    """Run a command with its output in `log`. Raises RuntimeError when it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        ended = subprocess.run(
            command,
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if ended.returncode:
        raise RuntimeError(f"{what} failed; its output is in {log}")
