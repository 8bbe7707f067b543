"""The calls of the usual order on the running service, against those counted in one process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_socket import socket_allow_hosts

from tests.cost.pricing import stored
from tests.cost.tap import Tap
from tests.e2e.conftest import OPTIONS
from tests.e2e.service import Service, until
from tests.lab import topology
from tests.lab.accounts import create
from tests.lab.executions import Executions
from tests.lab.stack import Stack

#: Of what was counted in one process; the stream and the queues make other batches here.
_TOLERANCE = 0.15


@pytest.fixture(scope="module")
def slow() -> None:
    """Nothing else is ordered on this module's stack, which is its own."""


@pytest.fixture(scope="module")
def tap() -> Iterator[Tap]:
    made = Tap()
    yield made
    made.close()


@pytest.fixture(scope="module")
def counted(tap: Tap) -> Iterator[Service]:
    """A service whose functions call AWS through the tap, and whose clocks stand still."""
    addresses = ["127.0.0.1", "localhost", *topology.DNS_ADDRESSES, topology.WEB]
    socket_allow_hosts(addresses, allow_unix_socket=True)
    stack = Stack("cost", OPTIONS, tap=tap.url)
    tap.watch(stack)
    try:
        stack.start(print)
        _stop_clocks(stack)
        yield Service(stack, create(stack, "Counted Ltd"))
    finally:
        stack.stop()


def _stop_clocks(stack: Stack) -> None:
    client = stack.emulator.client("scheduler")
    for row in client.list_schedules()["Schedules"]:
        clock = client.get_schedule(Name=row["Name"], GroupName=row["GroupName"])
        kept = ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")
        client.update_schedule(**{name: clock[name] for name in kept}, State="DISABLED")


def _states(service: Service, order_id: int) -> list[str]:
    machine = service.stack.outputs["OrderMachineArn"]
    found = Executions(service.stack).of(machine, order_id)
    return [state for _, _, states in found for state in states]


def _usual(service: Service, tap: Tap) -> list[str]:
    """The usual order as it was counted: placed, read, proven before the second look, read,
    fetched. The states that its execution entered."""
    placed = service.place("counted.lab.example.com")
    number = placed["id"]
    until(lambda: _states(service, number).count("CheckOrder") >= 2, 120, "the first look")
    service.prove(number)
    until(lambda: "OrderIsDone" in _states(service, number), 240, "the end")
    assert service.client.order(number)["status"] == "issued"
    service.chain(placed["certificate_id"])
    tap.until_quiet(10)
    return _states(service, number)


def test_the_usual_order_makes_the_calls_that_its_price_was_worked_out_from(
    counted: Service, tap: Tap
) -> None:
    tap.until_quiet(6)
    tap.reset()
    states = _usual(counted, tap)
    told, waiting = stored()["usual-1"], stored()["never-1"]
    looks = states.count("CheckOrder")
    further = looks - _looks(told)  # a busy machine looks once more
    print(dict(sorted(tap.meter.calls.items())), dict(tap.meter.used), looks)
    assert len(states) == told["used"]["sfn.transitions"] + 3 * further
    for service in ("dynamodb", "kms", "sesv2", "sqs", "events", "s3"):
        here, there = _of(service, tap.meter.calls), _of(service, told["calls"])
        there += further * _of(service, waiting["calls"]) / _looks(waiting)
        assert abs(here - there) <= max(2, _TOLERANCE * there), service
    for unit in ("dynamodb.writes", "dynamodb.half_reads"):
        there = told["used"][unit] + further * waiting["used"][unit] / _looks(waiting)
        assert tap.meter.used[unit] == pytest.approx(there, rel=2 * _TOLERANCE), unit


def _looks(told: dict[str, Any]) -> int:
    return int(told["states"]["CheckOrder"])


def _of(service: str, calls: dict[str, int]) -> int:
    return sum(times for call, times in calls.items() if call.startswith(f"{service} "))
