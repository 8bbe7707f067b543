"""Custom fields: what an account wants to know of its orders, and whether an order says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .addresses import check_address
from .errors import Flaw

MOST_FIELDS = 50
LONGEST_LABEL = 100
LONGEST_VALUE = 1000
_MOST_VALUES = 2 * MOST_FIELDS
_FIELDS = "custom_fields"


class DataType(StrEnum):
    """What a value must be."""

    ANYTHING = "anything"
    TEXT = "text"
    INT = "int"
    EMAIL_ADDRESS = "email_address"
    EMAIL_LIST = "email_list"  # with commas between


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataField:
    """A custom field. Values of a field that is not active any more stay, but none is added."""

    metadata_id: int
    label: str
    required: bool = False
    active: bool = True
    data_type: DataType = DataType.ANYTHING
    description: str = ""


def why_not(field: MetadataField, value: Any) -> str | None:
    """Why the field cannot have that value; None when it can."""
    if not field.active:
        return f"the custom field {field.label} is not active"
    text = "" if value is None else str(value).strip()
    if not text:
        return "is required" if field.required else None
    if isinstance(value, dict | list):
        return "must be a text or a number"
    if len(text) > LONGEST_VALUE:
        return f"is longer than {LONGEST_VALUE} characters"
    return _unlike(field.data_type, text)


def _unlike(kind: DataType, text: str) -> str | None:
    """Why the text is no value of that type; None when it is one."""
    if kind is DataType.INT:
        digits = text.removeprefix("-")
        return None if digits.isascii() and digits.isdigit() else "must be a whole number"
    if kind in {DataType.EMAIL_ADDRESS, DataType.EMAIL_LIST}:
        return _address_flaw([text] if kind is DataType.EMAIL_ADDRESS else text.split(","))
    return None


def _address_flaw(addresses: Sequence[str]) -> str | None:
    for address in addresses:
        try:
            check_address(address.strip())
        except ValueError as error:
            return str(error)
    return None


def judge(fields: Sequence[MetadataField], given: Any) -> tuple[list[Flaw], list[str]]:
    """The flaws of an order's `custom_fields`, and what there is to remark.

    `given` is what the client sent: a list of objects with `metadata_id` and `value`, or nothing.
    Values of fields the account does not have are kept, with a remark.
    """
    rows = given if given is not None else []
    if not isinstance(rows, list):
        return [Flaw(_FIELDS, "must be a list")], []
    if len(rows) > _MOST_VALUES:
        return [Flaw(_FIELDS, f"holds more than {_MOST_VALUES} values")], []
    known = {field.metadata_id: field for field in fields}
    flaws, remarks, said = [], [], set()
    for position, row in enumerate(rows):
        where = f"{_FIELDS}[{position}]"
        number = row.get("metadata_id") if isinstance(row, dict) else None
        if number is None:
            flaws.append(Flaw(f"{where}.metadata_id", "is required"))
        elif _number(number) not in known:
            remarks.append(f"{where}: the account has no such custom field; kept as it is")
        else:
            field = known[_number(number)]
            said.add(field.metadata_id)
            reason = why_not(field, row.get("value"))
            flaws += [Flaw(f"{where}.value", reason)] if reason else []
    missing = [f for f in fields if f.required and f.active and f.metadata_id not in said]
    flaws += [
        Flaw(_FIELDS, f"{field.label} (metadata_id {field.metadata_id}) is required")
        for field in missing
    ]
    return flaws, remarks


def _number(value: Any) -> int:
    """A metadata id, also as a text; 0 for what is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0  # noqa: PLR2004


def value_of(given: Any, metadata_id: int) -> Any:
    """An order's value of a custom field, or None."""
    rows = given if isinstance(given, list) else []
    own = [r for r in rows if isinstance(r, dict) and _number(r.get("metadata_id")) == metadata_id]
    return own[-1].get("value") if own else None


def with_value(given: Any, metadata_id: int, value: Any) -> list[Any]:
    """An order's custom fields with one value set, in place of the one it had."""
    rows = given if isinstance(given, list) else []
    kept = [
        row
        for row in rows
        if not (isinstance(row, dict) and _number(row.get("metadata_id")) == metadata_id)
    ]
    return [*kept, {"metadata_id": metadata_id, "value": value}]
