"""Background processes of a stack: started detached, recorded, and ended only by that record.

A record holds the process id and the moment the kernel says that process began, so that a number
which now belongs to somebody else's process is never signalled.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_STOP_WITHIN = 4.0  # seconds between asking and insisting; nothing is lost by insisting


class Processes:
    """The processes of one stack. `home` is its directory; records and logs lie below it."""

    def __init__(self, home: Path) -> None:
        self._records = home / "processes"
        self._logs = home / "logs"
        self._children: dict[int, subprocess.Popen[bytes]] = {}

    def start(
        self, name: str, command: Sequence[str], *, cwd: Path, env: Mapping[str, str]
    ) -> Path:
        """Start `command` detached in a session of its own; the path of its log."""
        self._records.mkdir(parents=True, exist_ok=True)
        log = self.log(name)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._children[process.pid] = process
        record = {"pid": process.pid, "began": _began(process.pid), "command": list(command)}
        self._record(name).write_text(json.dumps(record))
        return log

    def log(self, name: str) -> Path:
        """Where this process writes."""
        return self._logs / f"{name}.log"

    def running(self, name: str) -> bool:
        """Whether the recorded process is still the one that was started, and alive."""
        return self._pid(name) is not None

    def names(self) -> list[str]:
        """Everything on record, alive or not."""
        return sorted(path.stem for path in self._records.glob("*.json"))

    def stop_all(self, patience: float = _STOP_WITHIN) -> list[str]:
        """End what is on record and still ours; the names of what had to be ended.

        Who has not ended so many seconds after being asked is killed.
        """
        return [name for name in self.names() if self._stop(name, patience)]

    def _record(self, name: str) -> Path:
        return self._records / f"{name}.json"

    def _pid(self, name: str) -> int | None:
        try:
            record = json.loads(self._record(name).read_text())
        except FileNotFoundError:
            return None
        pid = int(record["pid"])
        began = _began(pid)
        return pid if began is not None and began == record["began"] else None

    def _stop(self, name: str, patience: float) -> bool:
        pid = self._pid(name)
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
            self._wait_for_end(pid, patience)
            # The session it was started in holds its own children, and nobody else's.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            self._wait_for_end(pid, _STOP_WITHIN)
        self._record(name).unlink(missing_ok=True)
        return pid is not None

    def _wait_for_end(self, pid: int, patience: float) -> None:
        child = self._children.get(pid)
        if child is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(patience)
                del self._children[pid]
            return
        deadline = time.monotonic() + patience
        while _began(pid) is not None and time.monotonic() < deadline:
            time.sleep(0.05)


def _began(pid: int) -> str | None:
    """When the process began, in the kernel's own words; None when there is no such process."""
    stat = Path(f"/proc/{pid}/stat")
    if not Path("/proc/self/stat").exists():
        shown = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return shown.stdout.strip() or None
    try:
        fields = stat.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, began = fields[0], fields[19]
    return None if state == "Z" else began
