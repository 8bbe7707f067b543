"""The function that looks for contacts in DNS, invoked and waited for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..domain.authorization import Contact
from ..domain.contact_wire import contact_from_json
from ..domain.errors import Unavailable


class LambdaContactFinder:
    """Port ContactFinder. The client's time-out is how long an answer is waited for."""

    def __init__(self, client: Any, function: str) -> None:
        self._client = client
        self._function = function

    def find(self, domains: Sequence[str]) -> Sequence[Contact]:
        """Look now. Raises Unavailable when the function fails, or does not answer in time."""
        payload = json.dumps({"contacts_of": list(domains)}).encode()
        try:
            answer = self._client.invoke(
                FunctionName=self._function, InvocationType="RequestResponse", Payload=payload
            )
            body = json.loads(answer["Payload"].read())
            if answer.get("FunctionError"):
                raise Unavailable("the look-up of contacts failed")
            return [contact_from_json(each) for each in body["contacts"]]
        except (BotoCoreError, ClientError, ValueError, KeyError, TypeError) as error:
            raise Unavailable("the look-up of contacts has no answer") from error
