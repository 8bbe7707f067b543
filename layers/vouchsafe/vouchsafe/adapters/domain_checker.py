"""The function that looks for domains' values, invoked and waited for."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..domain.domains import CheckResult, DomainCheck
from ..domain.errors import Unavailable


class LambdaDomainChecker:
    """Port DomainChecker. The client's time-out is how long an answer is waited for."""

    def __init__(self, client: Any, function: str) -> None:
        self._client = client
        self._function = function

    def check(self, account_id: int, domain_id: int) -> DomainCheck:
        """Look now. Raises Unavailable when the function fails, or does not answer in time."""
        payload = json.dumps({"account_id": account_id, "domain_id": domain_id}).encode()
        try:
            answer = self._client.invoke(
                FunctionName=self._function, InvocationType="RequestResponse", Payload=payload
            )
            text = answer["Payload"].read()
        except (BotoCoreError, ClientError) as error:
            raise Unavailable(f"the check of domain {domain_id} has no answer") from error
        if answer.get("FunctionError"):
            raise Unavailable(f"the check of domain {domain_id} failed")
        return _read(text, domain_id)


def _read(text: bytes, domain_id: int) -> DomainCheck:
    try:
        body = json.loads(text)
        return DomainCheck(**body | {"result": CheckResult(body["result"])})
    except (ValueError, TypeError, KeyError) as error:
        raise Unavailable(f"the check of domain {domain_id} has an odd answer") from error
