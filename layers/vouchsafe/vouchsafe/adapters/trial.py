"""The functions that dry runs are made with, invoked and waited for."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..domain.errors import Unavailable
from ..domain.first_look import FirstLookReport, FirstLookRequest
from ..domain.lint_wire import finding_from_json
from ..domain.linting import Finding
from ..domain.wire import read_json, to_json


class LambdaFirstLook:
    """Port FirstLook. The client's time-out is how long an answer is waited for."""

    def __init__(self, client: Any, function: str) -> None:
        self._client = client
        self._function = function

    def look(self, request: FirstLookRequest) -> FirstLookReport:
        """Look now. Raises Unavailable when the function fails, or does not answer in time."""
        body = _invoked(self._client, self._function, {"first_look": to_json(request)})
        try:
            return read_json(FirstLookReport, body)
        except ValueError as error:
            raise Unavailable("the first look has an odd answer") from error


class LambdaLintOnly:
    """Port LintOnly, in the same way."""

    def __init__(self, client: Any, function: str) -> None:
        self._client = client
        self._function = function

    def certificate(self, der: bytes) -> Sequence[Finding]:
        """Lint now. Raises Unavailable when the function fails, or does not answer in time."""
        payload = {"certificate": base64.b64encode(der).decode("ascii")}
        body = _invoked(self._client, self._function, payload)
        try:
            return [finding_from_json(each) for each in body["findings"]]
        except (KeyError, TypeError, ValueError) as error:
            raise Unavailable("the linter has an odd answer") from error


def _invoked(client: Any, function: str, payload: dict[str, Any]) -> Any:
    """The function's answer as JSON. Raises Unavailable."""
    try:
        answer = client.invoke(
            FunctionName=function,
            InvocationType="RequestResponse",
            Payload=json.dumps(payload).encode(),
        )
        body = json.loads(answer["Payload"].read())
    except (BotoCoreError, ClientError, ValueError) as error:
        raise Unavailable("it did not answer") from error
    if answer.get("FunctionError"):
        raise Unavailable("it failed")
    return body
