"""Values of the domain as DynamoDB attributes and back, by the types of the dataclass fields.

An attribute is named as its field. Reading ignores attributes it does not know and gives missing
ones their default, so that older and newer code share one table.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

type Attribute = dict[str, Any]
type Item = dict[str, Attribute]

_SERIAL_DIGITS = 40  # 20 octets, RFC 5280 4.1.2.2: more than a DynamoDB number holds


def stamp(moment: datetime) -> str:
    """A fixed-width UTC text that sorts as time does: `2026-11-21T12:00:00.000000Z`.

    Raises ValueError for a moment without a time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a stored moment needs a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def serial_text(serial: int) -> str:
    """A serial number as 40 lower-case hex digits."""
    return f"{serial:0{_SERIAL_DIGITS}x}"


def encode(value: Any) -> Attribute:
    """One value as an attribute. Raises TypeError for a type that storage does not know."""
    encoder = next((make for kind, make in _ENCODERS if isinstance(value, kind)), None)
    if encoder is not None:
        return encoder(value)
    if is_dataclass(value):
        return {"M": encode_fields(value)}
    raise TypeError(f"{type(value).__name__} cannot be stored")


#: In this order: a bool is an int, and our enums are texts.
_ENCODERS: tuple[tuple[type | tuple[type, ...], Callable[[Any], Attribute]], ...] = (
    (NoneType, lambda _: {"NULL": True}),
    (bool, lambda value: {"BOOL": value}),
    (str, lambda value: {"S": str(value)}),
    (int, lambda value: {"N": str(int(value))}),
    (float, lambda value: {"N": repr(value)}),
    (bytes, lambda value: {"B": value}),
    (datetime, lambda value: {"S": stamp(value)}),
    ((tuple, list), lambda value: {"L": [encode(each) for each in value]}),
    (Mapping, lambda value: {"M": {str(name): encode(each) for name, each in value.items()}}),
)


def encode_fields(record: Any) -> Item:
    """Every field of a dataclass object as an attribute, but no None where None is the default."""
    item: Item = {}
    for each in fields(record):
        value = getattr(record, each.name)
        if each.name == "serial":
            item[each.name] = {"S": serial_text(value)}
        elif value is not None or _has_other_default(each):
            item[each.name] = encode(value)
    return item


def _has_other_default(each: Field[Any]) -> bool:
    return each.default_factory is not MISSING or each.default not in (MISSING, None)


def decode_fields[T](kind: type[T], item: Mapping[str, Attribute]) -> T:
    """An object of the dataclass `kind` from its attributes.

    Raises KeyError when a field is missing that has no default and may not be None.
    """
    values: dict[str, Any] = {}
    for name, (decode, missing) in _plan(cast("Hashable", kind)).items():
        if name in item:
            values[name] = decode(item[name])
        elif missing is MISSING:
            raise KeyError(f"{kind.__name__}.{name}")
        elif missing is None:
            values[name] = None
    return kind(**values)


_DEFAULTED = object()


@cache
def _plan(kind: Any) -> dict[str, tuple[Callable[[Attribute], Any], Any]]:
    """How to decode each field, and what its absence means: a default, None or MISSING, a fault."""
    hints = get_type_hints(kind)
    plan: dict[str, tuple[Callable[[Attribute], Any], Any]] = {}
    for each in fields(kind):
        decode = _serial if each.name == "serial" else _decoder(hints[each.name])
        plan[each.name] = (decode, _absence(each, hints[each.name]))
    return plan


def _absence(each: Field[Any], hint: Any) -> Any:
    if each.default is not MISSING or each.default_factory is not MISSING:
        return _DEFAULTED
    return None if NoneType in get_args(hint) else MISSING


def _serial(attribute: Attribute) -> int:
    return int(attribute["S"], 16)


_SCALARS: dict[Any, Callable[[Attribute], Any]] = {
    str: lambda attribute: attribute["S"],
    int: lambda attribute: int(attribute["N"]),
    bool: lambda attribute: attribute["BOOL"],
    bytes: lambda attribute: bytes(attribute["B"]),
    datetime: lambda attribute: datetime.fromisoformat(attribute["S"]),
}


@cache
def _decoder(hint: Any) -> Callable[[Attribute], Any]:
    """What turns an attribute into a value of the annotated type."""
    if hint in _SCALARS:
        return _SCALARS[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        inner = _decoder(next(each for each in arguments if each is not NoneType))
        return lambda attribute: None if "NULL" in attribute else inner(attribute)
    if origin is tuple:
        each_of = _decoder(arguments[0])
        return lambda attribute: tuple(each_of(each) for each in attribute["L"])
    if origin is dict or hint is Any:
        return plain
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda attribute: hint(attribute["S"])
    if isinstance(hint, type) and is_dataclass(hint):
        return lambda attribute: decode_fields(hint, attribute["M"])
    raise TypeError(f"{hint} cannot be read from storage")


def plain(attribute: Attribute) -> Any:
    """An attribute as the plain JSON value it was."""
    ((kind, value),) = attribute.items()
    if kind == "M":
        return {name: plain(each) for name, each in value.items()}
    if kind == "L":
        return [plain(each) for each in value]
    if kind == "N":
        return int(value) if value.lstrip("-").isdigit() else float(value)
    return None if kind == "NULL" else value


def size_of(attribute: Attribute) -> int:
    """About how many bytes an attribute takes, as DynamoDB counts."""
    ((kind, value),) = attribute.items()
    if kind == "M":
        return 3 + sum(len(name.encode()) + 1 + size_of(each) for name, each in value.items())
    if kind == "L":
        return 3 + sum(1 + size_of(each) for each in value)
    return len(value.encode() if kind == "S" else value) if kind in {"S", "B", "N"} else 1
