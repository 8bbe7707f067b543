"""What only the DynamoDB adapter can get wrong: torn reads, lost replies, limits, keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_certificate, a_change, an_order
from tests.contracts.aws import TABLE, LostReplies
from tests.contracts.test_ledger import a_pack
from vouchsafe.adapters.dynamodb import DynamoClaims, DynamoFeed, DynamoLedger
from vouchsafe.domain.authorization import AuthorizationStatus
from vouchsafe.domain.errors import Conflict, Unavailable
from vouchsafe.domain.order import OrderStatus


class Meddling:
    """A client that lets somebody write between the halves of a Query."""

    def __init__(self, client: Any, meddle: Any, *, split: str) -> None:
        self._client = client
        self._meddle = meddle
        self._split = split

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def query(self, **arguments: Any) -> Any:
        old = self._client.query(**arguments)["Items"]
        self._meddle()
        new = self._client.query(**arguments)["Items"]
        early = [item for item in old if item["sk"]["S"].startswith(self._split)]
        late = [item for item in new if not item["sk"]["S"].startswith(self._split)]
        return {"Items": early + late}


@pytest.mark.parametrize("split", ["AUTHZ", "CERT"])
def test_a_read_that_meets_a_commit_half_way_shows_one_side_of_it(
    dynamodb: Any, split: str
) -> None:
    ledger = DynamoLedger(dynamodb, TABLE)
    names = [f"n{number}.example.com" for number in range(30)]
    ledger.commit(an_order(), a_certificate(), a_pack(*names))
    proven = a_pack(*names, status=AuthorizationStatus.VALID)
    coming = [a_certificate(version=2)]

    def meddle() -> None:
        if coming:
            ledger.commit(coming.pop(), proven)

    client = Meddling(dynamodb, meddle, split=split)
    dossier = DynamoLedger(client, TABLE).order(1001)
    assert (dossier.newest.version, dossier.authorizations[5001]) == (2, proven.items)


def test_a_book_that_never_holds_still_is_unavailable_not_wrong(dynamodb: Any) -> None:
    ledger = DynamoLedger(dynamodb, TABLE)
    ledger.commit(an_order(), a_certificate(), a_pack("example.com"))
    versions = iter(range(2, 99))

    def meddle() -> None:
        ledger.commit(a_certificate(version=next(versions)), a_pack("example.com"))

    with pytest.raises(Unavailable):
        DynamoLedger(Meddling(dynamodb, meddle, split="AUTHZ"), TABLE).order(1001)


class Overtaken:
    """A client that lets another pump number the change right after this one has read it."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._overtaken = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def get_item(self, **arguments: Any) -> Any:
        answer = self._client.get_item(**arguments)
        if not self._overtaken:
            self._overtaken = True
            DynamoFeed(self._client, TABLE).number(a_change())
        return answer


def test_two_pumps_at_one_change_agree_on_its_number(dynamodb: Any) -> None:
    DynamoLedger(dynamodb, TABLE).commit(a_change())
    feed = DynamoFeed(Overtaken(dynamodb), TABLE)
    assert feed.number(a_change()).number == 1
    assert [each.number for each in feed.after(1, 0, 10)] == [1]


class TestLostReplies:
    def test_a_commit_is_no_conflict_with_itself(self, dynamodb: Any) -> None:
        ledger = DynamoLedger(LostReplies(dynamodb), TABLE)
        ledger.commit(an_order())
        ledger.commit(an_order().moved(OrderStatus.PROCESSING))
        ledger.commit(a_certificate(), a_pack("example.com"), a_change())
        ledger.commit(a_certificate(version=2), a_pack("example.com"))
        assert ledger.order(1001).order.version == 2
        assert ledger.order(1001).newest.version == 2

    def test_another_writer_of_the_same_record_still_conflicts(self, dynamodb: Any) -> None:
        DynamoLedger(dynamodb, TABLE).commit(an_order())
        with pytest.raises(Conflict):
            DynamoLedger(LostReplies(dynamodb), TABLE).commit(an_order())
        with pytest.raises(Conflict):
            DynamoLedger(LostReplies(dynamodb), TABLE).commit(an_order(), a_change())

    def test_a_claim_is_held_by_whoever_took_it(self, dynamodb: Any) -> None:
        claims = DynamoClaims(LostReplies(dynamodb), TABLE)
        assert claims.take("a", MOMENT, MOMENT + timedelta(minutes=5))
        assert not claims.take("a", MOMENT, MOMENT + timedelta(minutes=5))

    def test_a_number_is_given_once(self, dynamodb: Any) -> None:
        DynamoLedger(dynamodb, TABLE).commit(a_change())
        feed = DynamoFeed(LostReplies(dynamodb), TABLE)
        assert feed.number(a_change()).number == 1
        assert [each.number for each in feed.after(1, 0, 10)] == [1]


class TestLimits:
    def test_more_than_forty_items_are_refused_before_they_are_sent(self, dynamodb: Any) -> None:
        changes = [a_change(change_id=f"change-{number}") for number in range(41)]
        with pytest.raises(ValueError, match="41 items"):
            DynamoLedger(dynamodb, TABLE).commit(*changes)

    def test_an_item_near_the_limit_is_refused_before_it_is_sent(self, dynamodb: Any) -> None:
        with pytest.raises(ValueError, match="too large"):
            DynamoLedger(dynamodb, TABLE).commit(a_change(data={"text": "x" * 390_000}))

    def test_an_order_of_250_names_is_one_small_transaction(self, dynamodb: Any) -> None:
        names = [f"n{number}.example.com" for number in range(250)]
        order = an_order(dns_names=tuple(names))
        DynamoLedger(dynamodb, TABLE).commit(order, a_certificate(), a_pack(*names), a_change())
        items = dynamodb.query(
            TableName=TABLE,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "ORDER#1001"}},
        )["Items"]
        assert len(items) == 13


class TestOldAndNewCode:
    def test_unknown_attributes_are_ignored_and_outlive_a_rewrite(self, dynamodb: Any) -> None:
        ledger = DynamoLedger(dynamodb, TABLE)
        ledger.commit(an_order())
        key = {"pk": {"S": "ORDER#1001"}, "sk": {"S": "ORDER"}}
        dynamodb.update_item(
            TableName=TABLE,
            Key=key,
            UpdateExpression="SET from_the_future = :x",
            ExpressionAttributeValues={":x": {"S": "kept"}},
        )
        assert ledger.order(1001).order == an_order()
        ledger.commit(an_order().moved(OrderStatus.PROCESSING))
        item = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
        assert (item["from_the_future"], item["status"]) == ({"S": "kept"}, {"S": "processing"})

    def test_a_missing_attribute_has_its_default(self, dynamodb: Any) -> None:
        ledger = DynamoLedger(dynamodb, TABLE)
        ledger.commit(an_order(), a_certificate(signature_hash="sha384", looks=9))
        dynamodb.update_item(
            TableName=TABLE,
            Key={"pk": {"S": "ORDER#1001"}, "sk": {"S": "CERT#5001"}},
            UpdateExpression="REMOVE signature_hash, looks",
        )
        assert ledger.order(1001).newest == a_certificate()

    def test_a_missing_attribute_without_a_default_is_named(self, dynamodb: Any) -> None:
        ledger = DynamoLedger(dynamodb, TABLE)
        ledger.commit(an_order())
        dynamodb.update_item(
            TableName=TABLE,
            Key={"pk": {"S": "ORDER#1001"}, "sk": {"S": "ORDER"}},
            UpdateExpression="REMOVE product_id",
        )
        with pytest.raises(KeyError, match=r"Order\.product_id"):
            ledger.order(1001)

    def test_a_moment_without_a_zone_is_refused(self, dynamodb: Any) -> None:
        naive = MOMENT.replace(tzinfo=None)
        with pytest.raises(ValueError, match="time zone"):
            DynamoLedger(dynamodb, TABLE).commit(a_change(at=naive))
