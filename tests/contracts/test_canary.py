"""What the canary works with: its memory twice, its zone over moto, keys and public lists."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from cryptography import x509
from moto import mock_aws

from tests.builders import MOMENT
from tests.canary_world import FakeCanaryMemory, FakeCanaryZone
from tests.contracts.aws import TABLE
from tests.fakes import Tripwire
from tests.unit.validation.eyes import World
from vouchsafe.adapters.canary_zone import Route53Zone
from vouchsafe.adapters.dynamodb import DynamoCanaryMemory, DynamoLedger
from vouchsafe.adapters.one_time_keys import OneTimeKeys
from vouchsafe.adapters.published_lists import HttpPublishedLists
from vouchsafe.domain.canary import ACCOUNT, CanaryPhase, next_run
from vouchsafe.domain.errors import Conflict, Unavailable

NAME = "c0.canary.example.com"
FIRST = next_run(None, b"\0" * 8, "canary.example.com", MOMENT)


@pytest.fixture(params=["dynamodb", "fake"])
def memory(request: pytest.FixtureRequest) -> Any:
    if request.param == "fake":
        return FakeCanaryMemory()
    return DynamoCanaryMemory(request.getfixturevalue("dynamodb"), TABLE)


def test_before_the_first_run_there_is_none(memory: Any) -> None:
    assert memory.canary() is None


def test_the_newest_run_is_remembered_whole(memory: Any) -> None:
    memory.remember(FIRST)
    shown = FIRST.changed(phase=CanaryPhase.PROVING, order_id=7, shown_at=MOMENT, failure="why")
    memory.remember(shown)
    assert memory.canary() == shown
    again = next_run(shown, b"\1" * 8, "canary.example.com", MOMENT)
    memory.remember(again)
    assert memory.canary() == again
    assert (again.run, again.order_id, again.after_failure) == (2, None, True)


@pytest.mark.parametrize("version", [1, 3])
def test_whoever_comes_second_or_skips_a_version_writes_nothing(memory: Any, version: int) -> None:
    memory.remember(FIRST)
    with pytest.raises(Conflict):
        memory.remember(replace(FIRST, phase=CanaryPhase.OVER, version=version))
    assert memory.canary() == FIRST


def test_the_memory_stands_where_it_always_did(dynamodb: Any) -> None:
    DynamoCanaryMemory(dynamodb, TABLE).remember(FIRST)
    key = {"pk": {"S": "CANARY"}, "sk": {"S": "RUN"}}
    item = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
    assert item["entity"] == {"S": "canary"}


def test_no_counter_ever_gives_the_canarys_number(dynamodb: Any) -> None:
    dynamodb.put_item(
        TableName=TABLE,
        Item={
            "pk": {"S": "SEQUENCE"},
            "sk": {"S": "SEQUENCE"},
            "accounts": {"N": str(ACCOUNT - 1)},
        },
    )
    with pytest.raises(RuntimeError, match="used up"):
        DynamoLedger(dynamodb, TABLE).allocate(accounts=1)


class Route53:
    """The zone over moto, and what stands in it."""

    def __init__(self) -> None:
        self._client = boto3.client("route53")
        made = self._client.create_hosted_zone(Name="example.com", CallerReference="x")
        self._id = made["HostedZone"]["Id"].rpartition("/")[2]
        self.zone = Route53Zone(self._client, self._id)

    def records(self) -> dict[str, list[str]]:
        rows = self._client.list_resource_record_sets(HostedZoneId=self._id)["ResourceRecordSets"]
        return {
            row["Name"].rstrip("."): [each["Value"].strip('"') for each in row["ResourceRecords"]]
            for row in rows
            if row["Type"] == "TXT"
        }


@pytest.fixture(params=["fake", "route53"])
def shown(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "fake":
        world = World()
        zone = FakeCanaryZone(Tripwire(), world)
        yield type("Shown", (), {"zone": zone, "records": lambda _: dict(world.txt)})()
        return
    with mock_aws():
        yield Route53()


def test_a_record_is_there_once_however_often_it_is_shown(shown: Any) -> None:
    shown.zone.publish(NAME, "_one")
    shown.zone.publish(NAME, "_one")
    assert shown.records() == {NAME: ["_one"]}
    shown.zone.publish(NAME, "_two")
    assert shown.records() == {NAME: ["_two"]}


def test_a_record_goes(shown: Any) -> None:
    shown.zone.publish(NAME, "_one")
    shown.zone.withdraw(NAME, "_one")
    assert shown.records() == {}


def test_a_record_may_be_gone_already() -> None:
    client = boto3.client("route53")
    with Stubber(client) as aws:  # moto says it in other words
        aws.add_client_error(
            "change_resource_record_sets",
            "InvalidChangeBatch",
            "[Tried to delete resource record set [name='x', type='TXT'] but it was not found]",
        )
        Route53Zone(client, "Z1").withdraw(NAME, "_one")
    with Stubber(client) as aws:
        aws.add_client_error("change_resource_record_sets", "InvalidChangeBatch", "no such name")
        with pytest.raises(Unavailable):
            Route53Zone(client, "Z1").publish(NAME, "_one")


@mock_aws
def test_a_zone_that_is_not_there_may_yet_be_mended() -> None:
    zone = Route53Zone(boto3.client("route53"), "Z0000000000000")
    with pytest.raises(Unavailable, match="Z0000000000000"):
        zone.publish(NAME, "_one")


def test_every_request_is_for_its_name_with_a_key_of_its_own() -> None:
    made = [x509.load_pem_x509_csr(OneTimeKeys().request(NAME).encode()) for _ in range(2)]
    for request in made:
        names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert [*names] == [x509.DNSName(NAME)]
        assert request.is_signature_valid
    assert made[0].public_key() != made[1].public_key()


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # noqa: N802
        self.send_response(200 if self.path == "/crl" else 404)
        self.end_headers()
        self.wfile.write(b"a list")

    def log_message(self, *_: Any) -> None:
        """Not to the terminal."""


@pytest.fixture
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_list_is_fetched_as_anybody_would(site: str) -> None:
    assert HttpPublishedLists().fetch(f"{site}/crl") == b"a list"


@pytest.mark.parametrize("path", ["/none", ":1/"])
def test_every_other_answer_may_pass(site: str, path: str) -> None:
    address = f"{site}{path}" if path.startswith("/") else f"http://127.0.0.1{path}"
    with pytest.raises(Unavailable):
        HttpPublishedLists().fetch(address)
