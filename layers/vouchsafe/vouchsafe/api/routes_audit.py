"""Routes of the audit log: for an account's administrators, and for operators."""

from __future__ import annotations

from .permissions import Action
from .route import Function, Route

_QUERY = {
    "after": "The number of the last entry one has; 0, the default, begins at the first.",
    "limit": "Entries of a page: 1 to 1000; 100 is the default.",
    "from": "A date or a time: entries from then on.",
    "to": "A date or a time: entries up to its end.",
    "object": "A kind and an id, such as order 1001: entries about it.",
    "actor": "user 7, operator 9, or all of a kind: user, operator, mail, system.",
}
_LINES = "application/x-ndjson"

AUDIT: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/v2/audit-log",
        function=Function.ACCOUNTS,
        operation="audit.read",
        action=Action.AUDIT,
        summary="Read or export the account's audit log",
        responses={200: "AuditLog"},
        also=_LINES,
        query=_QUERY,
    ),
    Route(
        method="GET",
        path="/v2/operator/account/{id}/audit-log",
        function=Function.OPERATORS,
        operation="audit.read_of_account",
        action=Action.OVERSEE,
        summary="Read an account's audit log, which says so from then on",
        responses={200: "AuditLog"},
        also=_LINES,
        parameters={"id": "The account's id."},
        query=_QUERY,
    ),
    Route(
        method="GET",
        path="/v2/operator/audit-log",
        function=Function.OPERATORS,
        operation="audit.read_of_operators",
        action=Action.OVERSEE,
        summary="Read the log of what operators did outside of any account",
        responses={200: "AuditLog"},
        also=_LINES,
        query=_QUERY,
    ),
)
