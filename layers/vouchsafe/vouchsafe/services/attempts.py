"""Changing what others may change at the same moment: read, decide, write, and if need be again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from ..domain.errors import Conflict, Unavailable
from ..ports import Clock, Ledger, Record
from .idempotency import OnceOnly, recall, used

_ATTEMPTS = 5


def attempted[T](
    attempt: Callable[[datetime], tuple[T, Sequence[Record]]],
    *,
    once: OnceOnly[T] | None,
    what: str,
    ledger: Ledger,
    clock: Clock,
) -> T:
    """What `attempt` makes at a moment, once its records and the client's key are committed.

    It reads afresh each time it is called; without records and key nothing is written. Raises
    Conflict when a twin under the same key was faster, Unavailable while others keep changing
    `what`.
    """
    for _ in range(_ATTEMPTS):
        now = clock.now()
        made, records = attempt(now)
        try:
            if written := (*records, *used(once, made, now)):
                ledger.commit(*written)
        except Conflict:
            if once is not None and recall(once.token, ledger=ledger) is not None:
                raise
            continue
        return made
    raise Unavailable(f"{what} is being changed by others")
