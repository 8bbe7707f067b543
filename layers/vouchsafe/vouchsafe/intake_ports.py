"""What reports of problems and proofs of keys are kept in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: a function loads the types that it works with
    from .domain.key_challenges import KeyChallenge
    from .domain.problem_reports import CaseStage, OpenCase, ProblemCase


class Cases(Protocol):
    """Reported problems, and the challenges that proofs answer."""

    def case(self, case_id: str) -> ProblemCase | None:
        """The case of that id. Strongly consistent."""

    def open_case(self, serial: int) -> OpenCase | None:
        """Which case takes further reports of a certificate. Strongly consistent."""

    def cases(self, stage: CaseStage, after: str, limit: int) -> Sequence[ProblemCase]:
        """At most `limit` cases of a stage behind the case id `after`, oldest first; may lag."""

    def cases_due(self, before: datetime, limit: int) -> Sequence[ProblemCase]:
        """Cases that want attention before that moment, the longest due first; may lag."""

    def challenge(self, challenge: str) -> KeyChallenge | None:
        """A challenge as it stands. Strongly consistent."""
