"""The canary on the running stack: its order is issued, revoked and listed, and nobody hears of it.

Its schedule comes once a day here; the tests call it as often as they like.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography import x509

from tests.e2e.service import Service, until
from tests.lab import hosted_zone
from tests.lab.accounts import invoke
from tests.lab.client import send
from vouchsafe.domain.canary import ACCOUNT
from vouchsafe.domain.canary_checks import crl_address


@dataclass(frozen=True, slots=True)
class Canary:
    """The function, and the name servers of its zone."""

    service: Service

    def step(self, **event: Any) -> dict[str, Any]:
        """Call it once, then have its zone served."""
        stack = self.service.stack
        answer = invoke(stack, stack.outputs["CanaryFunction"], event)
        hosted_zone.serve(stack.emulator, self.zone_id, stack.ports["dns"])
        return dict(answer)

    def until(self, phase: str, within: float = 300) -> dict[str, Any]:
        """Call it until it is in that phase, which it reaches without failing."""

        def reached() -> dict[str, Any] | None:
            answer = self.step()
            assert not answer["failure"], answer
            return answer if answer["phase"] == phase else None

        return until(reached, within, f"the canary is {phase}", every=2)

    @property
    def zone_id(self) -> str:
        client = self.service.stack.emulator.client("lambda")
        name = self.service.stack.outputs["CanaryFunction"]
        told = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        return str(told["CANARY_ZONE_ID"])

    def records(self) -> dict[str, str]:
        return hosted_zone.texts(self.service.stack.emulator, self.zone_id)

    def order(self, order_id: int) -> dict[str, Any]:
        """The order's item."""
        return self._item(f"ORDER#{order_id}", "ORDER")

    def leaf(self, certificate_id: int) -> bytes:
        bucket = self.service.stack.outputs["StoreBucket"]
        s3 = self.service.stack.emulator.client("s3")
        found = s3.get_object(Bucket=bucket, Key=f"certificates/{certificate_id}.cer")
        return bytes(found["Body"].read())

    def metrics(self, function: str) -> Iterator[dict[str, Any]]:
        """The metric lines that a function wrote."""
        logs = self.service.stack.emulator.client("logs")
        pages = logs.get_paginator("filter_log_events")
        for page in pages.paginate(logGroupName=f"/aws/lambda/vouchsafe-local-{function}"):
            for event in page["events"]:
                for line in str(event["message"]).splitlines():
                    if '"_aws"' in line:
                        yield json.loads(line[line.index("{") :])

    def _item(self, pk: str, sk: str) -> dict[str, Any]:
        table = self.service.stack.outputs["TableName"]
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        dynamodb = self.service.stack.emulator.client("dynamodb")
        return dict(dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"])


@pytest.fixture(scope="module")
def canary(service: Service) -> Canary:
    return Canary(service)


@pytest.fixture(scope="module")
def ended(canary: Canary) -> dict[str, Any]:
    """A run that reached its end."""
    first = canary.step()
    assert (first["run"], first["phase"], first["failure"]) == (1, "proving", "")
    assert [name.endswith(f".{hosted_zone.NAME}") for name in canary.records()] == [True]
    assert canary.step()["run"] == 1  # one at a time
    canary.until("listing")
    return canary.until("over")


def test_an_order_of_our_own_is_issued_revoked_and_listed(
    canary: Canary, ended: dict[str, Any]
) -> None:
    order = canary.order(ended["order_id"])
    assert (order["account_id"]["N"], order["status"]["S"]) == (str(ACCOUNT), "revoked")
    leaf = canary.leaf(ended["certificate_id"])
    crl = x509.load_der_x509_crl(send("GET", crl_address(leaf)).body)
    serial = x509.load_der_x509_certificate(leaf).serial_number
    row = crl.get_revoked_certificate_by_serial_number(serial)
    assert row is not None
    reason = row.extensions.get_extension_for_class(x509.CRLReason).value.reason
    assert reason is x509.ReasonFlags.cessation_of_operation
    assert canary.records() == {}


def test_it_measures_itself_and_counts_as_nobodys_order(
    canary: Canary, ended: dict[str, Any]
) -> None:
    lines = list(canary.metrics("canary"))
    (seconds,) = [line["CanarySeconds"][0] for line in lines if "CanarySeconds" in line]
    assert 0 <= seconds < 90
    failed = [line["CanaryFailed"][0] for line in lines if "CanaryFailed" in line]
    assert set(failed) == {0}
    assert all(line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [[]] for line in lines)
    for function in ("number-changes", "issue-certificate", "announce-revocation"):
        told = [line for line in canary.metrics(function) if "order_id" in line]
        assert all(line["order_id"] != ended["order_id"] for line in told), function


def test_nobody_is_written_to(canary: Canary, ended: dict[str, Any]) -> None:
    name = canary.order(ended["order_id"])["common_name"]["S"]
    assert canary.service.mails(name) == []


def test_the_next_one_begins_when_it_is_told_to_and_ends_without_its_execution(
    canary: Canary, ended: dict[str, Any]
) -> None:
    assert canary.step()["run"] == ended["run"]  # before the hour is over nothing begins
    stack = canary.service.stack
    begun = invoke(stack, stack.outputs["CanaryFunction"], {"at_once": True})
    assert (begun["run"], begun["phase"]) == (ended["run"] + 1, "proving")
    canary.service.abort(begun["order_id"])  # the reconciler has to find it
    over = canary.until("over", within=500)
    assert over["order_id"] == begun["order_id"]
    assert canary.order(over["order_id"])["status"]["S"] == "revoked"
    assert canary.records() == {}
