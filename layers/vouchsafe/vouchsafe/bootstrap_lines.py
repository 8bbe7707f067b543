"""The composition root of the lines between those who send messages and those who read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from . import parts
from .adapters.clock import SystemClock
from .services.reading import MOST_READERS, Read, call_again, call_readers, read_line

if TYPE_CHECKING:
    from .line_ports import Message

#: Their settings are `…_queue_url` and, for who calls, `…_reader`.
LINES = ("notice", "evidence", "report", "webhook")
#: Nothing is taken later than this into a run; the functions may run for a minute.
_WORK_FOR = timedelta(seconds=30)
#: … nor, where one message alone may take forty seconds, later than this.
_WORK_FOR_SLOW = timedelta(seconds=10)


def read(name: str, work: Callable[[Message], bool], *, most: int = 10) -> Read:
    """Read a line until nothing waits; one message at a time where each may take long."""
    work_for = _WORK_FOR if most > 1 else _WORK_FOR_SLOW
    return read_line(work, line=parts.line(name), clock=SystemClock(), most=most, work_for=work_for)


def call(name: str, times: int) -> None:
    """Have so many readers of a line run side by side; beyond the most, later passes call."""
    for _ in range(min(times, MOST_READERS)):
        parts.line(name).call()


def call_the_called_for() -> int:
    """Call the readers of what this container has sent; how many."""
    return call_readers(map(parts.line, LINES))


def call_whoever_has_work() -> int:
    """Call readers for whatever waits in any line; how many."""
    return call_again(map(parts.line, LINES))
