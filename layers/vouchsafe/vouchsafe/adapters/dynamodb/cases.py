"""Reported problems and challenges over DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ...domain.key_challenges import KeyChallenge
from ...domain.problem_reports import CaseStage, OpenCase, ProblemCase
from .attributes import decode_fields, encode, serial_text, stamp
from .keys import Key, index
from .table import Table
from .writes import Write, write

_DUE = "CASES"  # index 3
_LAST = "~"
#: A challenge is of no use after its end; the table's clock may take a while to see it.
_KEPT = timedelta(hours=1)


def _case(case_id: str) -> Key:
    return f"PROBLEM#{case_id}", "CASE"


def _open_case(serial: int) -> Key:
    return f"PROBLEM#{serial_text(serial)}", "OPEN"


def _challenge(challenge: str) -> Key:
    return f"CHALLENGE#{challenge}", "CHALLENGE"


def _stage(stage: CaseStage) -> str:
    """Index 1: the cases of a stage, by id and so by age."""
    return f"PROBLEMS#{stage}"


class DynamoCases:
    """Port Cases."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def case(self, case_id: str) -> ProblemCase | None:
        """The case of that id. Strongly consistent."""
        item = self._table.get(_case(case_id))
        return None if item is None else decode_fields(ProblemCase, item)

    def open_case(self, serial: int) -> OpenCase | None:
        """Which case takes further reports of a certificate. Strongly consistent."""
        item = self._table.get(_open_case(serial))
        return None if item is None else decode_fields(OpenCase, item)

    def cases(self, stage: CaseStage, after: str, limit: int) -> Sequence[ProblemCase]:
        """At most `limit` cases of a stage behind the case id `after`, oldest first; may lag."""
        span = (f"{after}#~", _LAST)  # behind that id
        items = self._table.listed(1, _stage(stage), span, limit=limit)
        return [decode_fields(ProblemCase, item) for item in items]

    def cases_due(self, before: datetime, limit: int) -> Sequence[ProblemCase]:
        """Cases that want attention before that moment, the longest due first; may lag."""
        places = self._table.due(_DUE, stamp(before), limit)
        items = self._table.get_all([(each["pk"]["S"], each["sk"]["S"]) for each in places])
        found = [decode_fields(ProblemCase, item) for item in items]
        still = [each for each in found if each.due_at is not None]
        return sorted(still, key=lambda each: (each.due_at or before, each.case_id))

    def challenge(self, challenge: str) -> KeyChallenge | None:
        """A challenge as it stands. Strongly consistent."""
        item = self._table.get(_challenge(challenge))
        return None if item is None else decode_fields(KeyChallenge, item)


def case_writes(case: ProblemCase) -> tuple[Write, ...]:
    """The case, among those of its stage, and among what is due while something is."""
    listed = index(1, (_stage(case.stage), f"{case.case_id}#"))
    due = index(3, (_DUE, f"{stamp(case.due_at)}#{case.case_id}")) if case.due_at else {}
    return (write("problem_case", _case(case.case_id), case, listed | due),)


def open_case_writes(open_case: OpenCase) -> tuple[Write, ...]:
    """Which case is open for a serial number."""
    return (write("open_case", _open_case(open_case.serial), open_case),)


def challenge_writes(challenge: KeyChallenge) -> tuple[Write, ...]:
    """The challenge; the table forgets it once it is over."""
    over = {"ttl": encode(int((challenge.expires_at + _KEPT).timestamp()))}
    return (write("challenge", _challenge(challenge.challenge), challenge, over),)
