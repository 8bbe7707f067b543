"""What the mails say about webhooks that take nothing."""

from __future__ import annotations

from datetime import datetime

from ..domain.changes import Change
from ..domain.letter_kinds import LetterKind
from ..domain.notices import Facts
from .letter_recipients import administrators, usual_language
from .mail_desk import NOTHING, Desk, Notice, account_words, moment_words

_KINDS = {
    "failing": LetterKind.WEBHOOK_FAILING,
    "switched_off": LetterKind.WEBHOOK_SWITCHED_OFF,
}


def for_webhook(change: Change, desk: Desk) -> Notice | None:
    """A webhook that has taken nothing for long, or was switched off for it; to administrators.

    Nothing about what people change of webhooks, nor of a circuit that opens and closes.
    """
    kind = _KINDS.get(str(change.data.get("trouble", "")))
    if kind is None:
        return None
    since = str(change.data.get("since", ""))
    account_id, account = change.account_id, desk.accounts.account(change.account_id)
    words = {
        "account": account_words(account, account_id),
        "webhook_id": change.subject.rpartition(" ")[2],
        "host": str(change.data.get("host", "")),
        "since": moment_words(datetime.fromisoformat(since)) if since else NOTHING,
        "cursor": str(change.data.get("cursor", 0)),
        "base_url": desk.base_url,
    }
    return Notice(
        kind=kind,
        facts=Facts(words=words, rows={}),
        language=usual_language(account_id, desk),
        to=administrators(account_id, desk),
        account=account,
    )
