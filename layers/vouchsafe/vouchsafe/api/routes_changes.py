"""Routes of the feed of changes."""

from __future__ import annotations

from .permissions import Action
from .route import Function, Route

CHANGES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/v2/changes",
        function=Function.ACCOUNTS,
        operation="changes.read",
        action=Action.LOOK,
        summary="Follow everything that changes, from a cursor on",
        responses={200: "ChangeFeed"},
        query={
            "after": "The `cursor` of the last answer; 0, the default, begins at the first change.",
            "limit": "Changes of a page: 1 to 5000; 100 is the default.",
            "type": "Types of changes, with commas between: certificate_issued,order_timed_out.",
            "object": "A kind and an id, such as order 1001: changes about it.",
        },
    ),
)
