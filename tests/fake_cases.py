"""Port Cases, over the book's one dictionary."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tests.tripwire import Tripwire
from vouchsafe.domain.key_challenges import KeyChallenge
from vouchsafe.domain.problem_reports import CaseStage, OpenCase, ProblemCase


class FakeCases:
    """The part of the book that knows reported problems."""

    _tripwire: Tripwire
    _lock: threading.RLock
    records: dict[Any, Any]

    def case(self, case_id: str) -> ProblemCase | None:
        with self._tripwire.crossing("cases.case"), self._lock:
            return self.records.get((ProblemCase, case_id))

    def open_case(self, serial: int) -> OpenCase | None:
        with self._tripwire.crossing("cases.open_case"), self._lock:
            return self.records.get((OpenCase, serial))

    def _every(self) -> list[ProblemCase]:
        return [each for key, each in self.records.items() if key[0] is ProblemCase]

    def cases(self, stage: CaseStage, after: str, limit: int) -> Sequence[ProblemCase]:
        with self._tripwire.crossing("cases.cases"), self._lock:
            meant = [each for each in self._every() if each.stage is stage and each.case_id > after]
            return sorted(meant, key=lambda each: each.case_id)[:limit]

    def cases_due(self, before: datetime, limit: int) -> Sequence[ProblemCase]:
        with self._tripwire.crossing("cases.cases_due"), self._lock:
            due = [each for each in self._every() if each.due_at and each.due_at < before]
            return sorted(due, key=lambda each: (each.due_at, each.case_id))[:limit]

    def challenge(self, challenge: str) -> KeyChallenge | None:
        with self._tripwire.crossing("cases.challenge"), self._lock:
            return self.records.get((KeyChallenge, challenge))
