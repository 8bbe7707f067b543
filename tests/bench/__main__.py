"""Measures what has a budget: `make bench` in about a minute, `make soak` for the long numbers.

    python -m tests.bench [--soak] [--write]

Each measurement of ours is a test that prints its figures and fails beyond its budget. `--write`
runs other people's programs besides, and puts all figures into docs/benchmarks.md.
"""

from __future__ import annotations

import os
import sys

import pytest

from tests.bench import issuing_page
from tests.bench.side_by_side import page
from tests.lab.build import ROOT

#: Issuing, CRLs, cold starts, what 72 hours of waiting cost, and a look beside open-mpic-core.
QUICK = (
    "tests/bench/test_look_costs.py",
    "tests/bench/test_issuing_costs.py",
    "tests/bench/test_issuing_start.py",
    "tests/infrastructure/test_layers.py::test_a_cold_api_function_costs_little_more_than_boto3",
    "tests/workflow/test_order_machine.py::"
    "test_an_order_that_never_validates_times_out_once_at_72_hours_within_its_budget",
)
#: Besides: an hour of revocations, every cut at every call, twins, both machines under every
#: failure.
LONG = (
    "tests/bench/soak_crl_latency.py",
    "tests/unit/issuance",
    "tests/unit/revocation",
    "tests/contracts",
    "tests/workflow",
    "tests/e2e",
)


def main() -> int:
    """Run the measurements; pytest's exit code."""
    soak = "--soak" in sys.argv[1:]
    chosen = [*QUICK, *LONG] if soak else [*QUICK]
    if soak:
        os.environ["VOUCHSAFE_SEEDS"] = "4000"
    code = int(pytest.main(["-s", "-n0", "-p", "no:cacheprovider", *chosen]))
    if "--write" in sys.argv[1:]:
        issuing_page.measure_others()
        (ROOT / "docs" / "benchmarks.md").write_text(page() + issuing_page.page())
    return code


if __name__ == "__main__":
    sys.exit(main())
