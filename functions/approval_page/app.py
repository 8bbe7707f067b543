"""Serves the page on which whoever answers a domain's mail approves a request."""

from __future__ import annotations

from functools import cache
from typing import Any

from vouchsafe import bootstrap_mail
from vouchsafe.api import approval_page


@cache
def _handle() -> approval_page.Handler:
    return approval_page.build(bootstrap_mail.approval_page())


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A gateway proxy event in, an HTML page out."""
    return _handle()(event, context)
