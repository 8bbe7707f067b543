"""Addresses that notices are not sent to any more, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MailState(StrEnum):
    """What became of mails to an address."""

    BOUNCED = "bounced"  # for good: no such mailbox, or it takes no mail
    COMPLAINED = "complained"  # its reader calls the mail unwanted


@dataclass(frozen=True, slots=True, kw_only=True)
class MailMark:
    """How mails of an account to an address (folded) stand. A cleared mark has no `state`.

    It belongs to the address, not to the person: whoever gets a new one is written to at once.
    """

    account_id: int
    email: str
    state: MailState | None
    since: datetime
    detail: str = ""  # what the mail system said, 200 characters at most
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReport:
    """What a mail system reports of a notice to one address of an account."""

    account_id: int
    email: str
    state: MailState
    detail: str = ""
