"""Answers the API's routes that only operators may use."""

from __future__ import annotations

from functools import cache
from typing import Any

from vouchsafe import bootstrap
from vouchsafe.api import app

app.load("operators_api")


@cache
def _handle() -> app.Handler:
    return app.build("operators_api", bootstrap.operators_api())


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A gateway proxy event in, a proxy response out."""
    return _handle()(event, context)
