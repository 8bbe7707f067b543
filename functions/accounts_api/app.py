"""Answers the API's routes about accounts: people, keys, organizations, domains."""

from __future__ import annotations

from functools import cache
from typing import Any

from vouchsafe import bootstrap
from vouchsafe.api import app

app.load("accounts_api")


@cache
def _handle() -> app.Handler:
    return app.build("accounts_api", bootstrap.accounts_api())


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A gateway proxy event in, a proxy response out."""
    return _handle()(event, context)
