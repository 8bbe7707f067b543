"""What is given to the function that strangers call, and to the clock of reported problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # names only: a function loads what it uses, not what others are given
    from .intake_ports import Cases
    from .ports import Clock, Entropy, Ledger, RateLimits, Workflow
    from .services.withdrawing import WithdrawalPorts
    from .settings import Settings


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class PublicIntake:
    """For reports of problems and revocation by proof of key."""

    settings: Settings
    clock: Clock
    entropy: Entropy
    ledger: Ledger
    cases: Cases
    workflow: Workflow
    limits: RateLimits | None = None  # None: nobody is limited


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class AttendingCases:
    """For the clock of reported problems."""

    cases: Cases
    withdrawal: WithdrawalPorts
