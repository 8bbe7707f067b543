"""What the emulator's Step Functions says about executions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.lab.stack import Stack

_FAILURES = frozenset({"TaskFailed", "TaskTimedOut", "LambdaFunctionFailed"})


@dataclass(frozen=True, slots=True)
class Executions:
    """Executions of one stack's state machines."""

    stack: Stack

    @property
    def _client(self) -> Any:
        return self.stack.emulator.client("stepfunctions")

    def all(self, machine_arn: str) -> list[dict[str, Any]]:
        """Every execution, newest first."""
        pages = self._client.get_paginator("list_executions").paginate(stateMachineArn=machine_arn)
        return [one for page in pages for one in page["executions"]]

    def of(self, machine_arn: str, order_id: int) -> list[tuple[str, str, list[str]]]:
        """Name, status and the states entered, of an order's executions, oldest first."""
        mine = [one for one in self.all(machine_arn) if one["name"].startswith(f"{order_id}-")]
        mine.sort(key=lambda one: one["startDate"])
        return [
            (one["name"], one["status"], list(self._entered(one["executionArn"]))) for one in mine
        ]

    def broken(self, machine_arn: str, order_id: int) -> bool:
        """Whether a task of this order's executions ever failed."""
        return any(
            event["type"] in _FAILURES
            for one in self.all(machine_arn)
            if one["name"].startswith(f"{order_id}-")
            for event in self._events(one["executionArn"])
        )

    def stop(self, execution_arn: str) -> None:
        """Abort an execution, as an operator might."""
        self._client.stop_execution(executionArn=execution_arn)

    def _entered(self, execution_arn: str) -> Iterator[str]:
        for event in self._events(execution_arn):
            if event["type"].endswith("StateEntered"):
                yield event["stateEnteredEventDetails"]["name"]

    def _events(self, execution_arn: str) -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("get_execution_history").paginate(
            executionArn=execution_arn
        )
        for page in pages:
            yield from page["events"]
