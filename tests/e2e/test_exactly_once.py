"""Whatever is repeated, killed or lost: one order, one certificate."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.service import Service, body, until
from tests.lab.executions import Executions
from tests.lab.stack import Stack


def test_parallel_twins_with_one_idempotency_key_get_one_order(service: Service) -> None:
    before = service.holdings()["orders run"]
    sent = body("twins.lab.example.com")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: service.try_order(sent, key="twins-1"), range(8)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(service.holdings()["orders run"] - before) == 1


def test_an_idempotency_key_with_another_body_is_refused(service: Service) -> None:
    assert service.try_order(body("first.lab.example.com"), key="once").status == 201
    answer = service.try_order(body("second.lab.example.com"), key="once")
    assert answer.status == 400
    assert answer.problem()[0] == "idempotency_key_reused"


def workers(stack: Stack, function: str) -> list[int]:
    """The process ids in which the emulator runs one function of this stack."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        named = any(
            line.startswith(b"AWS_LAMBDA_FUNCTION_NAME=") and function.encode() in line
            for line in environment
        )
        if named and f"GATEWAY_PORT={stack.ports['gateway']}".encode() in environment:
            found.append(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to find workers")
@pytest.mark.parametrize("delay", [0.0, 0.15, 0.4, 0.8, 1.2])
def test_a_worker_killed_while_issuing_leads_to_one_certificate(
    service: Service, stack: Stack, delay: float
) -> None:
    order_id = service.place(f"killed{int(delay * 100)}.lab.example.com")["id"]
    service.prove(order_id)
    service.check_now(order_id)
    until(lambda: _issuing(service, order_id), 60, "an execution is issuing")
    time.sleep(delay)
    victims = workers(stack, "IssueCertificate")
    for process in victims:
        os.kill(process, signal.SIGKILL)
    assert victims
    issued = service.until_status(order_id, "issued")
    certificate_id = issued["certificate"]["id"]
    assert len(service.objects(certificate_id)) == 1
    leaf = service.chain(certificate_id).leaf
    assert int(issued["certificate"]["serial_number"], 16) == leaf.serial_number
    assert len(_serials(service, certificate_id)) == 1


def _issuing(service: Service, order_id: int) -> bool:
    machine = service.stack.outputs["OrderMachineArn"]
    told = Executions(service.stack).of(machine, order_id)
    return any("IssueCertificate" in states for _, _, states in told)


def _serials(service: Service, certificate_id: int) -> list[str]:
    """The serial numbers claimed for a certificate id."""
    pages = (
        service.stack.emulator.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=service.stack.outputs["TableName"], ConsistentRead=True)
    )
    items = [one for page in pages for one in page["Items"] if one["sk"]["S"] == "SERIAL"]
    return [one["pk"]["S"] for one in items if f"'{certificate_id}'" in str(one)]
