"""The one DynamoDB table behind every storage port; docs/data-model.md has its keys."""

from __future__ import annotations

from .books import DynamoAccounts, DynamoIssuers, DynamoLooks, DynamoRevocations, DynamoWorkList
from .claims import DynamoClaims
from .feed import DynamoFeed, change_in
from .ledger import DynamoLedger

__all__ = [
    "DynamoAccounts",
    "DynamoClaims",
    "DynamoFeed",
    "DynamoIssuers",
    "DynamoLedger",
    "DynamoLooks",
    "DynamoRevocations",
    "DynamoWorkList",
    "change_in",
]
