"""Cutting a worker short at any of its port calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Cut(BaseException):
    """The worker died here. Not an Exception, so that nothing under test can survive it."""


class Tripwire:
    """Counts port calls and raises Cut at the `at`-th: before it happens, or `after` it did.

    It trips once; later calls pass, as in a worker started anew. `calls` names every call seen.
    """

    def __init__(self, at: int = 0, *, after: bool = False) -> None:
        self.at = at
        self.after = after
        self.calls: list[str] = []

    @property
    def tripped(self) -> bool:
        """Whether the cut has happened."""
        return 0 < self.at <= len(self.calls)

    @contextmanager
    def crossing(self, name: str) -> Iterator[None]:
        """One port call named `name`; its effect goes into the body."""
        self.calls.append(name)
        here = len(self.calls) == self.at
        if here and not self.after:
            raise Cut(f"before call {self.at}: {name}")
        yield
        if here:
            raise Cut(f"after call {self.at}: {name}")

    def paused(self, seconds: float) -> None:
        """A wait of so many seconds, over at once."""
        with self.crossing("pause"):
            pass
