"""What a list of orders is asked for, and which of it has an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from .order import Order, OrderStatus
from .order_fields import Field, Standing, standing_of, values_of
from .tallies import (
    ALL,
    container_tally,
    organization_tally,
    product_tally,
    renewed_tally,
    status_tally,
)

#: Issued orders are one in store; which of them are past their end, only the clock tells.
_CLOCKED = frozenset({Standing.VALID, Standing.EXPIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Values from `low` to `high`, both included; None is open."""

    low: Any = None
    high: Any = None

    def hold(self, value: Any) -> bool:
        """Whether a value lies within; None never does."""
        if value is None or (self.low is not None and value < self.low):
            return False
        return self.high is None or value <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One filter: any of `values`, within any of `bounds`, or like any of `patterns` holds.

    Patterns are lower-case texts in which `%` stands for anything.
    """

    field: Field
    values: frozenset[Any] = frozenset()
    bounds: tuple[Bounds, ...] = ()
    patterns: tuple[str, ...] = ()

    @property
    def equality(self) -> bool:
        """Whether it names values and nothing else."""
        return not (self.bounds or self.patterns)

    def holds(self, order: Order, now: datetime) -> bool:
        """Whether an order meets the condition."""
        given = values_of(order, self.field, now)
        return any(
            value in self.values
            or any(bounds.hold(value) for bounds in self.bounds)
            or any(_like(pattern, str(value)) for pattern in self.patterns)
            for value in given
        )

    def tallies(self) -> frozenset[str] | None:
        """The tallies that hold exactly the orders the condition asks for; None without such."""
        if self.field is Field.STATUS and len(self.values & _CLOCKED) == 1:
            return None  # counters do not know what time it is
        return self.superset()

    def superset(self) -> frozenset[str] | None:
        """Tallies that hold at least those orders; None without such."""
        make = _TALLIES.get(self.field)
        if make is None or not self.equality:
            return None
        late = {Standing.VALID} if Standing.EXPIRED in self.values else set()
        return frozenset(make(value) for value in self.values | late)


def _like(pattern: str, value: str) -> bool:
    """Without regular expressions, which a hostile pattern would keep busy for hours."""
    text, (first, *others) = value.lower(), pattern.split("%")
    if not others:
        return text == first
    if not text.startswith(first) or len(text) < len(first) + len(others[-1]):
        return False
    at, end = len(first), len(text) - len(others[-1])
    for part in others[:-1]:
        at = text.find(part, at, end) + len(part)
        if at < len(part):
            return False
    return text.endswith(others[-1])


def _status(standing: Standing) -> str:
    if standing is Standing.REISSUING:
        return "status=reissuing"
    return status_tally(OrderStatus(standing.value))


_TALLIES: Mapping[Field, Callable[[Any], str]] = {
    Field.STATUS: _status,
    Field.ORGANIZATION: organization_tally,
    Field.PRODUCT: product_tally,
    Field.CONTAINER: container_tally,
    Field.RENEWED: renewed_tally,
}


class SortField(StrEnum):
    """What a list can be sorted by."""

    ORDER = "order_id"
    CREATED = "date_created"
    STATUS = "status"
    COMMON_NAME = "common_name"
    ENDS = "valid_till"
    TERM = "order_valid_till"
    PRODUCT = "product_name_id"
    CONTAINER = "container_id"
    ORGANIZATION = "organization_id"


#: Ids grow with creation, so both are the one order in which orders came.
BY_CREATION = frozenset({SortField.ORDER, SortField.CREATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """One key of the sorting."""

    field: SortField
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuery:
    """A page of the orders that meet every condition, sorted by the first key, then the next."""

    conditions: tuple[Condition, ...] = ()
    sort: tuple[Sort, ...] = (Sort(field=SortField.CREATED),)
    limit: int
    offset: int = 0

    @property
    def exact_tallies(self) -> frozenset[str] | None:
        """The tallies that answer the query by counters alone; None when it must be counted."""
        if not self.sort or self.sort[0].field not in BY_CREATION or len(self.conditions) > 1:
            return None
        if not self.conditions:
            return frozenset({ALL})
        return self.conditions[0].tallies()

    def picked(self, orders: Iterable[Order], now: datetime) -> list[Order]:
        """Those of the orders that meet every condition, sorted."""
        found = [o for o in orders if all(c.holds(o, now) for c in self.conditions)]
        for key in reversed((*self.sort, Sort(field=SortField.ORDER))):
            found.sort(key=lambda o: _sort_value(o, key.field, now), reverse=key.descending)
        return found


def _sort_value(order: Order, field: SortField, now: datetime) -> tuple[bool, Any]:
    """Orders without a value come first."""
    value: Any = {
        SortField.ORDER: order.order_id,
        SortField.CREATED: order.created_at,
        SortField.STATUS: standing_of(order, now).value,
        SortField.COMMON_NAME: order.common_name,
        SortField.ENDS: order.issued.not_after if order.issued else None,
        SortField.TERM: order.term_ends_at,
        SortField.PRODUCT: order.product_id,
        SortField.CONTAINER: order.container_id,
        SortField.ORGANIZATION: order.organization_id,
    }[field]
    return value is not None, value if value is not None else 0
