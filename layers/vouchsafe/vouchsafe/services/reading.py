"""Reading lines of messages: until nothing waits, each group in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from ..line_ports import Line, Message
from ..ports import Clock

#: After an outage a pass calls one reader for so many messages, and so many readers at most.
_FOR_EACH = 10
MOST_READERS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What reading came to; `more`: the time was over before it was seen that nothing waits."""

    done: int = 0
    failed: int = 0
    more: bool = False


def read_line(
    work: Callable[[Message], bool],
    *,
    line: Line,
    clock: Clock,
    most: int,
    work_for: timedelta,
) -> Read:
    """Have `work` do message after message, taking at most `most` at a time, until nothing waits
    or `work_for` is over.

    `work` says whether it is done with a message. One that is not comes again when its time is
    over, and what was taken behind it in its group with it. Raises Unavailable.
    """
    until = clock.now() + work_for
    done = failed = 0
    while taken := line.take(most):
        broken: set[str] = set()
        for message in taken:
            if message.group not in broken and work(message):
                line.done(message)
                done += 1
            else:
                broken.add(message.group)
                failed += 1
        if clock.now() >= until:
            return Read(done=done, failed=failed, more=True)
    return Read(done=done, failed=failed)


def call_readers(lines: Iterable[Line]) -> int:
    """Call the readers of lines that something was sent to, once each; how many."""
    called_for = [line for line in lines if line.called_for]
    for line in called_for:
        line.call()
    return len(called_for)


def call_again(lines: Iterable[Line]) -> int:
    """Call readers for whatever waits: a call was lost, a reader failed or died, a message was put
    back by hand. How many were called. Raises Unavailable."""
    called = 0
    for line in lines:
        readers = min(-(-line.waiting() // _FOR_EACH), MOST_READERS)
        for _ in range(readers):
            line.call()
        called += readers
    return called
