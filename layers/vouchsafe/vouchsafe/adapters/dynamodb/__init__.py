"""The one DynamoDB table behind every storage port; docs/data-model.md has its keys.

A name is loaded when it is asked for: a cold function waits for what it works with, and for nothing
else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .accounts import DynamoAccounts
    from .books import DynamoIssuers, DynamoLooks, DynamoRevocations, DynamoWorkList
    from .canary import DynamoCanaryMemory
    from .cases import DynamoCases
    from .claims import DynamoClaims
    from .domains import DynamoDomains
    from .duties import DynamoDuties
    from .expiries import DynamoExpiries
    from .feed import DynamoFeed, change_in
    from .issued import DynamoIssuedList
    from .key_book import DynamoKeyBook
    from .ledger import DynamoLedger
    from .limits import DynamoRateLimits
    from .lists import DynamoNameIndex, DynamoOrderLists
    from .managed_keys import DynamoManagedKeys
    from .messages import DynamoApprovalMessages
    from .parked import DynamoParkedList
    from .vetting import DynamoPolicies, DynamoReviews
    from .webhooks import DynamoWebhooks

__all__ = [
    "DynamoAccounts",
    "DynamoApprovalMessages",
    "DynamoCanaryMemory",
    "DynamoCases",
    "DynamoClaims",
    "DynamoDomains",
    "DynamoDuties",
    "DynamoExpiries",
    "DynamoFeed",
    "DynamoIssuedList",
    "DynamoIssuers",
    "DynamoKeyBook",
    "DynamoLedger",
    "DynamoLooks",
    "DynamoManagedKeys",
    "DynamoPolicies",
    "DynamoRateLimits",
    "DynamoNameIndex",
    "DynamoOrderLists",
    "DynamoParkedList",
    "DynamoReviews",
    "DynamoRevocations",
    "DynamoWebhooks",
    "DynamoWorkList",
    "change_in",
]

_HOMES = {
    "DynamoAccounts": "accounts",
    "DynamoApprovalMessages": "messages",
    "DynamoCanaryMemory": "canary",
    "DynamoCases": "cases",
    "DynamoClaims": "claims",
    "DynamoDomains": "domains",
    "DynamoDuties": "duties",
    "DynamoExpiries": "expiries",
    "DynamoFeed": "feed",
    "DynamoIssuedList": "issued",
    "DynamoIssuers": "books",
    "DynamoKeyBook": "key_book",
    "DynamoLedger": "ledger",
    "DynamoLooks": "books",
    "DynamoManagedKeys": "managed_keys",
    "DynamoNameIndex": "lists",
    "DynamoOrderLists": "lists",
    "DynamoParkedList": "parked",
    "DynamoPolicies": "vetting",
    "DynamoRateLimits": "limits",
    "DynamoReviews": "vetting",
    "DynamoRevocations": "books",
    "DynamoWebhooks": "webhooks",
    "DynamoWorkList": "books",
    "change_in": "feed",
}


def __getattr__(name: str) -> Any:
    """The adapter of that name (PEP 562). Raises AttributeError for a name that is none."""
    if name not in _HOMES:
        raise AttributeError(f"{__name__} has no {name}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
