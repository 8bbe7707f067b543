"""The composition root of the canary."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from . import parts
from .adapters.clock import OsEntropy, SystemClock
from .clients import client

if TYPE_CHECKING:
    from .services.canary import CanaryPorts
    from .services.canary_orders import OrderingPorts
    from .services.placing import RegistrationPorts


@cache
def canary() -> CanaryPorts:
    from .adapters.canary_zone import Route53Zone
    from .services.canary import CanaryPorts

    settings = parts.settings()
    return CanaryPorts(
        memory=parts.table("DynamoCanaryMemory"),
        zone=Route53Zone(client("route53"), settings.require("canary_zone_id")),
        ordering=_ordering(),
        zone_name=settings.require("canary_name"),
        every=settings.canary_every,
        clock=SystemClock(),
        entropy=OsEntropy(),
    )


def _ordering() -> OrderingPorts:
    from .adapters.one_time_keys import OneTimeKeys
    from .adapters.published_lists import HttpPublishedLists
    from .services.canary_orders import OrderingPorts
    from .services.new_orders import RegistrationPolicy

    settings = parts.settings()
    return OrderingPorts(
        registration=_registration(),
        policy=RegistrationPolicy(
            window=settings.window,
            first_gap=settings.first_gap,
            issuer_keys=settings.issuer_key_type,
            rules=settings.profile_rules,
        ),
        store=parts.store(),
        packets=parts.packets(),
        lists=HttpPublishedLists(),
        requests=OneTimeKeys(),
        agreement=settings.subscriber_agreement_version,
        dcv_domain=settings.require("dcv_domain"),
    )


def _registration() -> RegistrationPorts:
    """Without contacts and known keys: the key is fresh, and nobody is written to."""
    from .services.placing import RegistrationPorts

    return RegistrationPorts(
        ledger=parts.table("DynamoLedger"),
        workflow=parts.workflow(),
        accounts=parts.table("DynamoAccounts"),
        reviews=parts.table("DynamoReviews"),
        issuers=parts.issuers(),
        clock=SystemClock(),
        entropy=OsEntropy(),
    )
