"""An hour of revocations with trouble, in simulated time; the long one is in tests/bench."""

from __future__ import annotations

import pytest

from tests.bench.crl_latency import Costs, figures, simulate


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_revocation_is_published_in_time_whatever_fails(seed: int) -> None:
    found = figures(simulate(3_000, 90, seed=seed))
    assert found["arrivals"] == 90
    assert found["median"] < 60
    assert found["p99"] < 300


def test_without_trouble_it_takes_seconds_and_bursts_share_their_lists() -> None:
    calm = Costs(failed=0, conflict=0, died=0)
    found = figures(simulate(3_000, 1200, costs=calm))
    assert found["worst"] < 30
    assert found["numbers"] < 1100
