"""Takes reports of problems with certificates, and revokes for whoever proves to hold the key."""

from __future__ import annotations

from functools import cache
from typing import Any

from vouchsafe import bootstrap_intake
from vouchsafe.api import public_intake


@cache
def _handle() -> public_intake.Handler:
    return public_intake.build(bootstrap_intake.public_intake())


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A gateway proxy event in, JSON or an HTML page out."""
    return _handle()(event, context)
