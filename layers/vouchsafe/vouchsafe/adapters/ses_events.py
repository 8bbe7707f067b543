"""SES event publishing, as it arrives by way of EventBridge, in our words.

The shape: `detail` is SES's own event record with `eventType`, `mail` (whose `tags` are those the
mail was sent with, each a list) and an object named after the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..domain.authorization import MailTrouble
from ..domain.mail_reports import MailReport

_LONGEST = 200
#: A transient bounce is a full mailbox, or somebody's answer that he is away: not the end.
_PASSING = "Transient"


def troubles_in(event: Mapping[str, Any]) -> list[MailReport]:
    """What an event says of a mail that asked for an approval; nothing for other mails, or for
    events that are no trouble."""
    detail = event.get("detail")
    if event.get("source") != "aws.ses" or not isinstance(detail, dict):
        return []
    found = _trouble(detail)
    ids = ((detail.get("mail") or {}).get("tags") or {}).get("message_id") or []
    if found is None:
        return []
    kind, said = found
    return [MailReport(message_id=str(each), kind=kind, detail=said[:_LONGEST]) for each in ids]


def _trouble(detail: Mapping[str, Any]) -> tuple[MailTrouble, str] | None:
    match detail.get("eventType"):
        case "Bounce":
            bounce = detail.get("bounce") or {}
            if bounce.get("bounceType") == _PASSING:
                return None
            return MailTrouble.BOUNCED, _diagnosis(bounce)
        case "Complaint":
            complaint = detail.get("complaint") or {}
            return MailTrouble.COMPLAINED, str(complaint.get("complaintFeedbackType") or "")
        case "Reject":
            return MailTrouble.REFUSED, str((detail.get("reject") or {}).get("reason") or "")
    return None


def _diagnosis(bounce: Mapping[str, Any]) -> str:
    """What the other side's mail server said, or else SES's own words for it."""
    for recipient in bounce.get("bouncedRecipients") or []:
        if isinstance(recipient, dict) and recipient.get("diagnosticCode"):
            return str(recipient["diagnosticCode"])
    return f"{bounce.get('bounceType') or ''} {bounce.get('bounceSubType') or ''}".strip()
