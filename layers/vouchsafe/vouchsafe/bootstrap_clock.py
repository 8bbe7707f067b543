"""The composition root of the duties by time.

Adapters are imported inside the builders, as in `bootstrap`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from . import clock_dependencies as give
from . import parts
from .adapters.clock import OsEntropy, SystemClock

if TYPE_CHECKING:
    from .services import expiring


@cache
def revoke_blocked() -> give.RevokingBlocked:
    from .services.withdrawing import WithdrawalPorts

    withdrawal = WithdrawalPorts(
        ledger=parts.table("DynamoLedger"),
        workflow=parts.workflow(),
        clock=SystemClock(),
        entropy=OsEntropy(),
    )
    return give.RevokingBlocked(keys=parts.table("DynamoKeyBook"), withdrawal=withdrawal)


@cache
def tell_ages() -> give.TellingAges:
    return give.TellingAges(
        accounts=parts.table("DynamoAccounts"),
        reviews=parts.table("DynamoReviews"),
        domains=parts.table("DynamoDomains"),
        ledger=parts.table("DynamoLedger"),
        clock=SystemClock(),
        entropy=OsEntropy(),
    )


@cache
def tell_expiry() -> expiring.LadderPorts:
    from .services import expiring

    return expiring.LadderPorts(
        expiries=parts.table("DynamoExpiries"),
        ledger=parts.table("DynamoLedger"),
        clock=SystemClock(),
        entropy=OsEntropy(),
    )


@cache
def watch() -> give.Watching:
    return give.Watching(
        issuers=parts.table("DynamoIssuers"),
        revocations=parts.table("DynamoRevocations"),
        issued=parts.table("DynamoIssuedList"),
        requests=parts.table("DynamoWorkList"),
        clock=SystemClock(),
    )
