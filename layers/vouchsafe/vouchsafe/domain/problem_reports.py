"""Problems that anybody reports with a certificate, and the clock that runs over each (BR 4.9.3).

Reports of one certificate are one case while it is open. Within 24 hours of the first, whoever
reported and the subscriber get a preliminary report; then it is decided whether the certificate is
revoked, and when (BR 4.9.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .revocation import RevocationReason, revoke_by

#: BR 4.9.5: from the report to the preliminary report about it.
REPORT_WITHIN = timedelta(hours=24)
#: Operators are reminded while there is no preliminary report.
REMINDERS = tuple(timedelta(hours=hours) for hours in (1, 4, 12, 20))
#: So many reports are kept in a case; the next one opens another. An item stays below 400 KB.
MOST_REPORTS = 20
LONGEST_EVIDENCE = 4000  # characters
MOST_NOTES = 50


class ProblemKind(StrEnum):
    """What is said to be wrong."""

    KEY_COMPROMISE = "key_compromise"  # BR 4.9.1.1 (3), (4)
    MISISSUANCE = "mis_issuance"  # BR 4.9.1.1 (2), (5), (6), (12), (13)
    MISUSE = "misuse"  # BR 4.9.1.1 (7), (10)
    OTHER = "other"


class CaseStage(StrEnum):
    """How far a case got."""

    WAITING = "waiting"  # for the preliminary report
    ANSWERED = "answered"  # with it; not decided
    DECIDED = "decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one person said. `reporter` is a mail address, "" for none; `locale` as in `ko_KR`."""

    at: datetime
    kind: ProblemKind
    evidence: str
    reporter: str = ""
    locale: str = ""
    proven: bool = False  # came with a proof that the reporter holds the key


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNote:
    """What an operator wrote down, for operators alone."""

    at: datetime
    actor: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What became of a case. `reason` and `revoke_at` belong to a revocation, else None."""

    at: datetime
    actor: str
    finding: str  # told to those who reported, and to the subscriber
    reason: RevocationReason | None = None
    revoke_at: datetime | None = None
    done_at: datetime | None = None  # the revocation was begun


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemCase:
    """A case about one certificate. `reminded` counts the reminders that have passed."""

    case_id: str  # a change id: 26 characters that sort by time
    serial: int
    order_id: int
    certificate_id: int
    account_id: int
    opened_at: datetime
    reports: tuple[Report, ...]
    notes: tuple[CaseNote, ...] = ()
    preliminary: str = ""
    preliminary_at: datetime | None = None
    decision: Decision | None = None
    reminded: int = 0
    behind: str = ""  # the case about the certificate that was full, and not decided
    version: int = 1

    @property
    def stage(self) -> CaseStage:
        """Decided, or answered at least, or not even that."""
        if self.decision is not None:
            return CaseStage.DECIDED
        return CaseStage.ANSWERED if self.preliminary_at else CaseStage.WAITING

    @property
    def report_due(self) -> datetime:
        """Until when the preliminary report is due (UTC)."""
        return self.opened_at + REPORT_WITHIN

    @property
    def due_at(self) -> datetime | None:
        """When the case wants attention by itself: a reminder, or a revocation that was set."""
        if self.decision is not None:
            return None if self.decision.done_at else self.decision.revoke_at
        if self.stage is CaseStage.WAITING and self.reminded < len(REMINDERS):
            return self.opened_at + REMINDERS[self.reminded]
        return None

    def latest_revocation(self, reason: RevocationReason) -> datetime:
        """Until when BR 4.9.1.1 wants the certificate revoked, counted from the first report."""
        return revoke_by(reason, self.opened_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Which case takes further reports of a certificate, by its serial; the newest one."""

    serial: int
    case_id: str
    version: int = 1
