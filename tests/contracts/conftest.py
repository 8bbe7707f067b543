"""Each storage port twice: the fake, and the adapter over moto in process."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.builders import MOMENT
from tests.contracts.aws import TABLE, OneAtATime, make_table
from tests.fakes import FakeBook, FrozenClock
from vouchsafe.adapters.dynamodb import (
    DynamoAccounts,
    DynamoApprovalMessages,
    DynamoCases,
    DynamoClaims,
    DynamoDomains,
    DynamoExpiries,
    DynamoFeed,
    DynamoIssuedList,
    DynamoIssuers,
    DynamoKeyBook,
    DynamoLedger,
    DynamoLooks,
    DynamoManagedKeys,
    DynamoNameIndex,
    DynamoOrderLists,
    DynamoParkedList,
    DynamoPolicies,
    DynamoReviews,
    DynamoRevocations,
    DynamoWebhooks,
    DynamoWorkList,
)
from vouchsafe.ports import Clock


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    """A client of an empty table `TABLE`."""
    with mock_aws():
        client = boto3.client("dynamodb")
        make_table(client)
        yield OneAtATime(client)


def adapters(client: Any, clock: Clock | None = None) -> SimpleNamespace:
    """Every storage port over one table."""
    return SimpleNamespace(
        ledger=DynamoLedger(client, TABLE),
        looks=DynamoLooks(client, TABLE),
        accounts=DynamoAccounts(client, TABLE),
        issuers=DynamoIssuers(client, TABLE),
        work=DynamoWorkList(client, TABLE),
        revocations=DynamoRevocations(client, TABLE),
        feed=DynamoFeed(client, TABLE, clock),
        claims=DynamoClaims(client, TABLE),
        lists=DynamoOrderLists(client, TABLE),
        names=DynamoNameIndex(client, TABLE),
        domains=DynamoDomains(client, TABLE),
        reviews=DynamoReviews(client, TABLE),
        policies=DynamoPolicies(client, TABLE),
        parked=DynamoParkedList(client, TABLE),
        messages=DynamoApprovalMessages(client, TABLE),
        keys=DynamoKeyBook(client, TABLE),
        issued=DynamoIssuedList(client, TABLE),
        cases=DynamoCases(client, TABLE),
        webhooks=DynamoWebhooks(client, TABLE),
        expiries=DynamoExpiries(client, TABLE),
        managed=DynamoManagedKeys(client, TABLE),
    )


PORTS = (
    "ledger",
    "looks",
    "accounts",
    "issuers",
    "work",
    "revocations",
    "feed",
    "claims",
    "lists",
    "names",
    "domains",
    "reviews",
    "policies",
    "parked",
    "messages",
    "keys",
    "issued",
    "cases",
    "webhooks",
    "expiries",
    "managed",
)


@pytest.fixture(params=["fake", "dynamodb"])
def book(request: pytest.FixtureRequest) -> Any:
    """The storage ports by name: `book.ledger`, `book.feed`, …"""
    clock = FrozenClock(MOMENT)
    if request.param == "fake":
        fake = FakeBook(clock=clock)
        return SimpleNamespace(**dict.fromkeys(PORTS, fake), clock=clock)
    found = adapters(request.getfixturevalue("dynamodb"), clock)
    found.clock = clock
    return found
