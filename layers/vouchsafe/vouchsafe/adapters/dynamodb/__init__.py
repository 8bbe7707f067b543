"""The one DynamoDB table behind every storage port; docs/data-model.md has its keys."""

from __future__ import annotations

from .accounts import DynamoAccounts
from .books import DynamoIssuers, DynamoLooks, DynamoRevocations, DynamoWorkList
from .claims import DynamoClaims
from .feed import DynamoFeed, change_in
from .ledger import DynamoLedger
from .limits import DynamoRateLimits
from .lists import DynamoNameIndex, DynamoOrderLists

__all__ = [
    "DynamoAccounts",
    "DynamoClaims",
    "DynamoFeed",
    "DynamoIssuers",
    "DynamoLedger",
    "DynamoLooks",
    "DynamoRateLimits",
    "DynamoNameIndex",
    "DynamoOrderLists",
    "DynamoRevocations",
    "DynamoWorkList",
    "change_in",
]
