"""What operators find out about an organization, from its submission to their decision.

One review is open for an organization at a time. Nothing in a closed one changes any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .calendar import rules_at
from .errors import Flaw
from .organization import (
    Organization,
    OrganizationCheck,
    OrganizationValidation,
    Registration,
    ValidatedIdentity,
)

#: What may be added to one review, so that it stays one item.
MOST_FILES = 50
MOST_NOTES = 50
LONGEST_NOTE = 1000
LONGEST_REASON = 500
#: The largest evidence file; the gateway hands larger bodies over in no form.
LARGEST_FILE = 4 * 1024 * 1024
LONGEST_FILE_NAME = 100


class ReviewStatus(StrEnum):
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"


class MediaType(StrEnum):
    """What evidence may be."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TEXT = "text/plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file that shows something; its bytes are kept apart, once and for good."""

    evidence_id: int  # within its review, from 1
    name: str
    media_type: MediaType
    size: int  # bytes
    sha256: str  # hex
    added_at: datetime
    operator_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewNote:
    """What an operator wrote down."""

    text: str
    added_at: datetime
    operator_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewApproval:
    """One operator's word for what is certified; `collected_at` is when the oldest of it was."""

    check: OrganizationCheck
    identity: ValidatedIdentity
    collected_at: datetime
    without_evidence: str = ""  # why there is no file
    approved_at: datetime
    operator_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationReview:
    """One review. `granted` are the checks of `checks` that were approved already."""

    review_id: int
    account_id: int
    organization_id: int
    organization_name: str  # on the day it was submitted
    checks: tuple[OrganizationCheck, ...]
    granted: tuple[OrganizationCheck, ...] = ()
    status: ReviewStatus = ReviewStatus.SUBMITTED
    submitted_at: datetime
    submitted_by: int
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[ReviewNote, ...] = ()
    registration: Registration | None = None
    registered_by: int | None = None
    approvals: tuple[ReviewApproval, ...] = ()
    reason: str = ""  # of a rejection
    decided_at: datetime | None = None
    decided_by: int | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a decision."""
        return self.status is ReviewStatus.SUBMITTED

    @property
    def waiting(self) -> tuple[OrganizationCheck, ...]:
        """The checks nobody approved yet; EV includes OV."""
        if OrganizationCheck.EV in self.granted:
            return ()
        return tuple(check for check in self.checks if check not in self.granted)

    def first_approval(self, check: OrganizationCheck) -> ReviewApproval | None:
        """The approval of `check` that waits for a second operator, if there is one."""
        if check in self.granted:
            return None
        return next((each for each in self.approvals if each.check is check), None)


def missing_for(
    check: OrganizationCheck, review: OrganizationReview, organization: Organization
) -> tuple[Flaw, ...]:
    """What the review still lacks before `check` may be approved (EVG 3.2.2.1.3, 3.2.2.8)."""
    if check is not OrganizationCheck.EV:
        return ()
    flaws = []
    if review.registration is None:
        flaws.append(Flaw("registration", "must be recorded first; EV certificates carry it"))
    if not organization.verified_users:
        flaws.append(Flaw("verified_users", "EV needs one person of the organization at least"))
    return tuple(flaws)


def collected_at(review: OrganizationReview, stated: datetime | None, now: datetime) -> datetime:
    """When the oldest of what an approval rests on was collected: its age counts from there.

    `stated` is what the operator said; a file was there when it was added (EVG 3.2.2.14).
    """
    moments = [each.added_at for each in review.evidence]
    return min([*moments, now, *([stated] if stated else [])])


def usable_until(collected: datetime, now: datetime) -> datetime:
    """Until when findings of `collected` may be used, by the rules at `now` (BR 4.2.1)."""
    return collected + timedelta(days=rules_at(now).identity_reuse_days)


def validation_of(
    review: OrganizationReview, approvals: Iterable[ReviewApproval], organization: Organization
) -> OrganizationValidation:
    """What the organization gets of the approvals, one for OV and two for EV, the first first.

    The second confirms what the first certified; the older collection counts.
    """
    first, *others = approvals
    last = others[0] if others else first
    collected = min(each.collected_at for each in (first, *others))
    ev = first.check is OrganizationCheck.EV
    return OrganizationValidation(
        check=first.check,
        validated_at=collected,
        validated_until=usable_until(collected, last.approved_at),
        evidence=_told_evidence(review, first),
        operator_id=first.operator_id,
        second_operator_id=last.operator_id if others else None,
        identity=first.identity,
        verified_users=organization.verified_users if ev else (),
        review_id=review.review_id,
    )


def _told_evidence(review: OrganizationReview, approval: ReviewApproval) -> str:
    where = f"review {review.review_id}"
    if not review.evidence:
        return f"{where}, no file: {approval.without_evidence}"
    count = len(review.evidence)
    return f"{where}, {count} file{'s' if count > 1 else ''}"
