"""How long an approved revocation takes until it stands in a published list, at 200,000 revoked."""

from __future__ import annotations

import pytest

from tests.bench.crl_latency import figures, simulate
from tests.bench.kept import keep

MEDIAN = 60.0  # seconds
P99 = 300.0


@pytest.mark.timeout(3600)
def test_at_200_000_revoked_half_are_published_within_a_minute_and_all_but_few_within_five() -> (
    None
):
    found = figures(simulate(200_000, 1200))
    keep("crl-latency", found)
    print(f"\n{found}")
    assert found["arrivals"] == 1200, "none may stay unpublished"
    assert found["median"] < MEDIAN
    assert found["p99"] < P99
