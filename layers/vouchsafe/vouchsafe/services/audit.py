"""The audit log as people read it: page by page from a number on, and the reading itself noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..domain.accounts import Principal, Role
from ..domain.audit import Head, LogQuery, canonical, row_of
from ..domain.changes import ChangeKind, NumberedChange
from ..ports import Clock, Entropy, Feed, Ledger
from .account_changes import account_change

#: How many entries one call reads at most while it looks for those that a filter takes.
MOST_EXAMINED = 5000
#: How much one page holds at most, in bytes; a function may answer 6 MB.
_LARGEST_PAGE = 3_500_000
_STEP = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """Entries of a log in their order. `next` is where the next page goes on, None at the end."""

    account_id: int
    query: LogQuery
    head: Head
    entries: tuple[NumberedChange, ...]
    next: int | None


def read_log(account_id: int, query: LogQuery, *, feed: Feed) -> LogPage:
    """The next entries that the query takes, up to the head as it stands now.

    A page may hold fewer than `limit`, even none, and still have a `next`: filters are looked for
    in MOST_EXAMINED entries at a time.
    """
    head = feed.head(account_id)
    entries: list[NumberedChange] = []
    at, size = query.after, 0
    for entry in _walk(account_id, query, head, feed):
        if query.takes(entry.change):
            size += len(canonical(row_of(entry)))
            if entries and size > _LARGEST_PAGE:
                break
            entries.append(entry)
        at = entry.number
        if len(entries) == query.limit:
            break
    return LogPage(
        account_id=account_id,
        query=query,
        head=head,
        entries=tuple(entries),
        next=at if at < head.number else None,
    )


def _walk(account_id: int, query: LogQuery, head: Head, feed: Feed) -> Iterator[NumberedChange]:
    """The entries after the query's number up to the head, MOST_EXAMINED at most."""
    at, end = query.after, min(head.number, query.after + MOST_EXAMINED)
    step = _STEP if query.is_filtered else query.limit
    while at < end:
        yield from feed.after(account_id, at, min(step, end - at))
        at += step


def note_reading(
    page: LogPage, principal: Principal, *, ledger: Ledger, clock: Clock, entropy: Entropy
) -> None:
    """Write into the account's own log that somebody read it, and what of it."""
    query = page.query
    data: dict[str, object] = {"after": query.after, "limit": query.limit} | dict(query.filters())
    change = account_change(
        ChangeKind.AUDIT_LOG_READ,
        principal,
        data,
        clock.now(),
        entropy,
        subject=f"account {page.account_id}",
    )
    ledger.commit(replace(change, account_id=page.account_id))


def is_outsider(principal: Principal) -> bool:
    """Whether the reader is no member of the account: then every reading is noted."""
    return principal.role is Role.OPERATOR
