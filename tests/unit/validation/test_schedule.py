from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import MOMENT
from vouchsafe.domain.schedule import Schedule, seconds_until

DEADLINE = MOMENT + timedelta(hours=72)


def test_gaps_start_at_a_minute_grow_by_8_percent_and_stop_at_half_an_hour() -> None:
    schedule = Schedule()
    assert [schedule.gap_after(looks).total_seconds() for looks in (0, 1, 2)] == [60, 64.8, 69.984]
    assert schedule.gap_after(44) < timedelta(minutes=30)
    assert schedule.gap_after(45) == schedule.gap_after(10**6) == timedelta(minutes=30)


def test_a_schedule_without_growth_keeps_its_gap() -> None:
    schedule = Schedule(first_gap=timedelta(seconds=3), growth_percent=0)
    assert schedule.gap_after(0) == schedule.gap_after(10**6) == timedelta(seconds=3)


def test_a_window_of_72_hours_holds_about_176_looks_and_ends_with_one_on_the_deadline() -> None:
    schedule, now, looks = Schedule(), MOMENT + timedelta(seconds=60), 1
    while now < DEADLINE:
        now = schedule.next_look(now, looks, DEADLINE)
        looks += 1
    assert now == DEADLINE
    assert 172 <= looks <= 180


def test_after_the_deadline_the_next_look_is_never_in_the_past() -> None:
    late = DEADLINE + timedelta(seconds=5)
    assert Schedule().next_look(late, 3, DEADLINE) == late


@pytest.mark.parametrize(("wait", "seconds"), [(0.2, 1), (1.0, 1), (1.01, 2), (0, 1), (-5, 1)])
def test_waits_are_whole_seconds_rounded_up(wait: float, seconds: int) -> None:
    assert seconds_until(MOMENT + timedelta(seconds=wait), MOMENT) == seconds
