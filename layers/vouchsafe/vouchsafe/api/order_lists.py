"""The routes that list orders: all of them, those whose status changed, those that expire."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..dependencies import OrdersApi
from ..domain.containers import lies_in
from ..domain.errors import ErrorCode, Flaw, VouchsafeError, invalid
from ..services import order_lists
from ..services.containers import owned
from .call import Answer, Call, answer_json
from .filter_values import moment_range
from .list_query import read_query
from .order_rows import move_row, order_row, to_csv

#: What a function may answer, less some room for the envelope; Lambda takes 6 MB.
_LARGEST_ANSWER = 4_500_000
_CSV = "text/csv"
_LONGEST_WINDOW = timedelta(days=7)  # 10080 minutes, 604800 seconds
_LAST_UPDATED = "filters[status_last_updated]"
#: The horizons of the expiry report, in days; a negative one looks back.
_HORIZONS = (90, 60, 30, 7, 3, -7)


def list_orders(call: Call, deps: OrdersApi) -> Answer:
    """GET order/certificate: a page of orders, as JSON or, where Accept says so, as CSV."""
    query = read_query(call.query)
    page = order_lists.list_orders(
        query,
        call.principal.account_id,
        lists=deps.lists,
        ledger=deps.ledger,
        clock=deps.clock,
        pause=call.pause,
    )
    now = deps.clock.now()
    rows = [order_row(order, now) for order in page.orders]
    if _wants_csv(call.headers.get("accept", "")):
        return _bounded(Answer(content=to_csv(rows), content_type=_CSV))
    about = {"total": page.total, "limit": query.limit, "offset": query.offset}
    return _bounded(answer_json({"orders": rows, "page": about}))


def _wants_csv(accept: str) -> bool:
    """Whether CSV is named before JSON, and not refused by a weight of nought."""
    for each in accept.lower().split(","):
        media, _, parameters = each.partition(";")
        refused = parameters.replace(" ", "") in {"q=0", "q=0.0"}
        if media.strip() in {_CSV, "application/json", "*/*"} and not refused:
            return media.strip() == _CSV
    return False


def _bounded(answer: Answer, field: str = "limit") -> Answer:
    """The answer, if it fits. Raises VouchsafeError(INVALID) naming what to ask less of."""
    content = answer.content or ""
    if len(content.encode() if isinstance(content, str) else content) > _LARGEST_ANSWER:
        raise invalid(Flaw(field, "the answer would be too large; ask for less"))
    return answer


def status_changes(call: Call, deps: OrdersApi) -> Answer:
    """GET order/certificate/status-changes: orders whose status last changed in a time."""
    now = deps.clock.now()
    since, until = _window(call, now)
    moves = order_lists.status_changes(call.principal.account_id, since, until, lists=deps.lists)
    rows = [move_row(move, now) for move in moves]
    return _bounded(answer_json({"orders": rows} if rows else {}), "minutes")


def _window(call: Call, now: datetime) -> tuple[datetime, datetime]:
    """The time asked for: minutes and seconds add up; a range is taken as it is."""
    minutes, seconds = (_amount(call, name) for name in ("minutes", "seconds"))
    if minutes is None and seconds is None:
        return _range(call)
    length = timedelta(minutes=minutes or 0, seconds=seconds or 0)
    if length > _LONGEST_WINDOW:
        raise _too_long()
    if length <= timedelta():
        name = "seconds" if minutes is None else "minutes"
        raise invalid(Flaw(name, "must be a whole number above 0"))
    return now - length, now


def _amount(call: Call, name: str) -> int | None:
    text = call.query.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise invalid(Flaw(name, "must be a whole number above 0"))
    return min(int(text[:12]), 10**9)


def _range(call: Call) -> tuple[datetime, datetime]:
    text = call.query.get(_LAST_UPDATED, "").strip()
    if not text:
        raise invalid(Flaw("minutes", f"is required, or seconds, or {_LAST_UPDATED}"))
    try:
        since, until = moment_range(text)
    except ValueError as error:
        raise invalid(Flaw(_LAST_UPDATED, str(error))) from None
    if until - since > _LONGEST_WINDOW + timedelta(days=1):  # both days of a range count
        raise _too_long()
    return since, until


def _too_long() -> VouchsafeError:
    return VouchsafeError(
        ErrorCode.INVALID,
        "An error occurred while processing your request.",
        subject="time_frame_too_long",
    )


def expiring(call: Call, deps: OrdersApi) -> Answer:
    """GET report/order/{id}/expiring: how many orders end soon, by horizon.

    Those of a container and of all below it.
    """
    account_id, number = call.principal.account_id, call.number("container")
    container = owned(number, call.principal, ledger=deps.ledger)
    below = deps.accounts.containers_of(account_id)
    meant = {each.container_id for each in (container, *below) if lies_in(each, number)}
    counts = order_lists.expiring(account_id, meant, _HORIZONS, lists=deps.lists, clock=deps.clock)
    rows = [{"days_expiring": days, "order_count": counts[days]} for days in _HORIZONS]
    return answer_json({"expiring_orders": rows})
