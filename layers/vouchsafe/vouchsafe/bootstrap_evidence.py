"""The composition root of what proves afterwards how certificates came about."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from . import parts
from .adapters.clock import OsEntropy, SystemClock
from .clients import client

if TYPE_CHECKING:
    from .services import packing, reauditing


@cache
def pack_evidence() -> packing.Ports:
    from .adapters.kms import KmsPacketSigner
    from .adapters.s3 import S3PacketKeyPublication
    from .services import packing

    settings = parts.settings()
    return packing.Ports(
        ledger=parts.table("DynamoLedger"),
        log=parts.table("DynamoFeed"),
        issuers=parts.table("DynamoIssuers"),
        store=parts.store(),
        packets=parts.packets(),
        issued=parts.table("DynamoIssuedList"),
        signer=KmsPacketSigner(client("kms"), settings.require("evidence_key_ref")),
        publication=S3PacketKeyPublication(client("s3"), settings.require("publication_bucket")),
        clock=SystemClock(),
        publication_url=settings.require("publication_url"),
    )


@cache
def audit_issued() -> reauditing.Ports:
    from .services import reauditing

    return reauditing.Ports(
        ledger=parts.table("DynamoLedger"),
        issued=parts.table("DynamoIssuedList"),
        keys=parts.table("DynamoKeyBook"),
        issuers=parts.table("DynamoIssuers"),
        store=parts.store(),
        linter=parts.linter(),
        clock=SystemClock(),
        entropy=OsEntropy(),
        publication_url=parts.settings().require("publication_url"),
    )
