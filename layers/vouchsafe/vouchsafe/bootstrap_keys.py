"""The composition root of keys that the service makes: one function makes, another hands out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from . import parts
from .adapters.clock import OsEntropy, SystemClock
from .clients import client, hasty_client

if TYPE_CHECKING:
    from .dependencies_keys import ManagedKeysApi
    from .services import managed_keys


@cache
def make_key() -> managed_keys.MakingPorts:
    from .adapters.managed_keys import KmsKeyMaker
    from .services import managed_keys

    settings = parts.settings()
    key_ref = settings.require("managed_key_ref")
    return managed_keys.MakingPorts(
        ledger=parts.table("DynamoLedger"),
        maker=KmsKeyMaker(client("kms"), key_ref, settings.managed_key_type),
        clock=SystemClock(),
        entropy=OsEntropy(),
    )


@cache
def managed_keys_api() -> ManagedKeysApi:
    from .adapters.dynamodb import DynamoRateLimits
    from .adapters.managed_keys import KmsKeyOpener
    from .dependencies_keys import ManagedKeysApi

    settings = parts.settings()
    limits = settings.require("limits_table_name")
    return ManagedKeysApi(
        settings=settings,
        clock=SystemClock(),
        entropy=OsEntropy(),
        accounts=parts.table("DynamoAccounts"),
        ledger=parts.table("DynamoLedger"),
        limits=DynamoRateLimits(hasty_client("dynamodb"), limits),
        issuers=parts.table("DynamoIssuers"),
        store=parts.store(),
        managed=parts.table("DynamoManagedKeys"),
        opener=KmsKeyOpener(client("kms")),
    )
