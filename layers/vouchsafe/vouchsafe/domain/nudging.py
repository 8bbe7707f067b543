"""Reminders while a proof is missing: four of them, at hours since validation began."""

from __future__ import annotations

from datetime import datetime, timedelta

from .certificate import Window

#: Hours after the window opened; the last leaves six of its 72.
NUDGES = (1, 24, 48, 66)


def nudges_due(window: Window, now: datetime) -> int:
    """How many of the reminders have fallen due at `now`; those past the deadline never do."""
    if now >= window.deadline:
        return 0
    return sum(window.opened_at + timedelta(hours=hours) <= now for hours in NUDGES)


def hours_of(count: int) -> int:
    """The hour of the newest of `count` reminders, at least one."""
    return NUDGES[count - 1]
