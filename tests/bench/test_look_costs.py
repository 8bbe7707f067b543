"""What one look costs beside open-mpic-core on the same servers in the same run; `-s` shows it."""

from __future__ import annotations

import pytest

from tests.bench.side_by_side import BUDGET, KINDS, Figure, keep, lines, measured

_CHECKS = 80  # in each of seven rounds


@pytest.fixture(scope="module")
def figures() -> dict[str, Figure]:
    found = measured(_CHECKS)
    keep(found)
    print("\n" + "\n".join(lines(found)))
    return {one.kind: one for one in found}


@pytest.mark.parametrize("kind", KINDS)
def test_a_check_costs_at_most_six_tenths_of_open_mpic_cores_cpu(
    figures: dict[str, Figure], kind: str
) -> None:
    assert figures[kind].ratio <= BUDGET
