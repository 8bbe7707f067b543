"""Rate limits over a small table of their own: one item a caller, gone by itself when idle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ...domain.errors import Unavailable
from ...domain.limits import Allowance, Limit, allowance, is_full, microseconds
from ..sdk import code_of

_CHECK_FAILED = "ConditionalCheckFailedException"
#: How often a write that met another one is made again; each failure brings the newest state.
_TRIES = 4
_KEPT_SECONDS = 60
_MOST_REMEMBERED = 1000


class DynamoRateLimits:
    """Port RateLimits: one conditional write a call, a second one where it guessed wrongly.

    A busy limit's TAT is moved on from where it stands, an idle one's set from now. Which of the
    two it is, a container remembers from its last call for that caller; at first it takes them
    for busy. Limits may change: each is kept under its own length of time.
    """

    def __init__(self, client: Any, table_name: str) -> None:
        self._client = client
        self._table = table_name
        self._seen: dict[tuple[str, tuple[Limit, ...]], tuple[int, ...]] = {}

    def take(self, caller: str, limits: Sequence[Limit], now: datetime) -> Allowance:
        """Take one call from every limit, or from none. Raises Unavailable."""
        at = microseconds(now)
        known = caller, tuple(limits)
        guess = self._seen.get(known)
        busy = [True] * len(limits) if guess is None else _busy(guess, at)
        for _ in range(_TRIES):
            try:
                item = self._write(caller, limits, busy, at)
            except ClientError as error:
                if code_of(error) != _CHECK_FAILED:
                    raise Unavailable(str(error)) from error
                tats = _tats(limits, _standing_item(error))
                if is_full(limits, tats, at):
                    return allowance(limits, tats, at, taken=False)
                busy = _busy(tats, at)
            except BotoCoreError as error:
                raise Unavailable(str(error)) from error
            else:
                tats = self._remember(known, _tats(limits, item))
                return allowance(limits, tats, at, taken=True)
        raise Unavailable("the limits of one caller change too fast")

    def _write(
        self, caller: str, limits: Sequence[Limit], busy: Sequence[bool], at: int
    ) -> dict[str, Any]:
        expires = at // 1_000_000 + max(limit.seconds for limit in limits) + _KEPT_SECONDS
        sets, conditions = ["expires = :expires"], []
        values: dict[str, int] = {":now": at, ":expires": expires}
        for number, (limit, moving) in enumerate(zip(limits, busy, strict=True)):
            name, by, most = _name(limit), f":by{number}", f":most{number}"
            if moving:
                sets.append(f"{name} = {name} + {by}")
                conditions.append(f"{name} BETWEEN :now AND {most}")
                values |= {by: limit.step, most: at + limit.reach}
            else:
                sets.append(f"{name} = {by}")
                conditions.append(f"(attribute_not_exists({name}) OR {name} < :now)")
                values[by] = at + limit.step
        answer = self._client.update_item(
            TableName=self._table,
            Key={"pk": {"S": caller}},
            UpdateExpression="SET " + ", ".join(sets),
            ConditionExpression=" AND ".join(conditions),
            ExpressionAttributeValues={name: {"N": str(n)} for name, n in values.items()},
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
        item: dict[str, Any] = answer["Attributes"]
        return item

    def _remember(
        self, known: tuple[str, tuple[Limit, ...]], tats: tuple[int, ...]
    ) -> tuple[int, ...]:
        if len(self._seen) >= _MOST_REMEMBERED:
            self._seen.clear()
        self._seen[known] = tats
        return tats


def _standing_item(error: ClientError) -> dict[str, Any]:
    """What stands there instead; a refused write brings it along, unless nothing does."""
    response: dict[str, Any] = dict(error.response)
    return response.get("Item") or {}


def _name(limit: Limit) -> str:
    return f"tat{limit.seconds}"


def _tats(limits: Sequence[Limit], item: dict[str, Any]) -> tuple[int, ...]:
    return tuple(int(item.get(_name(limit), {"N": "0"})["N"]) for limit in limits)


def _busy(tats: Sequence[int], at: int) -> list[bool]:
    return [tat >= at for tat in tats]
