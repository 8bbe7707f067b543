"""One stack for all end-to-end tests of a session: own ports, own directory, IAM enforced."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

from tests.e2e.service import Service
from tests.lab import topology
from tests.lab.accounts import Account, create, first_account
from tests.lab.deploy import Options
from tests.lab.stack import Stack

#: Seconds. Long enough for the reconciler's grace of two minutes, short enough to wait for.
WINDOW = 240
FIRST_GAP = 2
GAP_CAP = 5
#: Five calls a second and bursts of 300, by key: enough for every test, and soon used up by one.
RATE_LIMITS = "300/60"
OPTIONS = Options(
    window=WINDOW, first_gap=FIRST_GAP, gap_cap=GAP_CAP, rate_limits=RATE_LIMITS, canary=True
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs the one stack, so it runs in one process; see the Makefile."""
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.enable_socket)
            item.add_marker(pytest.mark.timeout(900))
    items.sort(
        key=lambda item: (
            item.get_closest_marker("late") is not None,
            item.path.name == "test_restart.py",  # after which nothing runs as it did
        )
    )


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A running stack. The tests themselves talk to its DNS and web server, too."""
    addresses = ["127.0.0.1", "localhost", *topology.DNS_ADDRESSES, topology.WEB]
    socket_allow_hosts(addresses, allow_unix_socket=True)
    running = Stack("e2e", OPTIONS)
    shutil.rmtree(running.webroot, ignore_errors=True)  # it holds old values
    try:
        running.start(print)
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def account(stack: Stack) -> Account:
    """The first account."""
    return first_account(stack)


@pytest.fixture(scope="session")
def service(stack: Stack, account: Account) -> Service:
    """The service as the first account sees it."""
    return Service(stack, account)


@pytest.fixture(scope="session")
def stranger(stack: Stack) -> Service:
    """The service as another account sees it."""
    return Service(stack, create(stack, "Stranger Ltd"))


@dataclass(frozen=True, slots=True)
class Slow:
    """Orders whose fate takes minutes; placed early, looked at late."""

    never_proven: int
    aborted: int


@pytest.fixture(scope="session", autouse=True)
def slow(service: Service) -> Slow:
    """Place the slow orders before the first test, so that their waits run beside the others."""
    never_proven = service.place("never.lab.example.com")["id"]
    aborted = service.place("aborted.lab.example.com")["id"]
    service.until_looked(aborted)
    service.abort(aborted)
    assert {one["status"] for one in service.executions(aborted)} == {"ABORTED"}
    service.prove(aborted)  # nobody looks any more, unless somebody revives it
    return Slow(never_proven, aborted)
