"""Changing what others may change at the same moment: read, decide, write, and if need be again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from ..domain.errors import Conflict, Unavailable
from ..ports import Clock, Ledger, Record
from .idempotency import OnceOnly, answered, used

ATTEMPTS = 5


def undisturbed[T](
    attempt: Callable[[], T],
    *,
    what: str,
    meanwhile: str = "is being changed by others",
    attempts: int = ATTEMPTS,
    final: Callable[[], bool] = lambda: False,
) -> T:
    """What `attempt` gives once no other change comes between; it reads afresh each time.

    Raises its Conflict when `final` then says that another attempt is of no use, and Unavailable
    after `attempts` of them, saying `what` happens `meanwhile`.
    """
    for _ in range(attempts):
        try:
            return attempt()
        except Conflict:
            if final():
                raise
    raise Unavailable(f"{what} {meanwhile}")


def attempted[T](
    attempt: Callable[[datetime], tuple[T, Sequence[Record]]],
    *,
    once: OnceOnly[T] | None = None,
    order_id: int | None = None,
    what: str,
    attempts: int = ATTEMPTS,
    ledger: Ledger,
    clock: Clock,
) -> T:
    """What `attempt` makes at a moment, once its records and the client's key are committed.

    It reads afresh each time it is called; without records and key nothing is written. The key's
    record names the order `order_id`. Raises Conflict when a twin under the same key was faster,
    Unavailable while others keep changing `what`.
    """

    def committed() -> T:
        now = clock.now()
        made, records = attempt(now)
        if written := (*records, *used(once, made, now, order_id=order_id)):
            ledger.commit(*written)
        return made

    return undisturbed(
        committed, what=what, attempts=attempts, final=lambda: answered(once, ledger=ledger)
    )
