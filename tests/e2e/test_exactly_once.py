"""Whatever is repeated, killed or lost: one order, one certificate."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.service import Service, body, until
from tests.e2e.workers import workers, workers_can_be_found
from tests.lab.executions import Executions


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


@pytest.mark.skipif(not workers_can_be_found(), reason="needs /proc to find the workers")
def test_a_worker_killed_at_any_moment_of_issuing_leads_to_one_certificate(
    service: Service,
) -> None:
    cut = [kill_while_issuing(service, *moment) for moment in MOMENTS]
    assert any(cut), "no kill hit an execution in its work"


#: When to kill: so many seconds after the task began, or after the certificate was claimed. The
#: successor of a killed worker starts cold, so the work begins about a second after the task.
MOMENTS = (
    ("entered", 0.0),
    ("entered", 0.8),
    ("entered", 1.6),
    ("claimed", 0.0),
    ("claimed", 0.05),
    ("claimed", 0.15),
)


def kill_while_issuing(service: Service, phase: str, delay: float) -> bool:
    """Issue one certificate while its worker is killed; whether the kill broke the task."""
    placed = service.place(f"{phase}{int(delay * 100)}.killed.lab.example.com")
    order_id, certificate_id = placed["id"], placed["certificate_id"]
    service.prove(order_id)
    reached = {
        "entered": lambda: _issuing(service, order_id),
        "claimed": lambda: _status(service, order_id, certificate_id) != "pending",
    }[phase]
    until(reached, 60, f"the order has {phase}", every=0.01)
    time.sleep(delay)
    for worker in workers(service.stack, "issue-certificate"):
        os.kill(worker.process, signal.SIGKILL)
    issued = service.until_status(order_id, "issued")
    assert len(service.objects(certificate_id)) == 1
    leaf = service.chain(certificate_id).leaf
    assert int(issued["certificate"]["serial_number"], 16) == leaf.serial_number
    assert len(_serials(service, certificate_id)) == 1
    return Executions(service.stack).broken(service.stack.outputs["OrderMachineArn"], order_id)


def _issuing(service: Service, order_id: int) -> bool:
    machine = service.stack.outputs["OrderMachineArn"]
    told = Executions(service.stack).of(machine, order_id)
    return any("IssueCertificate" in states for _, _, states in told)


def _status(service: Service, order_id: int, certificate_id: int) -> str:
    """The certificate's own status, straight from the table."""
    key = {"pk": {"S": f"ORDER#{order_id}"}, "sk": {"S": f"CERT#{certificate_id}"}}
    found = service.stack.emulator.client("dynamodb").get_item(
        TableName=service.stack.outputs["TableName"], Key=key, ConsistentRead=True
    )
    return str(found["Item"]["status"]["S"])


def _serials(service: Service, certificate_id: int) -> list[str]:
    """The serial numbers claimed for a certificate id."""
    pages = (
        service.stack.emulator.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=service.stack.outputs["TableName"], ConsistentRead=True)
    )
    items = [one for page in pages for one in page["Items"] if one["sk"]["S"] == "SERIAL"]
    return [one["pk"]["S"] for one in items if one["certificate_id"]["N"] == str(certificate_id)]
