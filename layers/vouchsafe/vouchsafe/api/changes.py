"""The feed of an account's changes: numbered, in order, read from a cursor that never expires."""

from __future__ import annotations

from collections.abc import Mapping

from ..dependencies import AccountsApi
from ..domain.audit import LogQuery
from ..domain.changes import ChangeKind
from ..domain.errors import Flaw, invalid
from ..domain.shared_changes import SHARED, told
from ..services.audit import read_log
from .audit import MOST_NUMBER, read_object
from .call import Answer, Call, answer_json
from .paging import whole

_MOST_ROWS = 5000
_DEFAULT_ROWS = 100


def read(call: Call, deps: AccountsApi) -> Answer:
    """GET changes: those after a cursor, and the cursor to ask with next.

    A cursor that no answer ever gave, from beyond the newest change, is refused: whoever holds it
    follows another account's feed, and would miss changes in silence.
    """
    query = read_query(call.query)
    page = read_log(call.principal.account_id, query, feed=deps.feed)
    if query.after > page.head.number:
        newest = f"is beyond the newest change, which is {page.head.number}"
        raise invalid(Flaw("after", newest))
    return answer_json(
        {
            "changes": [told(entry) for entry in page.entries],
            "cursor": page.head.number if page.next is None else page.next,
            "more": page.next is not None,
        }
    )


def read_query(query: Mapping[str, str]) -> LogQuery:
    """What of the feed is asked for. Raises VouchsafeError(INVALID) naming every flaw."""
    flaws: list[Flaw] = []
    found = LogQuery(
        after=whole(query, "after", 0, most=MOST_NUMBER),
        limit=whole(query, "limit", _DEFAULT_ROWS, most=_MOST_ROWS),
        object=read_object(query.get("object", "").strip(), flaws),
        kinds=_kinds(query.get("type", ""), flaws),
    )
    if flaws:
        raise invalid(*flaws)
    return found


def _kinds(text: str, flaws: list[Flaw]) -> frozenset[ChangeKind]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    unknown = [word for word in words if word not in {kind.value for kind in SHARED}]
    if unknown:
        known = ", ".join(sorted(kind.value for kind in SHARED))
        flaws.append(Flaw("type", f"{unknown[0][:40]} is no type of change; types are {known}"))
        return frozenset(SHARED)
    return frozenset(ChangeKind(word) for word in words) or frozenset(SHARED)
