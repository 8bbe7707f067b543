"""What a call to AWS is billed as, worked out from what went over the wire.

The rules are those of the services' pricing pages; where a page leaves a question open the dearer
reading is taken (index writes of a transaction count twice, as the table's do).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

type Item = Mapping[str, Any]
#: The item at a key of a table, or None; not itself billed.
type Peek = Callable[[str, Item], Item | None]
#: A write that happened: table, the item before, the item after.
type Written = tuple[str, Item | None, Item | None]

_WRITE_BYTES = 1024  # one write unit
_READ_BYTES = 4096  # one read unit, strongly consistent
_MESSAGE_BYTES = 64 * 1024  # SQS and EventBridge bill each begun 64 KB as one
_INDEXES = {"gsi1": "ALL", "gsi2": "ALL", "gsi3": "KEYS_ONLY"}
_PUTS = frozenset({"PutItem", "UpdateItem", "DeleteItem"})


def attribute_bytes(value: Mapping[str, Any]) -> int:
    """The size of one attribute value as DynamoDB counts it."""
    ((kind, inner),) = value.items()
    if kind in ("S", "B"):  # B is base64 on the wire
        return len(inner.encode()) if kind == "S" else len(inner) * 3 // 4
    if kind == "N":
        return len(inner) // 2 + 2
    if kind == "L":
        return 3 + sum(1 + attribute_bytes(each) for each in inner)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + attribute_bytes(v) for name, v in inner.items())
    return sum(len(each) for each in inner) if isinstance(inner, list) else 1


def item_bytes(item: Item | None) -> int:
    """The size of an item; 0 for none."""
    return sum(len(name.encode()) + attribute_bytes(value) for name, value in (item or {}).items())


def units(size: int, each: int) -> int:
    """Begun units of `each` bytes, one at least."""
    return max(1, -(-size // each))


def write_units(before: Item | None, after: Item | None) -> int:
    """Write units of one item and of its places in the indexes."""
    total = units(max(item_bytes(before), item_bytes(after)), _WRITE_BYTES)
    return total + sum(_index_units(index, before, after) for index in _INDEXES)


def _index_units(index: str, before: Item | None, after: Item | None) -> int:
    """An entry that moves is removed and put; one that stays costs when its projection changed."""
    old, new = _entry(index, before), _entry(index, after)
    if old == new:
        return 0
    if old and new and all(old[f"{index}{part}"] == new[f"{index}{part}"] for part in ("pk", "sk")):
        return units(max(item_bytes(old), item_bytes(new)), _WRITE_BYTES)
    return sum(units(item_bytes(each), _WRITE_BYTES) for each in (old, new) if each)


def _entry(index: str, item: Item | None) -> dict[str, Any] | None:
    keys = {"pk", "sk", f"{index}pk", f"{index}sk"}
    if item is None or not keys <= set(item):
        return None
    return {n: v for n, v in item.items() if _INDEXES[index] == "ALL" or n in keys}


@dataclass(slots=True)
class Meter:
    """Adds up what calls are billed as. `used` has billed units, `calls` the calls themselves."""

    peek: Peek
    used: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)

    def begin(self, service: str, operation: str, body: bytes) -> list[tuple[Any, Item | None]]:
        """Before the call: what it is about to write over."""
        if service != "dynamodb":
            return []
        return [(act, self.peek(act["TableName"], act["Key"])) for act in _acts(operation, body)]

    def end(
        self,
        service: str,
        operation: str,
        sent: bytes,
        answer: bytes,
        before: list[tuple[Any, Item | None]],
    ) -> list[Written]:
        """After the call: bill it. Gives the writes that it made."""
        self.calls[f"{service} {operation}"] += 1
        if service == "dynamodb":
            self._read(operation, sent, answer)
            return self._write(operation, before)
        for unit, amount in _billed(service, operation, sent).items():
            self.used[unit] += amount
        return []

    def _read(self, operation: str, sent: bytes, answer: bytes) -> None:
        asked, got = json.loads(sent), json.loads(answer or b"{}")
        if operation == "GetItem":
            share = 2 if asked.get("ConsistentRead") else 1
            self.used["dynamodb.half_reads"] += share * units(
                item_bytes(got.get("Item")), _READ_BYTES
            )
        elif operation == "Query":
            share = 2 if asked.get("ConsistentRead") else 1
            size = sum(item_bytes(each) for each in got.get("Items", ()))
            self.used["dynamodb.half_reads"] += share * units(size, _READ_BYTES)
        elif operation == "BatchGetItem":
            for table, request in asked["RequestItems"].items():
                share = 2 if request.get("ConsistentRead") else 1
                found = got.get("Responses", {}).get(table, [])
                missing = len(request["Keys"]) - len(found)
                count = missing + sum(units(item_bytes(one), _READ_BYTES) for one in found)
                self.used["dynamodb.half_reads"] += share * count

    def _write(self, operation: str, before: list[tuple[Any, Item | None]]) -> list[Written]:
        times = 2 if operation == "TransactWriteItems" else 1
        written: list[Written] = []
        for act, old in before:
            new = self.peek(act["TableName"], act["Key"])
            self.used["dynamodb.writes"] += times * write_units(old, new)
            if old != new:
                written.append((act["TableName"], old, new))
        return written


def _acts(operation: str, body: bytes) -> list[dict[str, Any]]:
    """The single writes of a call, each with its TableName and Key."""
    asked = json.loads(body)
    if operation in _PUTS:
        return [_keyed(asked)]
    if operation == "TransactWriteItems":
        return [_keyed(act) for one in asked["TransactItems"] for act in one.values()]
    if operation == "BatchWriteItem":
        return [
            _keyed({"TableName": table, **act})
            for table, requests in asked["RequestItems"].items()
            for request in requests
            for act in request.values()
        ]
    return []


def _keyed(act: Mapping[str, Any]) -> dict[str, Any]:
    if "Key" in act:
        return dict(act)
    return {**act, "Key": {n: act["Item"][n] for n in ("pk", "sk") if n in act["Item"]}}


def _billed(service: str, operation: str, sent: bytes) -> dict[str, int]:
    """The units of a call to anything but DynamoDB. Raises KeyError for one without a rule."""
    if service == "s3":
        return {"s3.puts" if operation in ("PutObject", "ListObjectsV2") else "s3.gets": 1}
    if service == "sqs":
        return {"sqs.fifo_requests": units(len(sent), _MESSAGE_BYTES)}
    if service == "events":
        return {"events.published": units(len(sent), _MESSAGE_BYTES)}
    return {
        ("kms", "Sign"): {"kms.asymmetric": 1},
        ("kms", "GetPublicKey"): {"kms.asymmetric": 1},
        ("sesv2", "SendEmail"): {"ses.mails": 1},
        ("stepfunctions", "StartExecution"): {},  # its states are what is billed
        ("stepfunctions", "DescribeExecution"): {},
        ("cloudwatch", "GetMetricData"): {
            "cloudwatch.metrics_read": 5
        },  # as many as one call names
        ("lambda", "Invoke"): {},  # the function invoked is
    }[service, operation]
