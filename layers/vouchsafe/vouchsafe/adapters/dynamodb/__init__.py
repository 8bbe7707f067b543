"""The one DynamoDB table behind every storage port; docs/data-model.md has its keys."""

from __future__ import annotations

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
