"""What an operator's word makes of a review and its organization."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from .organization import Organization, OrganizationCheck, OrganizationValidation
from .reviews import OrganizationReview, ReviewApproval, ReviewStatus, validation_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A review and its organization after a word of an operator.

    `validation` is missing while EV waits for the second one.
    """

    review: OrganizationReview
    organization: Organization
    validation: OrganizationValidation | None = None


def approved(
    review: OrganizationReview, organization: Organization, approval: ReviewApproval
) -> Decided:
    """Both with the approval: OV stands with it, EV with the second one (EVG 3.2.2.13).

    The review closes when nothing waits any more.
    """
    first = review.first_approval(approval.check)
    after = replace(review, approvals=(*review.approvals, approval), version=review.version + 1)
    if approval.check is OrganizationCheck.EV and first is None:
        return Decided(review=after, organization=organization)
    granted = replace(after, granted=(*review.granted, approval.check))
    if not granted.waiting:
        granted = replace(
            granted,
            status=ReviewStatus.APPROVED,
            decided_at=approval.approved_at,
            decided_by=approval.operator_id,
        )
    words = (approval,) if first is None else (first, approval)
    validation = validation_of(granted, words, organization)
    return Decided(
        review=granted,
        organization=_validated(organization, validation, granted),
        validation=validation,
    )


def _validated(
    organization: Organization, validation: OrganizationValidation, review: OrganizationReview
) -> Organization:
    """With the validation in the place of an older one; what it answers waits no more."""
    check = validation.check
    answered = set(OrganizationCheck) if check is OrganizationCheck.EV else {check}
    return replace(
        organization,
        validations=(*(v for v in organization.validations if v.check is not check), validation),
        submissions=tuple(s for s in organization.submissions if s.check not in answered),
        review_id=review.review_id if review.is_open else None,
        version=organization.version + 1,
    )


def rejected(
    review: OrganizationReview,
    organization: Organization,
    reason: str,
    operator_id: int,
    now: datetime,
) -> Decided:
    """Both with what still waited refused; what was granted before stands."""
    closed = replace(
        review,
        status=ReviewStatus.REJECTED,
        reason=reason,
        decided_at=now,
        decided_by=operator_id,
        version=review.version + 1,
    )
    refused = tuple(
        replace(each, rejected_at=now, reason=reason) if each.check in review.waiting else each
        for each in organization.submissions
    )
    after = replace(
        organization, submissions=refused, review_id=None, version=organization.version + 1
    )
    return Decided(review=closed, organization=after)
