"""What the workflow tests stand on: machines made from the committed files, and workers."""

from __future__ import annotations

import io
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3

from tests.builders import MOMENT
from tests.fakes import FrozenClock
from tests.infrastructure.machines import text

_ARN = "arn:aws:lambda:us-east-1:123456789012:function:"
_ROLE = "arn:aws:iam::123456789012:role/machine"
_PATIENCE = 120  # seconds for one execution

type Worker = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(slots=True)
class Workers:
    """Functions by the name of their placeholder, e.g. `CheckOrderFunctionArn`."""

    clock: FrozenClock = field(default_factory=lambda: FrozenClock(MOMENT))
    by_name: dict[str, Worker] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def failing(self, name: str, times: int) -> None:
        """Let the named function fail that many times before it works again."""
        works = self.by_name[name]
        left = [times]

        def worker(event: dict[str, Any]) -> dict[str, Any]:
            if left[0]:
                left[0] -= 1
                raise RuntimeError("the function was killed")
            return works(event)

        self.by_name[name] = worker


def answer(workers: Workers, parameters: dict[str, Any]) -> dict[str, Any]:
    """What Lambda's Invoke would answer; event and result go through JSON as they would there."""
    name = parameters["FunctionName"].removeprefix(_ARN)
    workers.calls[name] += 1
    response: dict[str, Any] = {"StatusCode": 200, "ExecutedVersion": "$LATEST"}
    try:
        result: Any = workers.by_name[name](json.loads(parameters["Payload"]))
    except Exception as error:
        response["FunctionError"] = "Unhandled"
        result = {"errorType": type(error).__name__, "errorMessage": str(error)}
    response["Payload"] = io.BytesIO(json.dumps(result).encode())
    return response


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """How an execution ended and every event of it."""

    status: str
    events: list[dict[str, Any]]

    @property
    def states(self) -> list[str]:
        """The states entered, in order."""
        return [e["stateEnteredEventDetails"]["name"] for e in self._entered]

    @property
    def transitions(self) -> int:
        """What AWS charges for."""
        return len(self._entered)

    @property
    def _entered(self) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"].endswith("StateEntered")]


class Machines:
    """Runs a committed file to its end."""

    def __init__(self) -> None:
        self._client = boto3.client("stepfunctions", region_name="us-east-1")

    def run(self, name: str, execution_name: str, given: dict[str, int]) -> Execution:
        """Start an execution and wait until it ended."""
        machine = self._client.create_state_machine(
            name=name,
            roleArn=_ROLE,
            definition=re.sub(r"\$\{(\w+)\}", rf"{_ARN}\1", text(name)),
        )["stateMachineArn"]
        started = self._client.start_execution(
            stateMachineArn=machine, name=execution_name, input=json.dumps(given)
        )["executionArn"]
        until = time.monotonic() + _PATIENCE
        while self._status(started) == "RUNNING" and time.monotonic() < until:
            time.sleep(0.02)
        return Execution(status=self._status(started), events=self._events(started))

    def _status(self, execution: str) -> str:
        return str(self._client.describe_execution(executionArn=execution)["status"])

    def _events(self, execution: str) -> list[dict[str, Any]]:
        pages = self._client.get_paginator("get_execution_history").paginate(executionArn=execution)
        return [event for page in pages for event in page["events"]]
