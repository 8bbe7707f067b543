"""Answers what no route matches, in the API's error form."""

from __future__ import annotations

from functools import cache
from typing import Any

from vouchsafe.api import app


@cache
def _handle() -> app.Handler:
    return app.build("unknown_route", None)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A gateway proxy event in, a 404 proxy response out."""
    return _handle()(event, context)
