"""What the contract tests need of AWS, made in moto: the table, buckets, a queue."""

from __future__ import annotations

import json
import threading
from typing import Any

TABLE = "book"

_INDEXES = {"gsi1": "ALL", "gsi2": "ALL", "gsi3": "KEYS_ONLY"}


def make_table(client: Any) -> None:
    """The one table with its three indexes."""
    names = ["pk", "sk"] + [f"{index}{part}" for index in _INDEXES for part in ("pk", "sk")]
    client.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in names],
        KeySchema=_keys("pk", "sk"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": _keys(f"{index}pk", f"{index}sk"),
                "Projection": {"ProjectionType": projection},
            }
            for index, projection in _INDEXES.items()
        ],
    )


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def make_machine(client: Any, name: str) -> str:
    """A state machine that waits a day; its ARN."""
    states = {"Wait": {"Type": "Wait", "Seconds": 86_400, "End": True}}
    return str(
        client.create_state_machine(
            name=name,
            definition=json.dumps({"StartAt": "Wait", "States": states}),
            roleArn="arn:aws:iam::123456789012:role/machine",
        )["stateMachineArn"]
    )


class OneAtATime:
    """A client whose calls take turns: moto, unlike the service, is not atomic between threads."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._turn = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)

        def in_turn(**arguments: Any) -> Any:
            with self._turn:
                return call(**arguments)

        return in_turn


class LostReplies:
    """A client whose every first reply to a write is lost, so that the SDK sends it again."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)
        if name.startswith(("get_", "query", "describe_")):
            return call

        def twice(**arguments: Any) -> Any:
            call(**arguments)
            return call(**arguments)

        return twice
