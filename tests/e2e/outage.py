"""How an outage is arranged: who does not run, who may not do what, and whose window is moved.

Nothing of the service is touched: functions get no concurrency, roles a statement that denies, and
workers a signal. All of it is what people do to a deployment, by mistake or on purpose.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.service import Service
from tests.e2e.workers import workers
from tests.lab.deploy import STACK

type Item = dict[str, Any]


def kill_workers(service: Service, *functions: str, most: int | None = None) -> int:
    """Kill workers of these functions, hard: `most` of each, or every one; how many there were."""
    found = [each for name in functions for each in workers(service.stack, name)[:most]]
    for worker in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker.process, signal.SIGKILL)
    return len(found)


@contextlib.contextmanager
def throttled(service: Service, *functions: str) -> Iterator[None]:
    """Until the block ends nobody can run these functions. Who ran one before goes on."""
    client = service.stack.emulator.client("lambda")
    names = [f"{STACK}-{each}" for each in functions]
    for name in names:
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    try:
        yield
    finally:
        for name in names:
            client.delete_function_concurrency(FunctionName=name)


@contextlib.contextmanager
def denied(service: Service, function: str, *actions: str, to: str = "*") -> Iterator[None]:
    """Until the block ends the function's role may not do these things to that resource."""
    settings = service.stack.emulator.client("lambda").get_function_configuration(
        FunctionName=f"{STACK}-{function}"
    )
    statement = {"Effect": "Deny", "Action": list(actions), "Resource": to}
    policy = {
        "RoleName": settings["Role"].rpartition("/")[2],
        "PolicyName": f"outage-{secrets.token_hex(4)}",
    }
    client = service.stack.emulator.client("iam")
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client.put_role_policy(**policy, PolicyDocument=document)
    try:
        yield
    finally:
        client.delete_role_policy(**policy)


def items_of(service: Service, order_id: int, kind: str) -> list[Item]:
    """An order's items whose sort key begins with that word, as the table has them."""
    found = service.stack.emulator.client("dynamodb").query(
        TableName=service.stack.outputs["TableName"],
        KeyConditionExpression="pk = :order AND begins_with(sk, :kind)",
        ExpressionAttributeValues={":order": {"S": f"ORDER#{order_id}"}, ":kind": {"S": kind}},
        ConsistentRead=True,
    )
    return list(found["Items"])


def certificates(service: Service, order_id: int) -> list[Item]:
    """The certificates of an order, oldest first."""
    return items_of(service, order_id, "CERT#")


def move_deadline(service: Service, order_id: int, by: timedelta) -> None:
    """Make the time for validating the order end so long from now. Who looks at the order at this
    moment writes what it has read before: then it has to be done again.
    """
    deadline = (datetime.now(UTC) + by).isoformat(timespec="microseconds").replace("+00:00", "Z")
    for one in certificates(service, order_id):
        service.stack.emulator.client("dynamodb").update_item(
            TableName=service.stack.outputs["TableName"],
            Key={"pk": one["pk"], "sk": one["sk"]},
            UpdateExpression="SET #window.#deadline = :deadline",
            ExpressionAttributeNames={"#window": "window", "#deadline": "deadline"},
            ExpressionAttributeValues={":deadline": {"S": deadline}},
        )
