"""Pages and calls for anybody beside the API: no key, limited by source, with a document apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRoute:
    """One path, the methods it is served by, and the function's resource in the template."""

    path: str
    methods: tuple[str, ...]
    logical_id: str


PAGES: tuple[PageRoute, ...] = (
    PageRoute(
        path="/v2/approve/{id}",
        methods=("get", "head", "post"),
        logical_id="ApprovalPageFunction",
    ),
    PageRoute(
        path="/v2/problem-report",
        methods=("get", "head", "post"),
        logical_id="PublicIntakeFunction",
    ),
    PageRoute(
        path="/v2/revoke-by-key",
        methods=("post",),
        logical_id="PublicIntakeFunction",
    ),
    PageRoute(
        path="/v2/revoke-by-key/challenge",
        methods=("get",),
        logical_id="PublicIntakeFunction",
    ),
)
