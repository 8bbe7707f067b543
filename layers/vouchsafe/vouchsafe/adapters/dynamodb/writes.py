"""One write of a commit: an item, and what must hold for it to be written."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from . import keys
from .attributes import Item, encode_fields

#: The commit that wrote an item; tells our own success, whose answer was lost, from another's.
WRITTEN = "written"
ENTITY = "entity"
#: On a certificate: its version when its authorizations were last written, which name it, too.
AUTHORIZED = "authorizations_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """An item with its condition.

    `replaces` is the version that must stand there: 0 for nothing, None for an item that follows
    another one of the same transaction, which carries the condition. A replaced item keeps the
    attributes named nowhere in `cleared`, so that older code does not erase what newer code wrote.
    """

    item: Item
    replaces: int | None = 0
    cleared: frozenset[str] = frozenset()

    @property
    def key(self) -> Item:
        """The two attributes of the primary key."""
        return {name: self.item[name] for name in ("pk", "sk")}


def write(entity: str, key: keys.Key, record: Any, *extra: Item) -> Write:
    """The record under `key`, with index attributes or others in `extra`."""
    item = keys.primary(key) | {ENTITY: {"S": entity}} | encode_fields(record)
    for more in extra:
        item |= more
    known = {each.name for each in fields(record)} | set(keys.INDEX_ATTRIBUTES)
    return Write(
        item=item,
        replaces=getattr(record, "version", 1) - 1,
        cleared=frozenset(known - item.keys()),
    )


def follower(entity: str, key: keys.Key, item: Item) -> Write:
    """An item written along with another one that carries the condition."""
    return Write(item=keys.primary(key) | {ENTITY: {"S": entity}} | item, replaces=None)


def pointer(key: keys.Key, order_id: int) -> Write:
    """A way to find an order, written once."""
    return Write(
        item=keys.primary(key) | {ENTITY: {"S": "pointer"}, "order_id": {"N": str(order_id)}}
    )


def to_action(each: Write, table: str, token: str) -> dict[str, Any]:
    """The write as an action of TransactWriteItems: `{"Put": …}` or `{"Update": …}`."""
    item = each.item | {WRITTEN: {"S": token}}
    if each.replaces is None:
        return {"Put": {"TableName": table, "Item": item}}
    if each.replaces == 0:
        absent = "attribute_not_exists(pk)"
        return {"Put": {"TableName": table, "Item": item, "ConditionExpression": absent}}
    return {"Update": {"TableName": table, "Key": each.key, **_update(each, item)}}


def _update(each: Write, item: Item) -> dict[str, Any]:
    """Set every attribute of the item, remove the cleared ones, where the version before stands."""
    setting = [name for name in item if name not in each.key]
    names = {f"#{i}": name for i, name in enumerate([*setting, *sorted(each.cleared)])}
    places = list(names)
    sets = [f"{place} = :{place[1:]}" for place in places[: len(setting)]]
    expression = "SET " + ", ".join(sets)
    if each.cleared:
        expression += " REMOVE " + ", ".join(places[len(setting) :])
    values = {f":{i}": item[name] for i, name in enumerate(setting)}
    return {
        "UpdateExpression": expression,
        "ConditionExpression": "#version = :before",
        "ExpressionAttributeNames": names | {"#version": "version"},
        "ExpressionAttributeValues": values | {":before": {"N": str(each.replaces)}},
    }
