"""The account's audit log: as JSON a page at a time, or as lines that can be verified offline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ..dependencies import AccountsApi
from ..domain.audit import LogQuery, page_of, row_of
from ..domain.errors import Flaw, invalid, not_found
from ..services.accounts import OPERATORS
from ..services.audit import LogPage, is_outsider, note_reading, read_log
from .call import Answer, Call, answer_json, as_id
from .filter_values import moment_span
from .paging import MOST_ROWS, whole

LINES = "application/x-ndjson"
#: The kinds of things that `object` can name; also those that no change is about yet.
_KINDS = (
    "account",
    "certificate",
    "container",
    "domain",
    "key",
    "metadata",
    "order",
    "organization",
    "request",
    "user",
    "webhook",
)
_ACTORS = ("user", "operator")
MOST_NUMBER = 10**12 - 1
_DEFAULT_ROWS = 100


def read(call: Call, deps: AccountsApi) -> Answer:
    """GET audit-log: the caller's account's."""
    return _answer(call.principal.account_id, call, deps)


def read_of_account(call: Call, deps: AccountsApi) -> Answer:
    """GET operator/account/{id}/audit-log; the account's log then says that it was read."""
    account = deps.accounts.account(call.number("account"))
    if account is None:
        raise not_found("account")
    return _answer(account.account_id, call, deps)


def read_of_operators(call: Call, deps: AccountsApi) -> Answer:
    """GET operator/audit-log: what operators did outside of any account."""
    return _answer(OPERATORS, call, deps)


def _answer(account_id: int, call: Call, deps: AccountsApi) -> Answer:
    page = read_log(account_id, read_query(call.query), feed=deps.feed)
    lines = wants_lines(call.headers.get("accept", ""))
    if lines or is_outsider(call.principal):
        note_reading(
            page, call.principal, ledger=deps.ledger, clock=deps.clock, entropy=deps.entropy
        )
    return _as_lines(page) if lines else _as_json(page)


def _as_lines(page: LogPage) -> Answer:
    rows = (row_of(entry) for entry in page.entries)
    content = page_of(page.account_id, page.query, page.head, rows, page.next)
    return Answer(content=content.decode(), content_type=LINES)


def _as_json(page: LogPage) -> Answer:
    return answer_json(
        {
            "account_id": page.account_id,
            "entries": [row_of(entry) for entry in page.entries],
            "filters": page.query.filters(),
            "head": {"number": page.head.number, "hash": page.head.hash},
            "begins": page.head.begins,
            "next": page.next,
        }
    )


def wants_lines(accept: str) -> bool:
    """Whether lines are named before JSON in an Accept header."""
    for each in accept.lower().split(","):
        media = each.partition(";")[0].strip()
        if media in {LINES, "application/json", "*/*"}:
            return media == LINES
    return False


def read_query(query: Mapping[str, str]) -> LogQuery:
    """What of the log is asked for. Raises VouchsafeError(INVALID) naming every flaw."""
    flaws: list[Flaw] = []
    found = LogQuery(
        after=whole(query, "after", 0, most=MOST_NUMBER),
        limit=whole(query, "limit", _DEFAULT_ROWS, most=MOST_ROWS),
        since=_moment(query, "from", 0, flaws),
        until=_moment(query, "to", 1, flaws),
        object=read_object(query.get("object", "").strip(), flaws),
        actor=_actor(query.get("actor", "").strip(), flaws),
    )
    if flaws:
        raise invalid(*flaws)
    return found


def _moment(query: Mapping[str, str], name: str, end: int, flaws: list[Flaw]) -> datetime | None:
    """The first (`end` 0) or last moment (1) of what a date or a time of day names."""
    text = query.get(name, "").strip()
    if not text:
        return None
    try:
        return moment_span(text)[end]
    except ValueError as error:
        flaws.append(Flaw(name, str(error)))
        return None


def read_object(text: str, flaws: list[Flaw]) -> tuple[str, int] | None:
    """What `order 1001` names; None for nothing, or for a flaw, which is then listed."""
    if not text:
        return None
    kind, _, number = text.replace(":", " ").partition(" ")
    if kind not in _KINDS or as_id(number.strip()) is None:
        kinds = ", ".join(_KINDS)
        flaws.append(
            Flaw("object", f"must be a kind and an id, such as order 1001; kinds: {kinds}")
        )
        return None
    return kind, int(number)


def _actor(text: str, flaws: list[Flaw]) -> str:
    kind, _, number = text.replace(":", " ").partition(" ")
    if not number and kind in {"", "system", "mail", *_ACTORS}:
        return kind
    if kind in _ACTORS and as_id(number.strip()) is not None:
        return f"{kind} {int(number)}"
    kinds = "must be system, mail, user or operator, or one of them with an id, such as user 7"
    flaws.append(Flaw("actor", kinds))
    return ""
