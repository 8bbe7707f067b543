"""Ports IssuedList, OrderLog, PacketStore, PacketKeyPublication and PacketSigner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.builders import MOMENT, a_change
from tests.contracts.aws import TABLE, LostReplies, OneAtATime
from tests.contracts.kms import DigestingKms
from tests.fake_packets import FakePacketKeyPublication, FakePacketStore, SoftwarePacketSigner
from vouchsafe.adapters.dynamodb import DynamoIssuedList
from vouchsafe.adapters.kms import KmsPacketSigner
from vouchsafe.adapters.s3 import S3PacketKeyPublication, S3PacketStore
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.packets import IssuedListing, packet_signature_fits
from vouchsafe.domain.reaudit import AuditCursor

MINUTE = timedelta(minutes=1)


def listed(number: int) -> IssuedListing:
    """Certificate 5000 + number, issued so many minutes after MOMENT."""
    return IssuedListing(
        order_id=1000 + number, certificate_id=5000 + number, issued_at=MOMENT + number * MINUTE
    )


class TestIssuedList:
    def test_the_oldest_without_a_packet_come_first(self, book: Any) -> None:
        for number in (3, 1, 2, 90):
            book.ledger.commit(listed(number))
        assert list(book.issued.unpacked(MOMENT + 3 * MINUTE, 10)) == [listed(1), listed(2)]
        assert list(book.issued.unpacked(MOMENT + timedelta(days=1), 3)) == [
            listed(1),
            listed(2),
            listed(3),
        ]

    def test_a_packed_one_is_not_asked_for_again(self, book: Any) -> None:
        book.ledger.commit(listed(1), listed(2))
        book.issued.packed(listed(1))
        book.issued.packed(listed(1))
        assert list(book.issued.unpacked(MOMENT + timedelta(days=1), 10)) == [listed(2)]

    def test_one_that_was_never_issued_cannot_be_packed(self, book: Any) -> None:
        with pytest.raises(Conflict):
            book.issued.packed(listed(1))

    def test_nobody_has_audited_in_the_beginning(self, book: Any) -> None:
        assert book.issued.cursor() is None
        book.ledger.commit(AuditCursor(at=MOMENT, certificate_id=7))
        assert book.issued.cursor() == AuditCursor(at=MOMENT, certificate_id=7)

    def test_the_issued_are_walked_by_time_over_hours_and_never_twice(self, book: Any) -> None:
        numbers = [1, 2, 59, 60, 61, 200, 1500]
        for number in numbers:
            book.ledger.commit(listed(number))
        until, seen = MOMENT + 1501 * MINUTE, []
        cursor = AuditCursor(at=MOMENT)
        while True:
            rows, reached = book.issued.since(cursor, until, 2)
            if reached == cursor:
                break
            seen += rows
            cursor = reached
        assert seen == [listed(number) for number in numbers]
        assert cursor.at == until
        book.ledger.commit(listed(1501))
        rows, _ = book.issued.since(cursor, until + MINUTE, 2)
        assert list(rows) == [listed(1501)]

    def test_several_of_one_moment_are_each_met_once(self, book: Any) -> None:
        same = [replace(listed(n), issued_at=MOMENT + MINUTE) for n in range(5)]
        book.ledger.commit(*same)
        seen, cursor = [], AuditCursor(at=MOMENT)
        for _ in same:
            rows, cursor = book.issued.since(cursor, MOMENT + 2 * MINUTE, 1)
            seen += rows
        assert seen == same

    def test_what_is_too_young_is_left_for_the_next_time(self, book: Any) -> None:
        book.ledger.commit(listed(1), listed(2))
        rows, _ = book.issued.since(AuditCursor(at=MOMENT), MOMENT + 2 * MINUTE, 10)
        assert list(rows) == [listed(1)]

    def test_before_anything_is_old_enough_nothing_is_even_asked(self, book: Any) -> None:
        book.ledger.commit(listed(1))
        cursor = AuditCursor(at=MOMENT + 2 * MINUTE, certificate_id=7)
        assert book.issued.since(cursor, MOMENT, 10) == ([], cursor)
        mute = DynamoIssuedList(object(), TABLE)  # has no call at all
        assert mute.since(cursor, MOMENT, 10) == ([], cursor)

    def test_a_long_silence_is_crossed_in_steps(self, book: Any) -> None:
        far = replace(listed(1), issued_at=MOMENT + timedelta(days=30))
        book.ledger.commit(far)
        cursor = AuditCursor(at=MOMENT)
        for _ in range(40):
            rows, cursor = book.issued.since(cursor, MOMENT + timedelta(days=31), 10)
            if rows:
                break
        assert list(rows) == [far]

    def test_it_is_listed_once(self, book: Any) -> None:
        book.ledger.commit(listed(1))
        with pytest.raises(Conflict):
            book.ledger.commit(listed(1))


def test_the_keys_of_an_issued_certificate(dynamodb: Any) -> None:
    from tests.contracts.conftest import adapters

    adapters(dynamodb).ledger.commit(listed(1))
    key = {"pk": {"S": "ISSUED#2026-11-21T12"}, "sk": {"S": "2026-11-21T12:01:00.000000Z#5001"}}
    item = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
    assert item["gsi3pk"] == {"S": "UNPACKED#1"}
    assert item["gsi3sk"] == {"S": "2026-11-21T12:01:00.000000Z#5001"}


class TestOrderLog:
    def test_it_has_the_orders_own_changes_in_their_order(self, book: Any) -> None:
        mine = [a_change(change_id=f"mine-{n:02}", at=MOMENT + n * MINUTE) for n in range(12)]
        others = [
            a_change(change_id="other", order_id=1002),
            a_change(change_id="of-nothing", order_id=None, certificate_id=None),
        ]
        book.ledger.commit(*mine, *others)
        for change in (*mine[:6], *others, *mine[6:]):
            book.feed.number(change)
        rows = book.feed.of_order(1001)
        assert [row.change for row in rows] == mine
        assert [row.number for row in rows] == [*range(1, 7), *range(9, 15)]
        assert rows[0] == book.feed.after(1, 0, 1)[0]  # with its place in the chain

    def test_what_has_no_number_yet_is_not_in_it(self, book: Any) -> None:
        book.ledger.commit(a_change())
        assert list(book.feed.of_order(1001)) == []


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="store")
        client.create_bucket(Bucket="public")
        yield OneAtATime(client)


@pytest.fixture(params=["fake", "s3"])
def packets(request: pytest.FixtureRequest) -> Any:
    if request.param == "fake":
        return FakePacketStore()
    return S3PacketStore(request.getfixturevalue("s3"), "store")


class TestPacketStore:
    def test_what_was_put_first_stands_there(self, packets: Any) -> None:
        assert packets.get(5001) is None
        assert packets.put(5001, b"first") == b"first"
        assert packets.put(5001, b"second") == b"first"
        assert packets.get(5001) == b"first"
        assert packets.get(5002) is None

    def test_a_put_whose_answer_was_lost_is_ours_all_the_same(self, s3: Any) -> None:
        assert S3PacketStore(LostReplies(s3), "store").put(5001, b"packet") == b"packet"

    def test_it_stands_apart_from_certificates_and_organizations_files(self, s3: Any) -> None:
        S3PacketStore(s3, "store").put(5001, b"packet")
        found = s3.get_object(Bucket="store", Key="evidence/certificates/5001.json")
        assert found["ContentType"] == "application/json"


class TestPacketKeyPublication:
    def test_the_key_is_put_once(self, s3: Any) -> None:
        s3.put_bucket_versioning(Bucket="public", VersioningConfiguration={"Status": "Enabled"})
        fake = FakePacketKeyPublication()
        for port in (fake, S3PacketKeyPublication(s3, "public")):
            for pem in (b"one", b"one", b"two"):
                port.publish(pem)
        versions = s3.list_object_versions(Bucket="public")["Versions"]
        assert [each["Key"] for each in versions] == ["ca/evidence.pem"] * 2
        assert s3.get_object(Bucket="public", Key="ca/evidence.pem")["Body"].read() == b"two"
        assert (fake.pem, fake.puts) == (b"two", 2)


@pytest.fixture(params=["software", "kms"])
def signer(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "software":
        yield SoftwarePacketSigner()
        return
    with mock_aws():
        client = DigestingKms(boto3.client("kms"))
        key = client.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        yield KmsPacketSigner(client, key["KeyMetadata"]["Arn"])


class TestPacketSigner:
    def test_its_signature_is_over_exactly_the_content(self, signer: Any) -> None:
        signature = signer.sign(b"content")
        assert packet_signature_fits(b"content", signature, signer.public_key())
        assert not packet_signature_fits(b"c0ntent", signature, signer.public_key())

    def test_a_key_of_another_type_signs_nothing(self) -> None:
        with mock_aws():
            client = DigestingKms(boto3.client("kms"))
            key = client.create_key(KeySpec="ECC_SECG_P256K1", KeyUsage="SIGN_VERIFY")
            with pytest.raises(ValueError, match="not a P-256 key"):
                KmsPacketSigner(client, key["KeyMetadata"]["Arn"]).sign(b"content")

    def test_a_signature_of_another_key_never_leaves(self) -> None:
        with mock_aws():
            client = DigestingKms(boto3.client("kms"))
            made = [
                client.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY") for _ in "12"
            ]
            one, other = (str(each["KeyMetadata"]["Arn"]) for each in made)
            signer = KmsPacketSigner(client, one)
            signer.public_key()
            signer._key_ref = other
            with pytest.raises(ValueError, match="does not verify"):
                signer.sign(b"content")
