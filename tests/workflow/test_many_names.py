"""The most names an order may have, waited for to the end: too slow for the quick tests."""

from __future__ import annotations

from tests.unit.validation.checking import wait_72_hours_in_vain


def test_72_hours_of_250_names_cost_no_more_transitions_than_those_of_one() -> None:
    wait_72_hours_in_vain(250)
