"""Calls to the one table: reads that page, writes that are conditional, errors in our words."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import batched
from typing import Any

from botocore.exceptions import ClientError

from ...domain.errors import Conflict, Unavailable
from ..sdk import code_of, patiently, reasons_of
from . import keys
from .attributes import Attribute, Item, size_of
from .writes import WRITTEN, Write, to_action

#: What a commit may hold; DynamoDB takes 100 actions, items of 400 KB.
MOST_ACTIONS = 40
MOST_BYTES = 380_000

#: DynamoDB gives so many items in one call, and maybe fewer than asked for: then the rest again.
_MOST_AT_ONCE = 100
_ROUNDS = 8

_PUTS = 25  # what BatchWriteItem takes
_CHECK_FAILED = "ConditionalCheckFailed"


class Table:
    """One DynamoDB table by primary key and indexes; no scans."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self.name = name

    def get(self, key: keys.Key) -> Item | None:
        """One item, strongly consistent, or None."""
        arguments = {"TableName": self.name, "Key": keys.primary(key), "ConsistentRead": True}
        found: Item | None = patiently(lambda: self._client.get_item(**arguments)).get("Item")
        return found

    def get_all(self, wanted: Sequence[keys.Key]) -> Iterator[Item]:
        """The items that exist of those asked for, in no order, strongly consistent.

        One call for each hundred. Raises Unavailable when the table stays too busy.
        """
        for some in batched(wanted, _MOST_AT_ONCE, strict=False):
            rest = [keys.primary(key) for key in some]
            for _ in range(_ROUNDS):
                request = {self.name: {"Keys": rest, "ConsistentRead": True}}
                page = patiently(partial(self._client.batch_get_item, RequestItems=request))
                yield from page["Responses"].get(self.name, ())
                rest = page.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
                if not rest:
                    break
            else:
                raise Unavailable("the table leaves keys unread")

    def partition(
        self, pk: str, *, prefix: str = "", newest_first: bool = False, **options: Any
    ) -> Iterator[Item]:
        """The items of a partition whose sort key starts with `prefix`, in order, consistent."""
        condition, values = "pk = :pk", {":pk": pk}
        if prefix:
            condition += " AND begins_with(sk, :prefix)"
            values[":prefix"] = prefix
        options |= {"ConsistentRead": True, "ScanIndexForward": not newest_first}
        return self._query(condition, values, **options)

    def between(self, pk: str, first: str, last: str, limit: int) -> Iterator[Item]:
        """At most `limit` items of a partition from one sort key to another, both included."""
        values = {":pk": pk, ":first": first, ":last": last}
        condition = "pk = :pk AND sk BETWEEN :first AND :last"
        return self._query(condition, values, limit, ConsistentRead=True)

    def due(self, gsi3pk: str, before: str, limit: int) -> Iterator[Item]:
        """At most `limit` items of the time index earlier than `before`; eventually consistent."""
        values = {":pk": gsi3pk, ":before": before}
        condition = "gsi3pk = :pk AND gsi3sk < :before"
        return self._query(condition, values, limit, IndexName="gsi3")

    def newest(self, index: int, partition: str, limit: int) -> Iterator[Item]:
        """At most `limit` items of a partition of index 1 or 2, newest first; may lag."""
        condition = f"gsi{index}pk = :pk"
        options = {"IndexName": f"gsi{index}", "ScanIndexForward": False}
        return self._query(condition, {":pk": partition}, limit, **options)

    def listed(
        self,
        index: int | None,
        partition: str,
        span: tuple[str, str],
        *,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> Iterator[Item]:
        """The items of a partition of an index (may lag) or of the table, keys within `span`."""
        name = "" if index is None else f"gsi{index}"
        options: dict[str, Any] = {"ScanIndexForward": not newest_first}
        options |= {"ConsistentRead": True} if index is None else {"IndexName": name}
        values = {":pk": partition, ":first": span[0], ":last": span[1]}
        condition = f"{name}pk = :pk AND {name}sk BETWEEN :first AND :last"
        return self._query(condition, values, limit, **options)

    def _query(
        self, condition: str, values: Mapping[str, str], limit: int | None = None, **options: Any
    ) -> Iterator[Item]:
        arguments = {
            "TableName": self.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": {name: {"S": text} for name, text in values.items()},
            **options,
        }
        seen = 0
        while limit is None or seen < limit:
            if limit is not None:
                arguments["Limit"] = limit - seen
            page = patiently(lambda: self._client.query(**arguments))
            yield from page["Items"]
            seen += len(page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def add(self, key: keys.Key, amounts: Mapping[str, int]) -> dict[str, int]:
        """Advance counters of one item in one call; their new values."""
        names = {f"#{i}": name for i, name in enumerate(amounts)}
        values = {f":{i}": {"N": str(by)} for i, by in enumerate(amounts.values())}
        answer = self._update(
            key,
            "ADD " + ", ".join(f"#{i} :{i}" for i in range(len(amounts))),
            names=names,
            values=values,
            ReturnValues="UPDATED_NEW",
        )
        return {name: int(answer["Attributes"][name]["N"]) for name in amounts}

    def set(self, key: keys.Key, name: str, value: Attribute, *, without: str = "") -> None:
        """Set one attribute of an item that exists. Raises Conflict when it does not.

        `without` lists attributes, with commas, that the item loses at the same time.
        """
        names, values = {"#name": name}, {":value": value}
        condition = {"ConditionExpression": "attribute_exists(pk)"}
        expression = "SET #name = :value" + (f" REMOVE {without}" if without else "")
        try:
            self._update(key, expression, names=names, values=values, **condition)
        except ClientError as error:
            raise _as_conflict(error) from error

    def _update(
        self,
        key: keys.Key,
        expression: str,
        *,
        names: Mapping[str, str],
        values: Mapping[str, Attribute],
        **options: Any,
    ) -> Any:
        arguments = {
            "TableName": self.name,
            "Key": keys.primary(key),
            "UpdateExpression": expression,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
            **options,
        }
        return patiently(lambda: self._client.update_item(**arguments))

    def put(
        self, item: Item, condition: str, values: Mapping[str, Attribute] | None = None
    ) -> None:
        """Write one item where `condition` holds. Raises Conflict."""
        token = uuid.uuid4().hex
        written = item | {WRITTEN: {"S": token}}
        action = {"TableName": self.name, "Item": written, "ConditionExpression": condition}
        if values:
            action["ExpressionAttributeValues"] = values
        self._act([{"Put": action}], token)

    def put_all(self, items: Sequence[Item]) -> None:
        """Write items that may be written again, in any order; 25 to a call. Raises Unavailable."""
        for chunk in batched(items, _PUTS, strict=False):
            rest: Any = [{"PutRequest": {"Item": item}} for item in chunk]
            for _ in range(_ROUNDS):
                request = {self.name: rest}
                answer = patiently(partial(self._client.batch_write_item, RequestItems=request))
                rest = answer.get("UnprocessedItems", {}).get(self.name)
                if not rest:
                    break
            else:
                raise Unavailable("the table leaves items unwritten")

    def delete(self, key: keys.Key, condition: str) -> None:
        """Remove one item where `condition` holds. Raises Conflict."""
        arguments = {"TableName": self.name, "Key": keys.primary(key)}
        try:
            patiently(lambda: self._client.delete_item(**arguments, ConditionExpression=condition))
        except ClientError as error:
            raise _as_conflict(error) from error

    def commit(self, writes: Sequence[Write], more: Sequence[dict[str, Any]] = ()) -> None:
        """All writes and the prepared actions in `more`, or none.

        Raises Conflict, Unavailable; ValueError for more than may be.
        """
        for each in writes:
            if size_of({"M": each.item}) > MOST_BYTES:
                raise ValueError(f"{each.item['sk']['S']} has grown too large for one item")
        token = uuid.uuid4().hex
        self._act([*(to_action(each, self.name, token) for each in writes), *more], token)

    def transact(self, actions: Sequence[dict[str, Any]], token: str) -> None:
        """Several prepared actions or none. `token` stands in at least one item they write."""
        self._act(actions, token)

    def _act(self, actions: Sequence[dict[str, Any]], token: str) -> None:
        if len(actions) > MOST_ACTIONS:
            raise ValueError(f"a commit of {len(actions)} items; {MOST_ACTIONS} are the most")
        try:
            self._send(actions, token)
        except ClientError as error:
            failure = _as_conflict(error)
            if isinstance(failure, Conflict) and self._ours(actions, token):
                return
            raise failure from error

    def _send(self, actions: Sequence[dict[str, Any]], token: str) -> None:
        if len(actions) > 1:
            arguments = {"TransactItems": actions, "ClientRequestToken": token}
            patiently(lambda: self._client.transact_write_items(**arguments))
            return
        ((kind, action),) = actions[0].items()
        call = self._client.put_item if kind == "Put" else self._client.update_item
        patiently(lambda: call(**action))

    def _ours(self, actions: Sequence[dict[str, Any]], token: str) -> bool:
        """Whether our own success, tried again because its answer was lost, was the refusal."""
        action = next(iter(actions[0].values()))
        key = {name: action.get("Key", action.get("Item"))[name] for name in ("pk", "sk")}
        standing = self.get((key["pk"]["S"], key["sk"]["S"])) or {}
        return standing.get(WRITTEN) == {"S": token}


def _as_conflict(error: ClientError) -> Exception:
    """Conflict for a condition that did not hold; any other error as it is."""
    failed = code_of(error) == "ConditionalCheckFailedException"
    return Conflict(str(error)) if failed or _CHECK_FAILED in reasons_of(error) else error
