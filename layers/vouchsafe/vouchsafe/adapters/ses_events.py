"""SES event publishing, as it arrives by way of EventBridge, in our words.

The shape: `detail` is SES's own event record with `eventType`, `mail` (whose `tags` are those the
mail was sent with, each a list) and an object named after the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..domain.authorization import MailTrouble
from ..domain.mail_marks import ContactReport, MailState
from ..domain.mail_reports import MailReport

_LONGEST = 200
#: A transient bounce is a full mailbox, or somebody's answer that he is away: not the end.
_PASSING = "Transient"
_FOR_GOOD = "Permanent"


def troubles_in(event: Mapping[str, Any]) -> list[MailReport]:
    """What an event says of a mail that asked for an approval; nothing for other mails, or for
    events that are no trouble."""
    detail = _detail(event)
    found = _trouble(detail)
    ids = _tags(detail, "message_id")
    if found is None:
        return []
    kind, said = found
    return [MailReport(message_id=str(each), kind=kind, detail=said[:_LONGEST]) for each in ids]


def contact_reports_in(event: Mapping[str, Any]) -> list[ContactReport]:
    """What an event says of addresses that a notice of an account went to.

    Only what is for good counts: permanent bounces, and complaints. SES names every recipient at
    the complainer's provider; of several it is not known who it was, and none is reported.
    """
    detail = _detail(event)
    accounts = [each for each in _tags(detail, "account_id") if each.isdigit() and each != "0"]
    if not accounts or _tags(detail, "message_id"):
        return []
    state, said, who = _unreachable(detail)
    if state is None:
        return []
    return [
        ContactReport(account_id=int(accounts[0]), email=each, state=state, detail=said[:_LONGEST])
        for each in who
    ]


def is_trouble(event: Mapping[str, Any]) -> bool:
    """Whether the event counts against us: a bounce for good, a complaint, a mail refused."""
    return _trouble(_detail(event)) is not None


def _unreachable(detail: Mapping[str, Any]) -> tuple[MailState | None, str, list[str]]:
    bounce, complaint = detail.get("bounce") or {}, detail.get("complaint") or {}
    if detail.get("eventType") == "Bounce" and bounce.get("bounceType") == _FOR_GOOD:
        who = _addresses(bounce.get("bouncedRecipients"))
        return MailState.BOUNCED, _diagnosis(bounce), who
    if detail.get("eventType") == "Complaint":
        who = _addresses(complaint.get("complainedRecipients"))
        said = str(complaint.get("complaintFeedbackType") or "")
        return MailState.COMPLAINED, said, who if len(who) == 1 else []
    return None, "", []


def _addresses(recipients: Any) -> list[str]:
    rows = [each for each in recipients or [] if isinstance(each, dict)]
    return [str(each["emailAddress"]) for each in rows if each.get("emailAddress")]


def _detail(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """SES's own record; empty for what did not come from SES."""
    detail = event.get("detail")
    return detail if event.get("source") == "aws.ses" and isinstance(detail, dict) else {}


def _tags(detail: Mapping[str, Any], name: str) -> list[str]:
    tags = (detail.get("mail") or {}).get("tags") or {}
    return [str(each) for each in tags.get(name) or []]


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
