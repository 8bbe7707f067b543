"""The composition root of reported problems: who takes them, who watches their clock."""

from __future__ import annotations

from functools import cache

from . import dependencies_intake as give
from . import parts
from .adapters.clock import OsEntropy, SystemClock
from .clients import hasty_client


@cache
def public_intake() -> give.PublicIntake:
    from .adapters.dynamodb import DynamoRateLimits

    table = parts.settings().require("limits_table_name")
    return give.PublicIntake(
        settings=parts.settings(),
        clock=SystemClock(),
        entropy=OsEntropy(),
        ledger=parts.table("DynamoLedger"),
        cases=parts.table("DynamoCases"),
        workflow=parts.workflow(),
        limits=DynamoRateLimits(hasty_client("dynamodb"), table),
    )


@cache
def attending_cases() -> give.AttendingCases:
    from .services.withdrawing import WithdrawalPorts

    withdrawal = WithdrawalPorts(
        ledger=parts.table("DynamoLedger"),
        workflow=parts.workflow(),
        clock=SystemClock(),
        entropy=OsEntropy(),
    )
    return give.AttendingCases(cases=parts.table("DynamoCases"), withdrawal=withdrawal)
