"""The whole stack is stopped and started with orders in every state: each comes to its end, once.

Before that single workers are killed hard. After it whatever was running has failed, and nobody
but the reconciler knows.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from typing import Any

import pytest

from tests.e2e.service import Service, body, until
from tests.e2e.workers import workers, workers_can_be_found
from tests.lab import verification

pytestmark = [
    pytest.mark.late,
    pytest.mark.skipif(not workers_can_be_found(), reason="needs /proc to find the workers"),
]
#: Seconds: the grace of two minutes, a minute's schedule, a look, and slow machines.
_REVIVED = 420
_KILLED = ("check-order", "issue-certificate", "number-changes", "send-mail", "orders-api")


def test_every_order_comes_to_its_end_once_whatever_was_going_on(service: Service) -> None:
    cancelled = _cancelled(service)
    issued, revoked, undecided, again = _issued(service, "issued", "revoked", "undecided", "again")
    request = _asked(service, "PUT", f"order/certificate/{undecided}/revoke", {"comments": "x"})
    reissue = _asked(service, "POST", f"order/certificate/{again}/reissue", _reissue())
    unproven = _placed(service, "unproven1", "unproven2")
    moving = _placed(service, "moving1", "moving2", "moving3")
    for order_id in moving:
        service.prove(order_id)
    _kill_workers(service)
    gone = {"comments": "gone", "skip_approval": True}
    service.client.call("PUT", f"order/certificate/{revoked}/revoke", gone)

    service.stack.restart(print)

    for order_id in (*unproven, *moving):
        _prove_again(service, order_id)
    assert _status(service, issued) == "issued"
    assert _status(service, cancelled) == "canceled"
    _approve(service, request)
    _approve(service, reissue)
    for order_id in (*unproven, *moving, again):
        _until(service, order_id, "issued")
    for order_id in (revoked, undecided):
        _until(service, order_id, "revoked")

    ended = (*unproven, *moving, issued, revoked, undecided, again)
    _nothing_twice(service, ended)
    executions = [each for order_id in ended for each in service.executions(order_id)]
    print(f"{len(ended)} orders, {len(executions)} executions,", end=" ")
    print(Counter(each["status"] for each in executions))


def _placed(service: Service, *labels: str) -> list[int]:
    return [service.place(f"{label}.restart.lab.example.com")["id"] for label in labels]


def _issued(service: Service, *labels: str) -> list[int]:
    """Issued orders, all on their way at once."""
    orders = _placed(service, *labels)
    for order_id in orders:
        service.prove(order_id)
    for order_id in orders:
        _until(service, order_id, "issued")
    return orders


def _until(service: Service, order_id: int, status: str) -> None:
    what = f"order {order_id} is {status}"
    until(lambda: _status(service, order_id) == status, _REVIVED, what, every=1)


def _status(service: Service, order_id: int) -> str:
    """How the order is called; "" while nobody answers in time."""
    try:
        return str(service.client.order(order_id)["status"])
    except OSError:
        return ""


def _cancelled(service: Service) -> int:
    order_id: int = service.place("cancelled.restart.lab.example.com")["id"]
    sent = {"status": "CANCELED"}
    answer = service.client.call("PUT", f"order/certificate/{order_id}/status", sent)
    assert answer.status == 204, answer.body
    return order_id


def _asked(service: Service, method: str, path: str, sent: dict[str, Any]) -> int:
    """The number of the request that waits for an approval."""
    answer = service.client.call(method, path, sent)
    assert answer.status == 201, answer.body
    found = answer.json()
    number: int = found["requests"][0]["id"] if "requests" in found else found["id"]
    return number


def _reissue() -> dict[str, Any]:
    name = "again.restart.lab.example.com"
    sent = body(name)["certificate"]
    csr = verification.make_csr(verification.make_key(), name)
    return {"certificate": {**sent, "csr": csr, "server_platform": {"id": 2}}}


def _approve(service: Service, request_id: int) -> None:
    sent = {"status": "approved", "processor_comment": "after the restart"}
    answer = service.client.call("PUT", f"request/{request_id}/status", sent)
    assert answer.status == 204, answer.body


def _kill_workers(service: Service) -> None:
    """Hard, one function after another, while orders move."""
    for function in _KILLED:
        for worker in workers(service.stack, function):
            os.kill(worker.process, signal.SIGKILL)


def _prove_again(service: Service, order_id: int) -> None:
    """The lab's zones forget what was published; who is done needs nothing any more."""
    if _status(service, order_id) != "issued":
        service.prove(order_id)


def _nothing_twice(service: Service, orders: tuple[int, ...]) -> None:
    """One stored object, one serial number in force, one change of issue for each certificate."""
    told = until(lambda: _told(service), 120, "all changes are numbered")
    serials: list[str] = []
    for order_id in orders:
        order = service.client.order(order_id)
        certificate = order["certificate"]
        assert len(service.objects(certificate["id"])) == 1, order_id
        assert told[certificate["id"]] == 1, order_id
        serials.append(certificate["serial_number"])
        if order["status"] == "issued":
            leaf = service.chain(certificate["id"]).leaf
            assert int(certificate["serial_number"], 16) == leaf.serial_number
    assert len(set(serials)) == len(serials)


def _told(service: Service) -> Counter[int] | None:
    """How often each certificate was told of as issued; None while changes wait for numbers."""
    pages = (
        service.stack.emulator.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=service.stack.outputs["TableName"], ConsistentRead=True)
    )
    items = [one for page in pages for one in page["Items"]]
    waiting = [i for i in items if i.get("gsi3pk", {}).get("S", "").startswith("UNNUMBERED#")]
    if waiting:
        return None
    rows = [one for one in items if one["pk"]["S"].startswith("FEED#") and "kind" in one]
    meant = [one for one in rows if one["kind"]["S"] == "certificate_issued"]
    return Counter(int(one["certificate_id"]["N"]) for one in meant)
