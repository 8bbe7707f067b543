"""What the functions of the clockwork are given: ports, named as the services name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # names only: a function loads what it uses, not what others are given
    from .clock_ports import DomainAges, UndecidedRevocations
    from .packet_ports import IssuedList
    from .ports import (
        Accounts,
        Clock,
        Entropy,
        Issuers,
        KeyBook,
        Ledger,
        Reviews,
        RevocationLedger,
    )
    from .services.withdrawing import WithdrawalPorts


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RevokingBlocked:
    """For revoking what has a compromised key, and in bulk."""

    keys: KeyBook
    withdrawal: WithdrawalPorts


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class TellingAges:
    """For notices about validations that grow old."""

    accounts: Accounts
    reviews: Reviews
    domains: DomainAges
    ledger: Ledger
    clock: Clock
    entropy: Entropy


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Watching:
    """For measuring."""

    issuers: Issuers
    revocations: RevocationLedger
    issued: IssuedList
    requests: UndecidedRevocations
    clock: Clock
