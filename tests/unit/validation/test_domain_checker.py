"""Having a domain looked at by the function that may: what is sent, and what answers mean."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from vouchsafe.adapters.domain_checker import LambdaDomainChecker
from vouchsafe.domain.domains import CheckResult, DomainCheck
from vouchsafe.domain.errors import Unavailable

CHECK = DomainCheck(result=CheckResult.ABSENT, cause="value_differs", explanation="e", advice="a")


class _Client:
    def __init__(self, answer: Any, **more: Any) -> None:
        self._answer, self._more = answer, more
        self.asked: list[dict[str, Any]] = []

    def invoke(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        if isinstance(self._answer, Exception):
            raise self._answer
        return {"Payload": io.BytesIO(self._answer), **self._more}


def test_the_answer_of_the_function_is_the_check() -> None:
    client = _Client(json.dumps(asdict(CHECK)).encode())
    assert LambdaDomainChecker(client, "check-domain").check(1, 801) == CHECK
    (asked,) = client.asked
    assert (asked["FunctionName"], asked["InvocationType"]) == ("check-domain", "RequestResponse")
    assert json.loads(asked["Payload"]) == {"account_id": 1, "domain_id": 801}


@pytest.mark.parametrize(
    "client",
    [
        _Client(ReadTimeoutError(endpoint_url="https://lambda")),
        _Client(ClientError({"Error": {"Code": "TooManyRequestsException"}}, "Invoke")),
        _Client(b'{"errorMessage": "Task timed out"}', FunctionError="Unhandled"),
        _Client(b"", FunctionError="Unhandled"),
        _Client(b"null"),
        _Client(b'{"result": "another word"}'),
        _Client(b'{"result": "proven", "colour": "blue"}'),
    ],
)
def test_whatever_else_comes_is_no_answer(client: _Client) -> None:
    with pytest.raises(Unavailable):
        LambdaDomainChecker(client, "check-domain").check(1, 801)
