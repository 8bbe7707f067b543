"""What the functions are given that note what became of mails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # names only: a function loads what it uses, not what others are given
    from .mail_ports import ApprovalMessages
    from .ports import Accounts, Clock, Domains, Entropy, Ledger


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class MailEvents:
    """For what became of mails."""

    clock: Clock
    entropy: Entropy
    accounts: Accounts
    ledger: Ledger
    messages: ApprovalMessages
    domains: Domains
