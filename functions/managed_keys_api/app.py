"""Answers the API's route that hands managed keys to their owners."""

from __future__ import annotations

from functools import cache
from typing import Any

from vouchsafe import bootstrap_keys
from vouchsafe.api import app

app.load("managed_keys_api")


@cache
def _handle() -> app.Handler:
    return app.build("managed_keys_api", bootstrap_keys.managed_keys_api())


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A gateway proxy event in, a proxy response out."""
    return _handle()(event, context)
