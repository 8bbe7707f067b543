"""What an order's own transaction writes besides it: counters, rows by value, its last move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ...domain.order import Order
from ...domain.tallies import ALL, has_moved, move_of, tallies_of
from . import keys, list_keys
from .attributes import Item, encode, encode_fields
from .writes import ENTITY, Write

type Action = dict[str, dict[str, Any]]

_STATUS = "status="
#: On a change, and then on its row of the feed: how the order moved that it is about.
MOVE = "move"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An order before a commit (None: it is new) and after."""

    before: Order | None
    after: Order


def actions_of(steps: Sequence[Step], at: datetime, table: str) -> list[Action]:
    """The actions of TransactWriteItems that keep lists and totals in step with the orders.

    None of them has a condition: the order's own version guards them all.
    """
    actions = [_added(key, amounts) for key, amounts in _counted(steps).items()]
    for step in steps:
        actions += _listed(step)
        if has_moved(step.before, step.after):
            actions.append(_moved(step.after, at))
    for action in actions:
        next(iter(action.values()))["TableName"] = table
    return actions


def telling(writes: Iterable[Write], steps: Sequence[Step], at: datetime) -> Iterator[Write]:
    """The writes of a commit, in which a change about an order that moves says how it moved."""
    moves = {
        step.after.order_id: move_of(step.after, at)
        for step in steps
        if has_moved(step.before, step.after)
    }
    for each in writes:
        about = each.item.get("order_id") if each.item.get(ENTITY) == {"S": "change"} else None
        move = moves.get(int(about["N"])) if about and "N" in about else None
        said = {MOVE: {"M": encode_fields(move)}} if move else {}
        yield replace(each, item=each.item | said)


def _counted(steps: Iterable[Step]) -> dict[keys.Key, Counter[str]]:
    """By how much each counter item moves; orders of one hour share their items."""
    moved: dict[keys.Key, Counter[str]] = {}
    for step in steps:
        gained, lost = _difference(step)
        order = step.after
        if not gained and not lost:
            continue
        for key in list_keys.totals_of(order.account_id, order.created_at, order.order_id):
            amounts = moved.setdefault(key, Counter())
            amounts.update(gained)
            amounts.subtract(lost)
    return moved


def _difference(step: Step) -> tuple[list[str], list[str]]:
    """The tallies an order comes under and those it leaves."""
    before = frozenset() if step.before is None else tallies_of(step.before)
    after = tallies_of(step.after)
    return sorted(after - before), sorted(before - after)


def _added(key: keys.Key, amounts: Counter[str]) -> Action:
    names = {f"#{i}": name for i, name in enumerate(amounts)}
    parts = ", ".join(f"#{i} :{i}" for i in range(len(amounts)))
    return {
        "Update": {
            "Key": keys.primary(key),
            "UpdateExpression": f"SET #entity = :entity ADD {parts}",
            "ExpressionAttributeNames": names | {"#entity": ENTITY},
            "ExpressionAttributeValues": {
                f":{i}": {"N": str(by)} for i, by in enumerate(amounts.values())
            }
            | {":entity": {"S": "totals"}},
        }
    }


def _listed(step: Step) -> list[Action]:
    """Rows of values that have no index: those of `all` and of the status are in indexes."""
    order = step.after
    gained, lost = ([t for t in side if _needs_row(t)] for side in _difference(step))
    return [{"Put": {"Item": _row(order, tally)}} for tally in gained] + [
        {"Delete": {"Key": keys.primary(_row_key(order, tally))}} for tally in lost
    ]


def _needs_row(tally: str) -> bool:
    return tally != ALL and not tally.startswith(_STATUS)


def _row_key(order: Order, tally: str) -> keys.Key:
    return list_keys.listing_row(order.account_id, tally, order.created_at, order.order_id)


def _row(order: Order, tally: str) -> Item:
    number = {ENTITY: encode("listing"), "order_id": encode(order.order_id)}
    return keys.primary(_row_key(order, tally)) | number


def _moved(order: Order, at: datetime) -> Action:
    moved = move_of(order, at)
    item = keys.primary(list_keys.move(order.order_id)) | {ENTITY: encode("move")}
    item |= encode_fields(moved)
    if order.status == "valid" and moved.not_after is not None:
        item |= list_keys.ends_at(order.account_id, moved.not_after, order.order_id)
    return {"Put": {"Item": item}}
