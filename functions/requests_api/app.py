"""Answers the API's routes about requests."""

from __future__ import annotations

from functools import cache
from typing import Any

from vouchsafe import bootstrap
from vouchsafe.api import app

app.load("requests_api")


@cache
def _handle() -> app.Handler:
    return app.build("requests_api", bootstrap.requests_api())


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A gateway proxy event in, a proxy response out."""
    return _handle()(event, context)
