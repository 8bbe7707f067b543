"""Ports CertificateStore and Publication."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.contracts.aws import LostReplies, OneAtATime
from tests.fake_vetting import FakeEvidenceStore
from tests.fakes import FakePublication, FakeStore
from vouchsafe.adapters.s3 import S3CertificateStore, S3EvidenceStore, S3Publication
from vouchsafe.domain.errors import Conflict, Unavailable


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="store")
        client.create_bucket(Bucket="public")
        yield OneAtATime(client)


class Spying:
    """A client whose calls are named, and whose answers may lack a field."""

    def __init__(self, client: Any, forget: str = "") -> None:
        self._client = client
        self._forget = forget
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def call(**arguments: Any) -> Any:
            self.calls.append(name)
            answer = getattr(self._client, name)(**arguments)
            answer.pop(self._forget, None)
            return answer

        return call


@pytest.fixture(params=["fake", "s3"])
def store(request: pytest.FixtureRequest) -> Any:
    if request.param == "fake":
        return FakeStore()
    return S3CertificateStore(request.getfixturevalue("s3"), "store")


@pytest.fixture(params=["fake", "s3"])
def publication(request: pytest.FixtureRequest) -> Any:
    if request.param == "fake":
        return FakePublication()
    return S3Publication(request.getfixturevalue("s3"), "public")


@pytest.fixture(params=["fake", "s3"])
def evidence(request: pytest.FixtureRequest) -> Any:
    if request.param == "fake":
        return FakeEvidenceStore()
    return S3EvidenceStore(request.getfixturevalue("s3"), "store")


class TestEvidenceStore:
    def test_a_file_stands_under_its_review_and_hash(self, evidence: Any) -> None:
        evidence.put(801, "ab" * 32, b"%PDF-1.7", "application/pdf")
        assert evidence.get(801, "ab" * 32) == b"%PDF-1.7"
        assert evidence.get(802, "ab" * 32) is None
        assert evidence.get(801, "cd" * 32) is None

    def test_what_stands_there_is_never_replaced(self, evidence: Any) -> None:
        evidence.put(801, "ab" * 32, b"first", "text/plain")
        evidence.put(801, "ab" * 32, b"second", "text/plain")
        assert evidence.get(801, "ab" * 32) == b"first"


class TestCertificateStore:
    def test_what_was_put_stands_there(self, store: Any) -> None:
        assert store.put(5001, b"first") == b"first"
        assert store.get(5001) == b"first"

    def test_the_second_reads_what_the_first_put(self, store: Any) -> None:
        store.put(5001, b"first")
        assert store.put(5001, b"second") == b"first"
        assert store.get(5001) == b"first"

    def test_a_put_that_the_store_vouches_for_is_not_read_back(self, s3: Any) -> None:
        wire = Spying(s3)
        assert S3CertificateStore(wire, "store").put(5001, b"first") == b"first"
        assert wire.calls == ["put_object"]

    def test_a_put_whose_checksum_is_not_told_is_read_back(self, s3: Any) -> None:
        wire = Spying(s3, forget="ChecksumSHA256")
        assert S3CertificateStore(wire, "store").put(5001, b"first") == b"first"
        assert wire.calls == ["put_object", "get_object"]

    def test_nothing_stands_under_another_id(self, store: Any) -> None:
        store.put(5001, b"first")
        assert store.get(5002) is None

    def test_of_many_at_once_all_see_the_same_winner(self, store: Any) -> None:
        with ThreadPoolExecutor(4) as pool:
            seen = list(pool.map(lambda n: store.put(5001, b"%d" % n), range(8)))
        assert set(seen) == {store.get(5001)}

    def test_readers_at_once_each_get_the_certificate_of_their_id(self, store: Any) -> None:
        bodies = {number: b"%d " % number * number for number in range(1, 41)}
        for number, body in bodies.items():
            store.put(number, body)
        asked = [number for number in bodies for _ in range(5)]
        random.Random(7).shuffle(asked)
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(store.get, asked)) == [bodies[number] for number in asked]

    def test_readers_and_writers_at_once_never_mix_two_certificates(self, store: Any) -> None:
        def work(number: int) -> bytes | None:
            body = b"%d " % number * number
            seen = store.get(number)
            assert seen in {None, body}
            standing: bytes | None = store.put(number, body) if number % 3 else store.get(number)
            return standing

        asked = [number for number in range(1, 41) for _ in range(4)]
        random.Random(11).shuffle(asked)
        with ThreadPoolExecutor(8) as pool:
            seen = list(pool.map(work, asked))
        for number, body in zip(asked, seen, strict=True):
            assert body == (b"%d " % number * number if number % 3 else None)


class Refusing:
    """A client whose first `count` puts are refused with an error code."""

    def __init__(self, client: Any, code: str, status: int, count: int) -> None:
        self._client = client
        self._error = {
            "Error": {"Code": code, "Message": code},
            "ResponseMetadata": {"HTTPStatusCode": status},
        }
        self._left = count

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def put_object(self, **arguments: Any) -> Any:
        self._left -= 1
        if self._left >= 0:
            raise ClientError(self._error, "PutObject")  # type: ignore[arg-type]
        return self._client.put_object(**arguments)


class TestS3Store:
    def test_a_certificate_is_der_under_its_id(self, s3: Any) -> None:
        S3CertificateStore(s3, "store").put(5001, b"der")
        head = s3.head_object(Bucket="store", Key="certificates/5001.cer")
        assert head["ContentType"] == "application/pkix-cert"

    def test_a_put_that_ran_into_another_is_tried_again(self, s3: Any) -> None:
        client = Refusing(s3, "ConditionalRequestConflict", 409, 2)
        assert S3CertificateStore(client, "store").put(5001, b"der") == b"der"

    def test_a_put_that_finds_another_reads_the_winner_and_changes_nothing(self, s3: Any) -> None:
        S3CertificateStore(s3, "store").put(5001, b"first")
        client = Refusing(s3, "PreconditionFailed", 412, 1)
        assert S3CertificateStore(client, "store").put(5001, b"second") == b"first"
        there = s3.list_objects_v2(Bucket="store")["Contents"]
        assert [each["Key"] for each in there] == ["certificates/5001.cer"]

    def test_readers_at_once_without_a_lock_each_get_their_own(self) -> None:
        """One client, many threads, as the SDK allows: what is read is never another's."""
        with mock_aws():
            client = boto3.client("s3", region_name="us-east-1")
            client.create_bucket(Bucket="store")
            store = S3CertificateStore(client, "store")
            bodies = {number: b"%d " % number * 50 for number in range(1, 21)}
            for number, body in bodies.items():
                store.put(number, body)
            asked = list(bodies) * 10
            random.Random(3).shuffle(asked)
            with ThreadPoolExecutor(8) as pool:
                assert list(pool.map(store.get, asked)) == [bodies[number] for number in asked]

    def test_a_put_whose_answer_was_lost_succeeded(self, s3: Any) -> None:
        assert S3CertificateStore(LostReplies(s3), "store").put(5001, b"der") == b"der"

    def test_trouble_that_does_not_pass_is_unavailable(self, s3: Any) -> None:
        client = Refusing(s3, "SlowDown", 503, 99)
        with pytest.raises(Unavailable):
            S3CertificateStore(client, "store").put(5001, b"der")

    def test_a_refusal_for_good_is_not_hidden(self, s3: Any) -> None:
        client = Refusing(s3, "AccessDenied", 403, 1)
        with pytest.raises(ClientError, match="AccessDenied"):
            S3CertificateStore(client, "store").put(5001, b"der")
        assert S3CertificateStore(s3, "store").get(5001) is None


class TestPublication:
    def test_the_first_crl_needs_an_empty_place(self, publication: Any) -> None:
        etag = publication.put_crl("ec-1", 3, b"one", replaces=None)
        assert publication.crl("ec-1", 3) == (b"one", etag)
        with pytest.raises(Conflict):
            publication.put_crl("ec-1", 3, b"two", replaces=None)
        assert publication.crl("ec-1", 3) == (b"one", etag)

    def test_a_crl_replaces_exactly_the_one_it_knows(self, publication: Any) -> None:
        first = publication.put_crl("ec-1", 3, b"one", replaces=None)
        second = publication.put_crl("ec-1", 3, b"two", replaces=first)
        assert publication.crl("ec-1", 3) == (b"two", second)
        with pytest.raises(Conflict):
            publication.put_crl("ec-1", 3, b"three", replaces=first)
        assert publication.crl("ec-1", 3) == (b"two", second)

    def test_replacing_what_is_not_there_is_a_conflict(self, publication: Any) -> None:
        with pytest.raises(Conflict):
            publication.put_crl("ec-1", 3, b"one", replaces='"0123456789abcdef"')
        assert publication.crl("ec-1", 3) is None

    def test_shards_stand_apart(self, publication: Any) -> None:
        publication.put_crl("ec-1", 3, b"one", replaces=None)
        assert publication.crl("ec-1", 4) is None
        assert publication.crl("ec-2", 3) is None

    def test_of_two_publishers_at_once_one_loses(self, publication: Any) -> None:
        first = publication.put_crl("ec-1", 3, b"one", replaces=None)

        def publish(number: int) -> bool:
            try:
                publication.put_crl("ec-1", 3, b"next %d" % number, replaces=first)
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(publish, range(4))).count(True) == 1

    def test_a_ca_certificate_may_be_published_again(self, publication: Any) -> None:
        publication.put_ca_certificate("ec-1", b"der")
        publication.put_ca_certificate("ec-1", b"der")


class TestS3Publication:
    def test_objects_are_where_and_what_the_urls_say(self, s3: Any) -> None:
        publication = S3Publication(s3, "public")
        publication.put_ca_certificate("ec-1", b"der")
        publication.put_crl("ec-1", 3, b"crl", replaces=None)
        issuer = s3.head_object(Bucket="public", Key="ca/ec-1.cer")
        crl = s3.head_object(Bucket="public", Key="crl/ec-1/3.crl")
        assert issuer["ContentType"] == "application/pkix-cert"
        assert (crl["ContentType"], crl["CacheControl"]) == ("application/pkix-crl", "max-age=60")

    def test_a_crl_whose_answer_was_lost_is_no_conflict_with_itself(self, s3: Any) -> None:
        publication = S3Publication(LostReplies(s3), "public")
        first = publication.put_crl("ec-1", 3, b"one", replaces=None)
        second = publication.put_crl("ec-1", 3, b"two", replaces=first)
        assert publication.crl("ec-1", 3) == (b"two", second)
