"""The emulated Step Functions, with this suite's only two patches: waits pass the test's own time,
and invoking a Lambda function calls ours in this process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import botocore.client
import pytest
from moto import mock_aws
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import (
    WaitFunction,
)

from tests.fakes import FrozenClock
from tests.workflow.stage import Machines, Workers, answer


class _Passing:
    """Stands for the `time` module where a Retry sleeps."""

    def __init__(self, clock: FrozenClock) -> None:
        self._clock = clock

    def sleep(self, seconds: float) -> None:
        self._clock.advance(timedelta(seconds=seconds))

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


@pytest.fixture
def workers() -> Workers:
    """The functions that the machines may call, and the time in which they do."""
    return Workers()


@pytest.fixture
def machines(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machines]:
    """Step Functions, running the committed files."""

    def wait(self: WaitFunction, env: object, wait_seconds: int) -> None:
        workers.clock.advance(timedelta(seconds=wait_seconds))

    monkeypatch.setattr(WaitFunction, "_wait_interval", wait)
    monkeypatch.setattr(retrier_decl, "time", _Passing(workers.clock))
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        call = botocore.client.BaseClient._make_api_call

        def invoke(self: Any, operation: str, parameters: dict[str, Any]) -> Any:
            if operation == "Invoke":
                return answer(workers, parameters)
            return call(self, operation, parameters)

        monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", invoke)
        yield Machines()
