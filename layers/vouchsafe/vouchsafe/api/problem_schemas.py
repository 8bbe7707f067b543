"""What operators send and are answered about reported problems."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from .answers import Shape
from .liberal import LongText, Part, Text, Word


class ProblemNoteBody(Part):
    """POST operator/problem-report/{case}/note."""

    text: Text = Field(None, description="500 characters at most. Required.")


class ProblemFindingBody(Part):
    """POST operator/problem-report/{case}/preliminary-report."""

    finding: LongText = Field(
        None, description="Told to all concerned; 2000 characters at most. Required."
    )


class ProblemDecisionBody(Part):
    """POST operator/problem-report/{case}/decision."""

    decision: Word = Field(None, description="revoke or decline. Required.")
    finding: LongText = Field(
        None, description="Told to all concerned; 2000 characters at most. Required."
    )
    reason: Word = Field(
        None,
        description="unspecified, keyCompromise, affiliationChanged, superseded,"
        " cessationOfOperation, privilegeWithdrawn. Required to revoke.",
    )
    revoke_at: Text = Field(
        None, description="A moment within the limits of BR 4.9.1.1. Default: at once."
    )


class ReportRow(Shape):
    """What one person reported."""

    date: datetime
    problem: str
    evidence: str
    email: str | None = None
    proven: bool


class ProblemNote(Shape):
    """What an operator wrote down."""

    date: datetime
    by: str
    text: str


class ProblemDecision(Shape):
    """What was decided; `reason` and `revoke_at` of a revocation."""

    date: datetime
    by: str
    decision: str
    finding: str
    reason: str | None = None
    revoke_at: datetime | None = None
    date_begun: datetime | None = None


class ProblemRow(Shape):
    """A reported problem and its clock. `hours_left`: to the preliminary report; less than 0: late.

    The certificate is shown as it stands now.
    """

    case: str
    stage: str
    problem: str
    proven: bool
    reports: int
    serial_number: str
    certificate_id: int
    order_id: int
    account_id: int
    date_opened: datetime
    preliminary_report_by: datetime
    hours_left: int | None = None
    date_answered: datetime | None = None


class ProblemList(Shape):
    """A page of cases; `next` is the next page's `after`."""

    problems: list[ProblemRow]
    next: str | None = None


class ProblemInfo(ProblemRow):
    """A reported problem with all that was said."""

    common_name: str
    certificate_status: str
    said: list[ReportRow]
    notes: list[ProblemNote]
    preliminary_report: str | None = None
    decision: ProblemDecision | None = None
    warnings: list[str] = Field(default_factory=list)
