"""Changes and their numbers: one gapless feed an account."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from ...domain.audit import Head, chained
from ...domain.changes import Change, NumberedChange
from ...domain.errors import Conflict, Unavailable
from ...ports import Clock
from ..clock import SystemClock
from . import issued_keys, keys, list_keys
from .attributes import Attribute, Item, decode_fields, encode, encode_fields, plain, stamp
from .table import Table
from .totals import MOVE
from .writes import ENTITY, WRITTEN

#: Pumps that number changes of one account at once collide; so often each tries again.
_TRIES = 12
_PAUSE = 0.03  # seconds, times the attempt, with jitter
#: The feed row is the lasting copy; the change stays until no stream can bring it again.
_KEPT = timedelta(days=90)
#: What a row has beside its change and its number.
_CHAIN = ("previous", "hash", "format")


class DynamoFeed:
    """Port Feed: a change, its feed row and the account's counter move in one transaction."""

    def __init__(self, client: object, table_name: str, clock: Clock | None = None) -> None:
        self._table = Table(client, table_name)
        self._clock = clock or SystemClock()

    def number(self, change: Change) -> NumberedChange:
        """Give the change the next number of its account; a change already numbered keeps its own.

        The number's row is chained to the row before by its hash, which stands in the counter.
        Raises KeyError for a change that was never committed, and Unavailable when too many others
        number changes of the same account.
        """
        for attempt in range(1, _TRIES + 1):
            stored = self._table.get(keys.change(change.change_id))
            if stored is None:
                raise KeyError(change.change_id)
            if "number" in stored:
                return self._given(stored)
            try:
                return self._give(decode_fields(Change, stored), stored)
            except Conflict:
                time.sleep(random.uniform(0, _PAUSE * attempt))
        raise Unavailable(f"change {change.change_id} found no number in {_TRIES} tries")

    def _give(self, change: Change, stored: Item) -> NumberedChange:
        head = self.head(change.account_id)
        numbered = chained(change, head.number + 1, head.hash)
        token = uuid.uuid4().hex
        actions = [
            _row(numbered, token, _move(stored, numbered.number, self._clock.now())),
            _counted(numbered, head),
            _marked(numbered),
        ]
        for action in actions:
            next(iter(action.values()))["TableName"] = self._table.name
        self._table.transact(actions, token)
        return numbered

    def _given(self, stored: Item) -> NumberedChange:
        """The row of a change that has its number."""
        change, number = decode_fields(Change, stored), int(stored["number"]["N"])
        row = self._table.get(keys.feed_row(change.account_id, number))
        return _numbered(stored if row is None else row)

    def head(self, account_id: int) -> Head:
        """How far the account's feed goes. A counter from before there were hashes has none."""
        counter = self._table.get(keys.feed_counter(account_id)) or {}
        head = decode_fields(Head, counter)
        return head if head.hash else replace(head, begins=head.number + 1)

    def after(self, account_id: int, cursor: int, limit: int) -> Sequence[NumberedChange]:
        """At most `limit` changes with numbers above `cursor`, in order."""
        first, last = keys.feed_number(cursor + 1), keys.feed_number(10**12 - 1)
        rows = self._table.between(keys.feed_partition(account_id), first, last, limit)
        return [_numbered(row) for row in rows]

    def of_order(self, order_id: int) -> Sequence[NumberedChange]:
        """Every numbered change of an order, oldest first; eventually consistent."""
        partition = issued_keys.order_log_partition(order_id)
        rows = self._table.listed(1, partition, issued_keys.EVERY_NUMBER)
        return [_numbered(row) for row in rows]

    def pass_on(self, change: Change) -> None:
        """Take the change out of the index of those still owed, and let it go in time."""
        gone_at = int((change.at + _KEPT).timestamp())
        key = keys.change(change.change_id)
        self._table.set(key, "ttl", encode(gone_at), without="gsi3pk, gsi3sk")

    def left_behind(self, before: datetime, limit: int) -> Sequence[Change]:
        """At most `limit` changes earlier than `before` that were not passed on, oldest first."""
        pks = keys.unnumbered_partitions()
        queues = [self._table.due(pk, stamp(before), limit) for pk in pks]
        earliest = merge(*queues, key=lambda item: item["gsi3sk"]["S"])
        found = [
            self._table.get((item["pk"]["S"], item["sk"]["S"])) for item in islice(earliest, limit)
        ]
        return [decode_fields(Change, item) for item in found if item and "gsi3pk" in item]


def _move(stored: Item, number: int, now: datetime) -> Item:
    """What of a change's row says how an order moved; nothing for a change that moved none."""
    if MOVE not in stored:
        return {}
    account_id = int(stored["account_id"]["N"])
    return {MOVE: stored[MOVE]} | list_keys.moved_at(account_id, now, number)


def _row(numbered: NumberedChange, token: str, more: Item) -> dict[str, Any]:
    change = numbered.change
    item = (
        keys.primary(keys.feed_row(change.account_id, numbered.number))
        | {ENTITY: encode("feed"), WRITTEN: encode(token), "number": encode(numbered.number)}
        | {name: encode(getattr(numbered, name)) for name in _CHAIN}
        | encode_fields(change)
        | more
    )
    if change.order_id is not None:
        item |= issued_keys.of_order(change.order_id, numbered.number)
    return {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}


def _counted(numbered: NumberedChange, head: Head) -> dict[str, Any]:
    """The counter moves on from exactly `head`; `begins` is the number at which hashes began."""
    condition = "#number = :last" if head.number else "attribute_not_exists(pk)"
    begins = head.begins if head.hash else numbered.number
    moved = {"#number": numbered.number, "#hash": numbered.hash, "#begins": begins}
    values = {f":{name[1:]}": encode(value) for name, value in moved.items()}
    return {
        "Update": {
            "Key": keys.primary(keys.feed_counter(numbered.change.account_id)),
            "UpdateExpression": "SET " + ", ".join(f"{name} = :{name[1:]}" for name in moved),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {name: name[1:] for name in moved},
            "ExpressionAttributeValues": values
            | ({":last": encode(head.number)} if head.number else {}),
        }
    }


def _marked(numbered: NumberedChange) -> dict[str, Any]:
    """The change knows its number. It stays in the index until it is passed on."""
    return {
        "Update": {
            "Key": keys.primary(keys.change(numbered.change.change_id)),
            "UpdateExpression": "SET #number = :next",
            "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(#number)",
            "ExpressionAttributeNames": {"#number": "number"},
            "ExpressionAttributeValues": {":next": encode(numbered.number)},
        }
    }


def _numbered(item: Item) -> NumberedChange:
    chain = {name: plain(item[name]) for name in _CHAIN if name in item}
    change = decode_fields(Change, item)
    return NumberedChange(number=int(item["number"]["N"]), change=change, **chain)


def change_in(image: Mapping[str, Attribute]) -> Change:
    """The change in a stream record's new image. KeyError or ValueError for anything else."""
    return decode_fields(Change, image)
