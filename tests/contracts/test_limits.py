"""Limits: the fake, and the adapter over moto in process, with races; and what a call costs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto import mock_aws

from tests.builders import MOMENT
from tests.contracts.aws import OneAtATime
from tests.fakes import FakeRateLimits
from vouchsafe.adapters.dynamodb import DynamoRateLimits
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.limits import VENDOR_LIMITS, Limit

TABLE = "limits"
FIVE = (Limit(5, 60),)


class Counting:
    """A client that counts the writes made through it."""

    def __init__(self, client: Any) -> None:
        self._client, self.writes = client, 0

    def update_item(self, **arguments: Any) -> Any:
        self.writes += 1
        return self._client.update_item(**arguments)


@pytest.fixture
def client() -> Iterator[Counting]:
    with mock_aws():
        dynamodb = boto3.client("dynamodb")
        dynamodb.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        )
        yield Counting(OneAtATime(dynamodb))


@pytest.fixture(params=["fake", "dynamodb"])
def limits(request: pytest.FixtureRequest) -> Any:
    if request.param == "fake":
        return FakeRateLimits()
    return DynamoRateLimits(request.getfixturevalue("client"), TABLE)


def test_calls_are_taken_up_to_the_limit_and_the_next_is_not(limits: Any) -> None:
    taken = [limits.take("KEY#1", FIVE, MOMENT) for _ in range(6)]
    assert [each.taken for each in taken] == [True] * 5 + [False]
    assert [each.remaining for each in taken] == [4, 3, 2, 1, 0, 0]
    assert [each.reset for each in taken] == [12, 24, 36, 48, 60, 60]
    assert {each.limit for each in taken} == {5}


def test_a_refused_call_is_taken_after_exactly_the_seconds_it_was_told(limits: Any) -> None:
    for _ in range(5):
        limits.take("KEY#1", FIVE, MOMENT)
    wait = limits.take("KEY#1", FIVE, MOMENT).retry_after
    early = MOMENT + timedelta(seconds=wait - 1)
    assert not limits.take("KEY#1", FIVE, early).taken
    assert limits.take("KEY#1", FIVE, MOMENT + timedelta(seconds=wait)).taken


def test_a_refused_call_costs_nothing(limits: Any) -> None:
    for _ in range(5):
        limits.take("KEY#1", FIVE, MOMENT)
    told = {limits.take("KEY#1", FIVE, MOMENT).retry_after for _ in range(20)}
    assert told == {12}


def test_callers_do_not_touch_each_other(limits: Any) -> None:
    for _ in range(6):
        limits.take("KEY#1", FIVE, MOMENT)
    assert limits.take("KEY#2", FIVE, MOMENT).remaining == 4


def test_a_call_refused_by_one_limit_is_not_taken_from_the_other(limits: Any) -> None:
    both = (Limit(10, 100), Limit(2, 4))
    for _ in range(2):
        assert limits.take("KEY#1", both, MOMENT).taken
    assert not any(limits.take("KEY#1", both, MOMENT).taken for _ in range(20))
    later = MOMENT + timedelta(seconds=4)
    assert limits.take("KEY#1", both, later).taken
    assert limits.take("KEY#1", (both[0],), later).remaining == 6


def test_of_many_at_once_as_many_are_taken_as_there_is_room(limits: Any) -> None:
    both = (Limit(5, 60), Limit(1000, 180))

    def call(_: int) -> bool | None:
        try:
            return bool(limits.take("KEY#1", both, MOMENT).taken)
        except Unavailable:  # too crowded to be counted: the caller lets it pass
            return None

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(call, range(24)))
    assert answers.count(True) == 5
    assert answers.count(None) == 0


def test_changed_limits_begin_anew_for_their_own_times(limits: Any) -> None:
    for _ in range(5):
        limits.take("KEY#1", FIVE, MOMENT)
    assert not limits.take("KEY#1", FIVE, MOMENT).taken
    assert limits.take("KEY#1", (Limit(5, 30),), MOMENT).taken


class TestTheVendorsLimits:
    def test_a_hundred_at_once_and_a_hundred_five_seconds_later_are_taken(self) -> None:
        limits = FakeRateLimits()
        for seconds in range(0, 50, 5):
            now = MOMENT + timedelta(seconds=seconds)
            assert all(limits.take("KEY#1", VENDOR_LIMITS, now).taken for _ in range(100))

    def test_then_the_long_limit_refuses_until_there_is_room_again(self) -> None:
        limits = FakeRateLimits()
        for seconds in range(0, 50, 5):
            for _ in range(100):
                limits.take("KEY#1", VENDOR_LIMITS, MOMENT + timedelta(seconds=seconds))
        now, calls = MOMENT + timedelta(seconds=50), 0
        while (last := limits.take("KEY#1", VENDOR_LIMITS, now)).taken:
            calls += 1
            now += timedelta(milliseconds=50)
        assert 200 < calls < 600
        assert (last.limit, last.remaining, last.retry_after) == (1000, 0, 1)


class TestWhatACallCosts:
    def test_one_write_while_busy(self, client: Counting) -> None:
        limits = DynamoRateLimits(client, TABLE)
        limits.take("KEY#1", VENDOR_LIMITS, MOMENT)
        before = client.writes
        for number in range(50):
            limits.take("KEY#1", VENDOR_LIMITS, MOMENT + timedelta(milliseconds=20 * number))
        assert client.writes - before == 50

    def test_two_at_first_and_in_a_container_that_does_not_know_that_the_caller_idled(
        self, client: Counting
    ) -> None:
        DynamoRateLimits(client, TABLE).take("KEY#1", VENDOR_LIMITS, MOMENT)
        assert client.writes == 2
        later = MOMENT + timedelta(hours=1)
        DynamoRateLimits(client, TABLE).take("KEY#1", VENDOR_LIMITS, later)
        assert client.writes == 4

    def test_one_for_a_refusal(self, client: Counting) -> None:
        limits = DynamoRateLimits(client, TABLE)
        for _ in range(5):
            limits.take("KEY#1", FIVE, MOMENT)
        before = client.writes
        limits.take("KEY#1", FIVE, MOMENT)
        assert client.writes - before == 1


def _throttled() -> ClientError:
    return ClientError({"Error": {"Code": "ThrottlingException"}}, "UpdateItem")


@pytest.mark.parametrize(
    "trouble", [_throttled(), ReadTimeoutError(endpoint_url="https://dynamodb")], ids=str
)
def test_a_table_in_trouble_is_unavailable_at_once(trouble: Exception) -> None:
    class Broken:
        def update_item(self, **arguments: Any) -> Any:
            raise trouble

    with pytest.raises(Unavailable):
        DynamoRateLimits(Broken(), TABLE).take("KEY#1", FIVE, MOMENT)


def test_an_idle_callers_item_goes_by_itself(client: Counting) -> None:
    DynamoRateLimits(client, TABLE).take("KEY#1", VENDOR_LIMITS, MOMENT)
    item = boto3.client("dynamodb").get_item(TableName=TABLE, Key={"pk": {"S": "KEY#1"}})["Item"]
    assert int(item["expires"]["N"]) == int(MOMENT.timestamp()) + 180 + 60
