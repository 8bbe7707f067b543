"""What operators are told by mail, where the deployment names an address of theirs."""

from __future__ import annotations

from datetime import timedelta

from ..domain.changes import Change
from ..domain.letter_kinds import Language, LetterKind
from ..domain.notices import Facts
from .mail_desk import NOTHING, Compose, Desk, Notice, Rows, moment_words

#: BR 4.9.5: when a preliminary report about a reported problem is due.
_REPORT_WITHIN = timedelta(hours=24)
_LONGEST = 500  # characters of what a stranger wrote
_SHORT = 16


def _to_operators(kind: LetterKind) -> Compose:
    def composed(change: Change, desk: Desk) -> Notice | None:
        if not desk.operators:
            return None
        data = change.data
        words = {
            "subject": change.subject or NOTHING,
            "short": str(data.get("spki_sha256", ""))[:_SHORT],
            "reporter": str(change.after.get("reported_by", change.actor)),
            "order_id": str(data.get("order_id") or change.order_id or NOTHING),
            "at": moment_words(change.at),
            "due": moment_words(change.at + _REPORT_WITHIN),
        }
        return Notice(
            kind=kind,
            facts=Facts(words=words, rows=_rows(change)),
            language=Language.ENGLISH,
            to=desk.operators,
        )

    return composed


def _rows(change: Change) -> dict[str, Rows]:
    data = change.data
    key = str(data.get("spki_sha256", NOTHING)), str(data.get("account_id", NOTHING))
    said = [(name, str(value)[:_LONGEST]) for name, value in sorted(data.items())]
    return {
        "key": [(*key, moment_words(change.at))],
        "faults": [(str(each),) for each in data.get("faults", ())],
        "report": said,
    }


for_reported_key = _to_operators(LetterKind.KEY_REPORTED)
for_reaudit = _to_operators(LetterKind.REAUDIT_FOUND)
for_reported_problem = _to_operators(LetterKind.PROBLEM_REPORTED)
