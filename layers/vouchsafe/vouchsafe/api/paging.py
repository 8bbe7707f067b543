"""Pages of short lists: the vendor's `limit` and `offset`, and a `page` with the exact total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..domain.errors import Flaw, invalid

MOST_ROWS = 1000
LARGEST_OFFSET = 10**9


def paged[T](rows: Sequence[T], query: Mapping[str, str]) -> tuple[Sequence[T], dict[str, int]]:
    """The rows asked for, and the `page` object of the answer. Raises INVALID for odd numbers."""
    limit = whole(query, "limit", MOST_ROWS, most=MOST_ROWS)
    offset = whole(query, "offset", 0, most=LARGEST_OFFSET)
    shown = rows[offset : offset + limit]
    return shown, {"total": len(rows), "limit": limit, "offset": offset}


def whole(query: Mapping[str, str], name: str, default: int, *, most: int) -> int:
    """A number of the query; zero and blanks mean the default. Raises VouchsafeError(INVALID)."""
    text = query.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text[:12]) <= most):
        raise invalid(Flaw(name, f"must be a whole number, {most} at most"))
    return int(text) or default


def says_yes(query: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    """A switch of the query in any spelling clients use: true, True, 1; false, False, 0."""
    text = query.get(name, "").strip().lower()
    if not text:
        return default
    if text not in {"true", "false", "1", "0"}:
        raise invalid(Flaw(name, "must be true or false"))
    return text in {"true", "1"}


def without_nothing(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row without the fields that have no value."""
    return {name: value for name, value in row.items() if value is not None}
