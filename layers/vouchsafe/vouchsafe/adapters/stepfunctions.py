"""Executions of the order and revocation machines."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from .sdk import code_of, patiently


class StepFunctionsWorkflow:
    """Port Workflow. An execution's name says what it is for, to a person at the console."""

    def __init__(self, client: Any, *, order_machine_arn: str, revocation_machine_arn: str) -> None:
        self._client = client
        self._order_machine = order_machine_arn
        self._revocation_machine = revocation_machine_arn

    def start_order(self, order_id: int, certificate_id: int, run: int) -> None:
        """Start a run of a certificate's loop. A used name is not an error."""
        given = {"order_id": order_id, "certificate_id": certificate_id, "run": run}
        self._start(self._order_machine, _order_name(order_id, certificate_id, run), given)

    def start_revocation(self, order_id: int, request_id: int, attempt: int) -> None:
        """Start carrying out an approved revocation. A used name is not an error."""
        name = f"{order_id}-revoke-{request_id}-a{attempt}"
        given = {"order_id": order_id, "request_id": request_id}
        self._start(self._revocation_machine, name, given)

    def order_running(self, order_id: int, certificate_id: int, run: int) -> bool:
        """Whether that run exists and has not ended."""
        name = _order_name(order_id, certificate_id, run)
        arn = f"{self._order_machine.replace(':stateMachine:', ':execution:', 1)}:{name}"
        try:
            answer = patiently(lambda: self._client.describe_execution(executionArn=arn))
        except ClientError as error:
            if code_of(error) != "ExecutionDoesNotExist":
                raise
            return False
        return bool(answer["status"] == "RUNNING")

    def _start(self, machine: str, name: str, given: dict[str, int]) -> None:
        arguments = {"stateMachineArn": machine, "name": name, "input": json.dumps(given)}
        try:
            patiently(lambda: self._client.start_execution(**arguments))
        except ClientError as error:
            if code_of(error) != "ExecutionAlreadyExists":
                raise


def _order_name(order_id: int, certificate_id: int, run: int) -> str:
    return f"{order_id}-{certificate_id}-r{run}"
