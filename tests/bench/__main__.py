"""Measures what has a budget: `make bench` in about a minute, `make soak` for the long numbers.

Each measurement is a test that prints its figures and fails beyond its budget; nothing is measured
here that no test holds.
"""

from __future__ import annotations

import sys

import pytest

#: Cold starts, and what 72 hours of waiting cost an order.
QUICK = (
    "tests/infrastructure/test_layers.py::test_a_cold_api_function_costs_little_more_than_boto3",
    "tests/workflow/test_order_machine.py::"
    "test_an_order_that_never_validates_times_out_once_at_72_hours_within_its_budget",
)
#: Besides: every cut at every call, twins, and both machines under every failure.
LONG = (
    "tests/unit/issuance",
    "tests/unit/revocation",
    "tests/contracts",
    "tests/workflow",
    "tests/e2e",
)


def main() -> int:
    """Run the measurements; pytest's exit code."""
    chosen = [*QUICK, *LONG] if "--soak" in sys.argv[1:] else [*QUICK]
    return int(pytest.main(["-s", "-n0", "-p", "no:cacheprovider", *chosen]))


if __name__ == "__main__":
    sys.exit(main())
