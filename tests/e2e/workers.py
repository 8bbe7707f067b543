"""The processes in which the emulator runs functions, found by what they were started with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lab.emulator import PRIMARY_REGION, client
from tests.lab.stack import Stack

_PROCESSES = Path("/proc")


def workers_can_be_found() -> bool:
    """Whether this system shows processes and their environment as files."""
    return (_PROCESSES / "self" / "environ").exists()


@dataclass(frozen=True, slots=True)
class Worker:
    """One warm worker of a function."""

    process: int
    environment: dict[str, str]

    def client(self, service: str, stack: Stack) -> Any:
        """A client with the credentials of the function's role."""
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        credentials = tuple(self.environment[name] for name in names)
        return client(stack.emulator.url, service, PRIMARY_REGION, credentials)


def workers(stack: Stack, function: str) -> list[Worker]:
    """The workers of one function of this stack, by the end of the function's name."""
    gateway = str(stack.ports["gateway"])
    return [
        worker
        for worker in _all()
        if worker.environment.get("GATEWAY_PORT") == gateway
        and worker.environment.get("AWS_LAMBDA_FUNCTION_NAME", "").endswith(function)
    ]


def _all() -> Iterator[Worker]:
    for entry in _PROCESSES.iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            settings = (entry / "environ").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        pairs = (one.partition("=") for one in settings)
        yield Worker(int(entry.name), {name: value for name, _, value in pairs})
