"""The composition root of what posts to web addresses that outsiders named."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from . import parts
from .adapters.clock import SystemClock

if TYPE_CHECKING:
    from .outgoing_ports import Outgoing
    from .ports import Claims, Clock


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SendingReports:
    """For reports to those whom CAA's iodef names."""

    claims: Claims
    outgoing: Outgoing
    clock: Clock


@cache
def send_reports() -> SendingReports:
    return SendingReports(
        claims=parts.table("DynamoClaims"), outgoing=parts.outgoing(), clock=SystemClock()
    )
