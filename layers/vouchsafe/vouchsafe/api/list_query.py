"""From a query string to what a list of orders is asked for; every flaw is named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..domain.errors import Flaw, invalid
from ..domain.order_fields import Field
from ..domain.order_query import Bounds, Condition, OrderQuery, Sort, SortField
from .filter_values import READERS, Like

MOST_ROWS = 1000
_MOST_OFFSET = 2**31
_LONGEST_VALUE = 300
_FILTER = re.compile(r"filters\[(\w+)\](?:\[\w*\])?\Z")


def read_query(query: Mapping[str, str]) -> OrderQuery:
    """The page asked for. Raises VouchsafeError(INVALID) naming every flaw."""
    flaws: list[Flaw] = []
    given: dict[Field, dict[str, str]] = {}
    for name, text in query.items():
        if not name.startswith("filter"):
            continue
        match = _FILTER.match(name)
        if match is None or match[1] not in Field:
            known = ", ".join(field.value for field in Field)
            flaws.append(Flaw(name, f"is no filter here; filters are {known}"))
        elif text.strip():
            given.setdefault(Field(match[1]), {})[name] = text.strip()
    conditions = [_condition(field, texts, flaws) for field, texts in given.items()]
    limit = _number("limit", query, (1, MOST_ROWS), MOST_ROWS, flaws)
    offset = _number("offset", query, (0, _MOST_OFFSET), 0, flaws)
    sort = _sort(query.get("sort", ""), flaws)
    if flaws:
        raise invalid(*flaws)
    return OrderQuery(conditions=tuple(conditions), sort=sort, limit=limit, offset=offset)


def _number(
    name: str, query: Mapping[str, str], within: tuple[int, int], default: int, flaws: list[Flaw]
) -> int:
    text = query.get(name, "").strip()
    if text in {"", "0"}:  # zero is how clients in Go spell nothing
        return default
    if text.isascii() and text.isdigit() and within[0] <= int(text[:12]) <= within[1]:
        return int(text)
    flaws.append(Flaw(name, f"must be a whole number from {within[0]} to {within[1]}"))
    return default


def _sort(text: str, flaws: list[Flaw]) -> tuple[Sort, ...]:
    """`-date_created,order_id`; `id` is the order's, too."""
    keys = []
    for word in filter(None, (part.strip() for part in text.split(","))):
        name = word.lstrip("+-")
        name = SortField.ORDER.value if name == "id" else name
        if name not in SortField:
            known = ", ".join(field.value for field in SortField)
            flaws.append(Flaw("sort", f"{name[:40]} is nothing to sort by; use {known}"))
        else:
            keys.append(Sort(field=SortField(name), descending=word.startswith("-")))
    return tuple(keys) or (Sort(field=SortField.CREATED),)


def _condition(field: Field, texts: Mapping[str, str], flaws: list[Flaw]) -> Condition:
    values: set[Any] = set()
    bounds: list[Bounds] = []
    patterns: list[str] = []
    for name, text in texts.items():
        try:
            if len(text) > _LONGEST_VALUE:
                raise ValueError(f"is longer than {_LONGEST_VALUE} characters")
            found = READERS[field](text)
        except ValueError as error:
            flaws.append(Flaw(name, str(error)))
            continue
        for one in found:
            if isinstance(one, Bounds):
                bounds.append(one)
            elif isinstance(one, Like):
                patterns.append(one.pattern)
            else:
                values.add(one)
    return Condition(
        field=field, values=frozenset(values), bounds=tuple(bounds), patterns=tuple(patterns)
    )
