"""How often a caller may call: the generic cell rate algorithm (GCRA) over several limits at once.

Each limit keeps one number, the theoretical arrival time (TAT): the moment up to which what was
taken is paid for. A call is taken when the TAT is at most the window ahead, and moves it on by the
window divided by the count. Whoever never makes more than `count` calls in any window is never
refused: a burst of `count` finds room, and a window later all of it is paid for.

All times are whole microseconds since 1970, so that storage can add and compare them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MICROSECOND = timedelta(microseconds=1)
_SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Calls sent a window apart may arrive this much closer together; nobody is refused for that.
JITTER = 250_000


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` calls in `seconds`."""

    count: int
    seconds: int

    def __post_init__(self) -> None:
        if self.count < 1 or self.seconds < 1:
            raise ValueError("must be counts and seconds of at least 1")

    @property
    def window(self) -> int:
        """In microseconds."""
        return self.seconds * _SECOND

    @property
    def step(self) -> int:
        """What one call moves the TAT on by, rounded in the caller's favour."""
        return self.window // self.count

    @property
    def reach(self) -> int:
        """How far ahead of now the TAT may be for one more call."""
        return self.window - self.step + JITTER


#: The vendor's: 1000 in three minutes and 100 in five seconds, by key.
VENDOR_LIMITS = (Limit(1000, 180), Limit(100, 5))


def parse_limits(text: str) -> tuple[Limit, ...]:
    """`1000/180,100/5`: counts and seconds. Raises ValueError, also for none at all."""
    limits = []
    for part in text.split(","):
        count, slash, seconds = part.strip().partition("/")
        if not (slash and count.isdecimal() and seconds.isdecimal()):
            raise ValueError("must be count/seconds, separated by commas")
        limits.append(Limit(int(count), int(seconds)))
    if len({limit.seconds for limit in limits}) != len(limits):
        raise ValueError("must be limits over different times")
    return tuple(limits)


def microseconds(moment: datetime) -> int:
    """A moment as the limits count it."""
    return (moment - _EPOCH) // _MICROSECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Whether a call was taken, and how its caller stands with the limit that is nearest.

    `reset` is the seconds until all of that limit is there again. `retry_after`, of a refused call,
    is the seconds after which the same call is taken, if no other comes between.
    """

    taken: bool
    limit: int
    remaining: int
    reset: int
    retry_after: int = 0


def is_full(limits: Sequence[Limit], tats: Sequence[int], now: int) -> bool:
    """Whether any limit has no room for one more call."""
    return any(tat > now + limit.reach for limit, tat in zip(limits, tats, strict=True))


def allowance(limits: Sequence[Limit], tats: Sequence[int], now: int, *, taken: bool) -> Allowance:
    """How a caller stands with these TATs; after the call, if it was taken."""
    pairs = list(zip(limits, tats, strict=True))
    nearest, tat = min(pairs, key=lambda pair: (_remaining(pair[0], pair[1], now), -pair[1]))
    waits = [tat - limit.reach - now for limit, tat in pairs]
    return Allowance(
        taken=taken,
        limit=nearest.count,
        remaining=_remaining(nearest, tat, now),
        reset=_seconds(tat - now),
        retry_after=0 if taken else max(1, _seconds(max(waits))),
    )


def _remaining(limit: Limit, tat: int, now: int) -> int:
    free = limit.window - max(0, tat - now)
    return min(limit.count, max(0, free // limit.step))


def _seconds(span: int) -> int:
    """Rounded up, since a second too early is too early."""
    return max(0, -(-span // _SECOND))
