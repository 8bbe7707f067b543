"""When to look: often at first, then more rarely, and once exactly on the deadline."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from .parking import PEOPLE_WAIT

#: The look due on the deadline may begin this much later, where we were down; then the window
#: closes without one. An execution outlives its window by as much.
FINAL_LOOK_GRACE = timedelta(days=1)
#: Where trouble of our own spoilt that look, it is made again after this pause,
LAST_LOOK_AGAIN = timedelta(minutes=20)
#: until this long after the deadline.
LAST_LOOK_PATIENCE = timedelta(hours=1)

_GROWTH_STEPS = 300  # beyond any cap, below what a float overflows at


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Gaps between looks. With the defaults a window of 72 h holds about 176 looks.

    `people_wait` is how long a certificate whose names are proven waits for people.
    """

    first_gap: timedelta = timedelta(seconds=60)
    growth_percent: int = 8
    cap: timedelta = timedelta(minutes=30)
    window: timedelta = timedelta(hours=72)
    people_wait: timedelta = PEOPLE_WAIT

    def gap_after(self, looks: int) -> timedelta:
        """The pause after `looks` looks; after none, between showing the value and the first."""
        grown = (1 + self.growth_percent / 100) ** min(looks, _GROWTH_STEPS)
        return timedelta(
            seconds=min(self.first_gap.total_seconds() * grown, self.cap.total_seconds())
        )

    def next_look(self, now: datetime, looks: int, deadline: datetime) -> datetime:
        """When to look after the `looks`-th look at `now`: a gap later, not past the deadline."""
        return max(now, min(now + self.gap_after(looks), deadline))


def seconds_until(due: datetime, now: datetime) -> int:
    """Whole seconds to wait so that `due` has come: rounded up, at least 1."""
    return max(1, math.ceil((due - now).total_seconds()))
