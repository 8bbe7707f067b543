"""Lists of orders with exact totals: by counters where they answer, else by bounded counting."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..domain.dossier import Dossier
from ..domain.errors import Flaw, invalid
from ..domain.order import Order
from ..domain.order_fields import Field
from ..domain.order_query import Condition, OrderQuery, SortField
from ..domain.tallies import ALL, OrderMove
from ..order_ports import OrderLists, Span
from ..ports import Clock, Ledger

#: What is read at most to answer a query that counters do not answer.
MOST_COUNTED = 10_000
#: An index may lag behind its counters for a moment: so often, so far apart, a page is read again.
_READS = 4
_PAUSE = 0.15  # seconds
#: So many values of ids, serials or names are looked up one by one.
_MOST_VALUES = 100
_NARROWING = "date_created, status, product_name_id, container_id, domain_name or id"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """A page of orders, and how many there are in all."""

    orders: Sequence[Order]
    total: int


def list_orders(
    query: OrderQuery,
    account_id: int,
    *,
    lists: OrderLists,
    ledger: Ledger,
    clock: Clock,
    pause: Callable[[float], None],
    most: int = MOST_COUNTED,
) -> OrderPage:
    """The page that `query` asks for, with the exact total. `pause` sleeps for seconds.

    Raises VouchsafeError(INVALID) where more than `most` orders would have to be counted.
    """
    exact = query.exact_tallies
    if exact is not None or not _direct(query):
        totals = lists.totals(account_id)
        filled = None if exact is None else [tally for tally in exact if totals.get(tally)]
        if filled is not None and not filled:
            return OrderPage(orders=(), total=0)
        if filled is not None and len(filled) == 1:
            return _counted(
                query, Span(account_id=account_id, tally=filled[0]), totals, lists, pause
            )
        found: Sequence[Order] = _walked(query, account_id, totals, lists, most)
    else:
        found = _looked_up(query, account_id, lists, ledger, most)
    picked = query.picked(found, clock.now())
    end = query.offset + query.limit
    return OrderPage(orders=picked[query.offset : end], total=len(picked))


def _counted(
    query: OrderQuery,
    span: Span,
    totals: Mapping[str, int],
    lists: OrderLists,
    pause: Callable[[float], None],
) -> OrderPage:
    """A page by counters: the total is theirs, and they say where the page begins."""
    total = totals[span.tally]
    expected = max(0, min(query.limit, total - query.offset))
    orders: Sequence[Order] = ()
    for attempt in range(_READS if expected else 0):
        if attempt:
            pause(_PAUSE * attempt)
        orders = lists.page(
            span,
            offset=query.offset,
            limit=query.limit,
            newest_first=query.sort[0].descending,
        )
        if len(orders) >= expected:
            break
    key = query.sort[0]
    if key.field is SortField.ORDER:  # what was placed in the same moment may stand otherwise
        orders = sorted(orders, key=lambda order: order.order_id, reverse=key.descending)
    return OrderPage(orders=orders, total=total)


def _walked(
    query: OrderQuery, account_id: int, totals: Mapping[str, int], lists: OrderLists, most: int
) -> list[Order]:
    """Every order of the narrowest index, within the time asked for."""
    since, until = _times(query)
    choices = [c.superset() for c in query.conditions]
    tallies = min(
        ({ALL}, *(choice for choice in choices if choice is not None)),
        key=lambda choice: sum(totals.get(tally, 0) for tally in choice),
    )
    timeless = since is None and until is None
    if timeless and sum(totals.get(tally, 0) for tally in tallies) > most:
        raise _too_many(query, most)
    found: list[Order] = []
    for tally in tallies:
        span = Span(account_id=account_id, tally=tally, since=since, until=until)
        if totals.get(tally):
            found += lists.walk(span, limit=most + 1 - len(found))
        if len(found) > most:
            raise _too_many(query, most)
    return found


def _times(query: OrderQuery) -> tuple[datetime | None, datetime | None]:
    """The narrowest times of creation that the conditions leave."""
    bounds = [
        c.bounds[0]
        for c in query.conditions
        if c.field is Field.CREATED and len(c.bounds) == 1 and not c.values
    ]
    lows = [each.low for each in bounds if each.low is not None]
    highs = [each.high for each in bounds if each.high is not None]
    return max(lows, default=None), min(highs, default=None)


def _too_many(query: OrderQuery, most: int) -> Exception:
    used = ", ".join(f"filters[{c.field}]" for c in query.conditions) or "sort"
    reason = (
        f"more than {most} orders would have to be counted; add a filter that leaves fewer,"
        f" such as {_NARROWING}"
    )
    return invalid(Flaw(used, reason))


_POINTED = (Field.ORDER, Field.CERTIFICATE, Field.SERIAL, Field.NAME, Field.COMMON_NAME)


def _direct(query: OrderQuery) -> Condition | None:
    """The condition whose orders can be looked up one by one, the narrowest kind first."""
    usable = [c for c in query.conditions if c.equality and len(c.values) <= _MOST_VALUES]
    ranked = [c for field in _POINTED for c in usable if c.field is field]
    return ranked[0] if ranked else None


def _looked_up(
    query: OrderQuery, account_id: int, lists: OrderLists, ledger: Ledger, most: int
) -> Sequence[Order]:
    condition = _direct(query)
    assert condition is not None, "asked for only where there is one"
    values = sorted(condition.values)
    if condition.field is Field.ORDER:
        return lists.orders(account_id, values)
    if condition.field in {Field.NAME, Field.COMMON_NAME}:
        return _by_name(query, account_id, values, lists, most)
    find = (
        ledger.order_of_serial if condition.field is Field.SERIAL else ledger.order_of_certificate
    )
    return _own((find(value) for value in values), account_id)


def _own(dossiers: Iterable[Dossier | None], account_id: int) -> Sequence[Order]:
    found = {dossier.order.order_id: dossier.order for dossier in dossiers if dossier is not None}
    return [order for order in found.values() if order.account_id == account_id]


def _by_name(
    query: OrderQuery, account_id: int, names: Sequence[str], lists: OrderLists, most: int
) -> Sequence[Order]:
    found: dict[int, Order] = {}
    for name in names:
        named = lists.named(account_id, name, limit=most + 1)
        found |= {order.order_id: order for order in named}
        if len(found) > most:
            raise _too_many(query, most)
    return list(found.values())


def status_changes(
    account_id: int, since: datetime, until: datetime, *, lists: OrderLists
) -> Sequence[OrderMove]:
    """The account's orders whose status last changed from `since` to `until`, oldest first."""
    return lists.moved(account_id, since, until)


def expiring(
    account_id: int,
    containers: Collection[int],
    days: Sequence[int],
    *,
    lists: OrderLists,
    clock: Clock,
) -> Mapping[int, int]:
    """How many orders in these containers end within so many days; negative: ended so long ago."""
    now = clock.now()
    longest = timedelta(days=max(days))
    farthest = timedelta(days=min(0, *days))
    moves = lists.ending(account_id, now + farthest, now + longest)
    ends = [m.not_after for m in moves if m.container_id in containers and m.not_after]
    found = {}
    for count in days:
        edges = sorted((now, now + timedelta(days=count)))
        found[count] = sum(edges[0] <= end <= edges[1] for end in ends)
    return found
