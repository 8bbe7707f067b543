"""Makes accounts, operators and keys; invoked directly by an operator, never by the API."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap
from vouchsafe.api.account_making import make


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`{"action": …}` in; the ids and, this once, the key out."""
    del context
    return make(event, bootstrap.accounts())
