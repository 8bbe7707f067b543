"""One write of a commit: an item, and what must hold for it to be written."""

from __future__ import annotations

from collections.abc import Callable
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
    `merges`: whatever stands there keeps the attributes that the item has not. `removes`: the item
    of that key goes. `absent`: nothing is written, but no item of that key may stand there.
    """

    item: Item
    replaces: int | None = 0
    cleared: frozenset[str] = frozenset()
    merges: bool = False
    removes: bool = False
    absent: bool = False

    @property
    def key(self) -> Item:
        """The two attributes of the primary key."""
        return {name: self.item[name] for name in ("pk", "sk")}


#: Makes the items of one record; the first carries the condition.
type Writer = Callable[[Any], tuple[Write, ...]]


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


def merged(entity: str, key: keys.Key, item: Item) -> Write:
    """Attributes set on an item that may stand there already, which keeps its others."""
    return Write(
        item=keys.primary(key) | {ENTITY: {"S": entity}} | item, replaces=None, merges=True
    )


def removed(key: keys.Key, *, version: int | None = None) -> Write:
    """An item that goes, as it stands at `version`, or along with another of the transaction."""
    return Write(item=keys.primary(key), replaces=version, removes=True)


def pointer(key: keys.Key, order_id: int) -> Write:
    """A way to find an order, written once."""
    return pointer_to(key, "order_id", order_id)


def pointer_to(key: keys.Key, name: str, number: int) -> Write:
    """A way to find the thing whose id is called `name`, written once."""
    return Write(item=keys.primary(key) | {ENTITY: {"S": "pointer"}, name: {"N": str(number)}})


def nothing_at(key: keys.Key) -> Write:
    """A condition alone: no item of that key stands there."""
    return Write(item=keys.primary(key), replaces=None, absent=True)


def to_action(each: Write, table: str, token: str) -> dict[str, Any]:
    """The write as an action of TransactWriteItems: `{"Put": …}`, `{"Update": …}`, `{"Delete": …}`.

    A removal leaves no token: it is not alone in its transaction, and not its first action.
    """
    if each.absent:
        condition = {"ConditionExpression": "attribute_not_exists(pk)"}
        return {"ConditionCheck": {"TableName": table, "Key": each.key, **condition}}
    item = each.item | {WRITTEN: {"S": token}}
    if each.removes:
        return {"Delete": {"TableName": table, "Key": each.key, **_standing_at(each.replaces)}}
    if each.merges:
        return {"Update": {"TableName": table, "Key": each.key, **_merge(each, item)}}
    if each.replaces is None:
        return {"Put": {"TableName": table, "Item": item}}
    if each.replaces == 0:
        absent = "attribute_not_exists(pk)"
        return {"Put": {"TableName": table, "Item": item, "ConditionExpression": absent}}
    return {"Update": {"TableName": table, "Key": each.key, **_update(each, item)}}


def _standing_at(version: int | None) -> dict[str, Any]:
    if version is None:
        return {}
    return {
        "ConditionExpression": "#version = :before",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": {":before": {"N": str(version)}},
    }


def _merge(each: Write, item: Item) -> dict[str, Any]:
    """Set every attribute of the item, whatever stands there."""
    names = {f"#{i}": name for i, name in enumerate(n for n in item if n not in each.key)}
    return {
        "UpdateExpression": "SET " + ", ".join(f"{place} = :{place[1:]}" for place in names),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {f":{place[1:]}": item[n] for place, n in names.items()},
    }


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
