"""The shapes of what anybody sends and gets without a key: for the document and for tests.

Nothing that serves a request imports this module; `intake_reading` reads what comes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from ..domain.problem_reports import LONGEST_EVIDENCE, ProblemKind
from ..services.key_proofs import Standing
from .answers import Shape

_CSR = "A request signed by the certificate's key whose subject is CN = the challenge; PEM."


class ApprovalForm(BaseModel):
    """What the page of an approval posts."""

    form_token: str = Field(description="As it stands in the form that was shown.")
    value: str = Field(description="The random value that the mail named.")


class ProblemReport(BaseModel):
    """A problem with a certificate of ours."""

    certificate: str = Field(
        max_length=24_000,
        description="PEM, DER in base64, serial number, SHA-1 or SHA-256 (hexadecimal).",
    )
    problem: ProblemKind
    evidence: str = Field(min_length=1, max_length=LONGEST_EVIDENCE)
    email: str = Field("", max_length=254, description="Who is told what was found.")
    locale: str = Field("", description="`ko` for mails in Korean; a form follows its language.")
    csr: str = Field("", description=_CSR + " Only with key_compromise.")


class ProblemReceived(Shape):
    """The case that a report opened or joined."""

    case: str
    status: Literal["received", "revoking"]
    serial_number: str
    date_received: datetime
    preliminary_report_by: datetime
    next: str


class Challenge(Shape):
    """What a proof has to name, once, until it expires."""

    challenge: str
    serial_number: str
    expires_at: datetime


class KeyRevocation(BaseModel):
    """A revocation that whoever holds the key asks for."""

    certificate: str = Field(max_length=24_000, description="PEM, or DER in base64.")
    csr: str = Field(description=_CSR)
    reason: Literal[
        "keyCompromise", "affiliationChanged", "superseded", "cessationOfOperation", "unspecified"
    ] = "unspecified"


class KeyRevoked(Shape):
    """How the certificate stands now; date and reason where it was revoked before."""

    serial_number: str
    status: Standing
    date_revoked: datetime | None = None
    reason: str | None = None


class DutyNumber(Shape):
    """One of the schedules."""

    name: str
    last_done_at: datetime
    on_time: bool


class PublicNumbers(Shape):
    """The numbers of the last `days` days; null where nothing was measured."""

    generated_at: datetime
    days: int
    certificates_issued: int
    certificates_issued_last_day: int
    certificates_revoked: int
    median_seconds_from_proof_to_issue: float | None
    median_seconds_from_revocation_to_crl: float | None
    crls: int
    oldest_crl_age_seconds: float | None
    duties_on_time_percent: float | None
    duties: list[DutyNumber]
