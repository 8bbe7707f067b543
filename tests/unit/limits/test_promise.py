"""The promise: whoever stays inside the vendor's sliding windows is never refused."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from tests.builders import MOMENT
from tests.fakes import FakeRateLimits
from vouchsafe.domain.limits import VENDOR_LIMITS, Limit, allowance, is_full, microseconds


def _earliest(calls: list[datetime], limit: Limit) -> datetime:
    """When the next call keeps to `limit` in every window that ends with it."""
    if len(calls) < limit.count:
        return MOMENT
    return calls[-limit.count] + timedelta(seconds=limit.seconds)


def _well_behaved(seed: int, count: int) -> list[datetime]:
    """Calls that use the windows up in bursts and pauses of any kind, and never go beyond."""
    chance = random.Random(seed)
    calls: list[datetime] = []
    now, pause = MOMENT, 0.0
    for _ in range(count):
        if chance.random() < 0.02:
            pause = chance.choice([0.0, 0.0, 0.01, 0.05, 0.2, 1.0])
        if chance.random() < 0.01:
            now += timedelta(seconds=chance.uniform(0, 200))
        now += timedelta(seconds=chance.uniform(0, pause))
        now = max(now, *(_earliest(calls, limit) for limit in VENDOR_LIMITS))
        calls.append(now)
    return calls


@pytest.mark.parametrize("seed", range(20))
def test_calls_inside_the_vendors_windows_are_all_taken(seed: int) -> None:
    limits = FakeRateLimits()
    calls = _well_behaved(seed, 3000)
    assert all(limits.take("KEY#1", VENDOR_LIMITS, now).taken for now in calls)


def test_the_test_above_can_fail() -> None:
    """The same calls, a third closer together, do meet the limits."""
    limits = FakeRateLimits()
    calls = [MOMENT + (now - MOMENT) * 2 / 3 for now in _well_behaved(0, 3000)]
    assert not all(limits.take("KEY#1", VENDOR_LIMITS, now).taken for now in calls)


@pytest.mark.parametrize("limit", [*VENDOR_LIMITS, Limit(1, 1), Limit(7, 3), Limit(3, 86_400)])
def test_retry_after_is_the_first_whole_second_at_which_the_call_is_taken(limit: Limit) -> None:
    chance = random.Random(3)
    for _ in range(200):
        now = microseconds(MOMENT) + chance.randrange(10**7)
        tat = now + limit.reach + chance.randrange(1, limit.window)
        told = allowance([limit], [tat], now, taken=False)
        assert not is_full([limit], [tat], now + told.retry_after * 1_000_000)
        assert is_full([limit], [tat], now + (told.retry_after - 1) * 1_000_000)
        assert told.remaining == 0


def test_the_nearest_limit_is_the_one_told() -> None:
    now = microseconds(MOMENT)
    tats = [now + 180_000, now + 50_000]  # one call each
    told = allowance(VENDOR_LIMITS, tats, now, taken=True)
    assert (told.limit, told.remaining) == (100, 99)
    tats = [now + 179 * 1_000_000, now + 50_000]
    told = allowance(VENDOR_LIMITS, tats, now, taken=True)
    assert (told.limit, told.remaining, told.reset) == (1000, 5, 179)
