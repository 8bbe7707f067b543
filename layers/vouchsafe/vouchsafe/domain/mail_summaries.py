"""What is told of a name that waits for an answer by mail: who was asked, who cannot be reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from .authorization import Authorization, LookSummary, Mailing, MailTrouble
from .cause import CauseCode
from .causes import tell

_UNSENT = {
    MailTrouble.STALE: "the contact was found in DNS too long before the mail could be sent",
    MailTrouble.HELD_BACK: "too many mails about orders of yours went there within a day",
}
_SHOWN = 8  # addresses


def mail_summary(one: Authorization, now: datetime) -> LookSummary:
    """How the mails about a name stand at `now`: the worst that is known, told with its cause."""
    unsent = [mailing for mailing in one.mailings if mailing.trouble in _UNSENT]
    bad = [mailing for mailing in one.mailings if final_trouble(mailing)]
    code, meant, detail = CauseCode.MAIL_AWAITED, one.mailings, ""
    if bad:
        code, meant = CauseCode.MAIL_BOUNCED, tuple(bad)
        detail = "; ".join(dict.fromkeys(_said(mailing) for mailing in bad[:_SHOWN]))
    elif unsent:
        code, meant = CauseCode.MAIL_NOT_SENT, tuple(unsent)
        detail = "; ".join(dict.fromkeys(_UNSENT[each.trouble] for each in unsent if each.trouble))
    telling = tell(
        code, name=one.identifier.base, addresses=_addresses(meant), detail=detail or "-"
    )
    return LookSummary(
        looked_at=now,
        cause=telling.cause,
        explanation=telling.explanation,
        advice=telling.advice,
    )


def final_trouble(mailing: Mailing) -> bool:
    """Whether nobody will answer from this mailbox."""
    return mailing.trouble is not None and mailing.trouble not in _UNSENT


def _said(mailing: Mailing) -> str:
    return (
        f"{mailing.trouble} ({mailing.trouble_detail})"
        if mailing.trouble_detail
        else str(mailing.trouble)
    )


def _addresses(mailings: Sequence[Mailing]) -> str:
    shown = [mailing.contact.address for mailing in mailings[:_SHOWN]]
    more = len(mailings) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
