"""What a mail system reports of a mail that asked for an approval."""

from __future__ import annotations

from dataclasses import dataclass

from .authorization import MailTrouble


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReport:
    """What became of the mail of that id; `detail` in the mail system's words."""

    message_id: str
    kind: MailTrouble
    detail: str = ""
