"""The shapes of answers to dry runs, for documents and tests alone."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from .answers import Shape
from .csr_answers import SubjectAttribute


class DryRefusal(Shape):
    """A refusal. `stage` order: what the real call answers, with that code and message; issue: it
    is taken, and ends without a certificate (or waits, for refused_by_caa) for that reason."""

    stage: str
    code: str
    message: str
    field: str | None = None


class DryCaa(Shape):
    """What CAA says of a name now: permitted, forbidden, or unknown."""

    status: str
    record_name: str
    record: str
    detail: str
    cause: str | None = None
    explanation: str | None = None
    advice: str | None = None


class DryName(Shape):
    """A name, whether it would count as proven, and what the look and CAA saw."""

    dns_name: str
    proven: bool
    method: str
    proof_expires: datetime | None = None
    cause: str | None = None
    explanation: str | None = None
    advice: str | None = None
    caa: DryCaa | None = None


class DryOrganization(Shape):
    """Whom it would name; without an id it would be made. `validated`: now, for this product."""

    name: str
    id: int | None = None
    validated: bool | None = None


class DryContainer(Shape):
    id: int
    name: str


class DryCsr(Shape):
    """What the request says; subject and names decide nothing in most products."""

    key: str
    signature_hash: str
    subject: list[SubjectAttribute]
    dns_names: list[str]


class DryIssuer(Shape):
    id: str
    trust: str


class DryCertificate(Shape):
    """The certificate, were it issued now; both ends inclusive."""

    valid_from: datetime
    valid_till: datetime
    issuer: DryIssuer


class DryApproval(Shape):
    """Whether somebody has to approve it; `granted`: placing it would be the approval."""

    required: bool
    granted: bool


class DryFinding(Shape):
    severity: str
    code: str
    message: str
    clause: str
    refuses: bool


class DryPart(Shape):
    """A part that was not done: contacts, first_look, caa or lint."""

    part: str
    reason: str


class DryRun(Shape):
    """What the call would come to; nothing was done. What could not be told is missing."""

    dry_run: bool
    complete: bool
    would_be_accepted: bool
    refusals: list[DryRefusal]
    not_done: list[DryPart]
    product_name_id: str
    common_name: str | None = None
    names: list[DryName] = Field(default_factory=list)
    dcv_method: str | None = None
    organization: DryOrganization | None = None
    container: DryContainer | None = None
    csr: DryCsr | None = None
    signature_hash: str | None = None
    order_valid_till: date | None = None
    certificate: DryCertificate | None = None
    approval: DryApproval | None = None
    gates_closed: list[str] | None = None
    lint: list[DryFinding] | None = None
    warnings: list[str] = Field(default_factory=list)
