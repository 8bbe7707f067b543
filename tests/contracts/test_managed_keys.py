"""Ports ManagedKeys, KeyMaker and KeyOpener: the fakes, and the adapters over moto."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.builders import MOMENT
from tests.contracts.aws import TABLE
from tests.contracts.kms import teach_pairs
from tests.fake_managed_keys import KEY_REF, FakeKeyService, WrongContext, a_pair
from vouchsafe.adapters.dynamodb import DynamoLedger
from vouchsafe.adapters.managed_keys import KmsKeyMaker, KmsKeyOpener
from vouchsafe.domain.errors import Conflict, Unavailable
from vouchsafe.domain.keys import describe_key
from vouchsafe.domain.managed_keys import ManagedKey, NewKey, context_of, public_part
from vouchsafe.domain.products import ManagedKeyType
from vouchsafe.managed_key_ports import KeyMaker, KeyOpener

WORDS = {
    ManagedKeyType.EC_P256: "EC P-256",
    ManagedKeyType.EC_P384: "EC P-384",
    ManagedKeyType.RSA_2048: "RSA 2048",
    ManagedKeyType.RSA_3072: "RSA 3072",
}


def a_managed_key(**changed: Any) -> ManagedKey:
    key = ManagedKey(
        certificate_id=5001,
        order_id=1001,
        account_id=1,
        wrapped=b"\x00wrapped\xff",
        key_ref=KEY_REF,
        made_at=MOMENT,
    )
    return replace(key, **changed)


def kept(pair: NewKey, **changed: Any) -> ManagedKey:
    return a_managed_key(wrapped=pair.wrapped, key_ref=pair.key_ref, **changed)


class TestKeeping:
    def test_a_key_is_found_by_its_certificate(self, book: Any) -> None:
        assert book.managed.managed_key(5001) is None
        book.ledger.commit(a_managed_key())
        assert book.managed.managed_key(5001) == a_managed_key()
        assert book.managed.managed_key(1001) is None

    def test_the_first_key_of_a_certificate_stays(self, book: Any) -> None:
        book.ledger.commit(a_managed_key())
        with pytest.raises(Conflict):
            book.ledger.commit(a_managed_key(wrapped=b"another"))
        assert book.managed.managed_key(5001) == a_managed_key()

    def test_it_stands_apart_from_its_order(self, dynamodb: Any) -> None:
        DynamoLedger(dynamodb, TABLE).commit(a_managed_key())
        (item,) = dynamodb.scan(TableName=TABLE)["Items"]
        assert (item["pk"]["S"], item["sk"]["S"]) == ("MANAGEDKEY#5001", "KEY")
        assert not {name for name in item if name.startswith("gsi")}


@dataclass
class Service:
    """A maker for each type, and an opener."""

    makers: dict[ManagedKeyType, KeyMaker]
    opener: KeyOpener
    refused: tuple[type[Exception], ...]


@pytest.fixture(params=["fake", "kms"])
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    if request.param == "fake":
        first = FakeKeyService()
        makers: dict[ManagedKeyType, KeyMaker] = {}
        for kind in ManagedKeyType:
            maker = FakeKeyService(kind=kind)
            maker.made = first.made
            makers[kind] = maker
        yield Service(makers, first, (WrongContext,))
        return
    with mock_aws():
        client = boto3.client("kms", region_name="us-east-1")
        key = client.create_key(KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["Arn"]
        teach_pairs(client)
        made = {kind: KmsKeyMaker(client, key, kind) for kind in ManagedKeyType}
        yield Service({**made}, KmsKeyOpener(client), (ClientError,))


@pytest.mark.parametrize("kind", list(ManagedKeyType))
def test_a_pair_of_the_type_is_made_and_opens_again(service: Service, kind: ManagedKeyType) -> None:
    pair = service.makers[kind].make(context_of(1001, 5001))
    assert describe_key(public_part(pair.private)) == WORDS[kind]
    assert service.opener.open(kept(pair)) == pair.private
    assert pair.private not in pair.wrapped


def test_each_pair_is_another_one(service: Service) -> None:
    maker = service.makers[ManagedKeyType.EC_P256]
    first, second = (maker.make(context_of(1001, 5001)) for _ in range(2))
    assert first.private != second.private


@pytest.mark.parametrize("changed", [{"certificate_id": 5002}, {"order_id": 1002}])
def test_it_opens_for_its_order_and_certificate_alone(
    service: Service, changed: dict[str, int]
) -> None:
    pair = service.makers[ManagedKeyType.EC_P256].make(context_of(1001, 5001))
    with pytest.raises(service.refused):
        service.opener.open(kept(pair, **changed))


def test_a_new_key_is_not_shown_by_accident() -> None:
    private = a_pair()
    pair = NewKey(private=private, wrapped=b"wrapped", key_ref=KEY_REF)
    assert repr(private)[2:30] not in repr(pair)
    assert "wrapped" not in repr(pair) and "wrapped" not in repr(kept(pair))


class _Busy:
    """A key service that never gets to it."""

    def generate_data_key_pair(self, **_: Any) -> Any:
        error = {"Error": {"Code": "ThrottlingException", "Message": "slow down"}}
        raise ClientError(error, "GenerateDataKeyPair")  # type: ignore[arg-type]

    decrypt = generate_data_key_pair


def test_a_busy_key_service_is_trouble_that_may_pass() -> None:
    with pytest.raises(Unavailable):
        KmsKeyMaker(_Busy(), KEY_REF, ManagedKeyType.EC_P256).make(context_of(1, 2))
    with pytest.raises(Unavailable):
        KmsKeyOpener(_Busy()).open(a_managed_key())
