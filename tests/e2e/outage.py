"""Hard ends of single workers, and what is counted when everything has come back."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.e2e.service import Service
from tests.e2e.workers import workers
from tests.lab.deploy import STACK

type Item = dict[str, Any]


@contextlib.contextmanager
def nothing_is_signed(service: Service) -> Iterator[None]:
    """Until the block ends the issuing key is disabled: what is claimed stays so."""
    cloudformation = service.stack.emulator.client("cloudformation")
    found = cloudformation.describe_stack_resource(StackName=STACK, LogicalResourceId="IssuingKey")
    key = found["StackResourceDetail"]["PhysicalResourceId"]
    service.stack.emulator.client("kms").disable_key(KeyId=key)
    try:
        yield
    finally:
        service.stack.emulator.client("kms").enable_key(KeyId=key)


def kill_workers(service: Service, *functions: str) -> int:
    """Kill every worker of these functions, hard; how many there were."""
    found = [each for name in functions for each in workers(service.stack, name)]
    for worker in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker.process, signal.SIGKILL)
    return len(found)


@contextlib.contextmanager
def nothing_works(service: Service, *functions: str) -> Iterator[None]:
    """Until the block ends no worker of these functions lives long enough to do anything."""
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.05):
            kill_workers(service, *functions)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def items(service: Service) -> list[Item]:
    """Everything in the table."""
    pages = (
        service.stack.emulator.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=service.stack.outputs["TableName"], ConsistentRead=True)
    )
    return [one for page in pages for one in page["Items"]]


def certificates(service: Service, order_id: int) -> list[Item]:
    """The certificates of an order as the table has them, oldest first."""
    found = service.stack.emulator.client("dynamodb").query(
        TableName=service.stack.outputs["TableName"],
        KeyConditionExpression="pk = :order AND begins_with(sk, :certificate)",
        ExpressionAttributeValues={
            ":order": {"S": f"ORDER#{order_id}"},
            ":certificate": {"S": "CERT#"},
        },
        ConsistentRead=True,
    )
    return list(found["Items"])


def end_window(service: Service, order_id: int) -> None:
    """Make it so that the time for validating the order is over."""
    for one in certificates(service, order_id):
        service.stack.emulator.client("dynamodb").update_item(
            TableName=service.stack.outputs["TableName"],
            Key={"pk": one["pk"], "sk": one["sk"]},
            UpdateExpression="SET #window.#deadline = #window.#opened",
            ExpressionAttributeNames={
                "#window": "window",
                "#deadline": "deadline",
                "#opened": "opened_at",
            },
        )


@dataclass(frozen=True, slots=True)
class Books:
    """How often each certificate id stands where it may stand once; serials by id."""

    stored: Counter[int]
    told: Counter[int]
    serials: dict[int, list[str]]
    unnumbered: int

    @classmethod
    def read(cls, service: Service) -> Books:
        """As they are now."""
        every = items(service)
        serials: dict[int, list[str]] = {}
        for one in every:
            if one["sk"]["S"] == "SERIAL":
                number = one["pk"]["S"].removeprefix("SERIAL#")
                serials.setdefault(int(one["certificate_id"]["N"]), []).append(number)
        rows = [one for one in every if one["pk"]["S"].startswith("FEED#") and "kind" in one]
        issues = [one for one in rows if one["kind"]["S"] == "certificate_issued"]
        waiting = (one.get("gsi3pk", {}).get("S", "") for one in every)
        return cls(
            stored=_stored(service),
            told=Counter(int(one["certificate_id"]["N"]) for one in issues),
            serials=serials,
            unnumbered=sum(pk.startswith("UNNUMBERED#") for pk in waiting),
        )


def _stored(service: Service) -> Counter[int]:
    """How many versions of each certificate the store has."""
    prefix = "certificates/"
    pages = (
        service.stack.emulator.client("s3")
        .get_paginator("list_object_versions")
        .paginate(Bucket=service.stack.outputs["StoreBucket"], Prefix=prefix)
    )
    keys = [one["Key"] for page in pages for one in page.get("Versions", [])]
    return Counter(int(key.removeprefix(prefix).removesuffix(".cer")) for key in keys)
