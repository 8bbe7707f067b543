"""Reviews as operators see them: rows of the queue, and one with all that is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ..domain.organization import (
    Organization,
    OrganizationCheck,
    Registration,
    ValidatedIdentity,
    VerifiedUser,
)
from ..domain.review_steps import Decided
from ..domain.reviews import (
    Evidence,
    OrganizationReview,
    ReviewApproval,
    ReviewNote,
    missing_for,
)
from .containers import Tree
from .dialect import timestamp
from .organization_rows import organization_row
from .paging import without_nothing


def review_row(review: OrganizationReview) -> dict[str, Any]:
    """A review as the queue lists it."""
    waiting = review.waiting if review.is_open else ()
    return without_nothing(
        {
            "id": review.review_id,
            "status": review.status.value,
            "account_id": review.account_id,
            "organization_id": review.organization_id,
            "organization_name": review.organization_name,
            "types": [check.value for check in review.checks],
            "waiting_for": [check.value for check in waiting],
            "date_submitted": timestamp(review.submitted_at),
            "submitted_by": review.submitted_by,
            "approvals": len(review.approvals),
            "date_decided": timestamp(review.decided_at) if review.decided_at else None,
            "reason": review.reason or None,
        }
    )


def review_info(
    review: OrganizationReview,
    organization: Organization,
    tree: Tree,
    denied: Sequence[str],
    earlier: Sequence[OrganizationReview],
    *,
    now: datetime,
) -> dict[str, Any]:
    """A review with the organization, what was collected, and what is still missing."""
    registration = review.registration
    more = {
        "organization": organization_row(organization, tree, now),
        "verified_users": [_person(each) for each in organization.verified_users],
        "registration": _registration(registration) if registration else None,
        "registered_by": review.registered_by,
        "evidence": [evidence_row(each) for each in review.evidence],
        "notes": [note_row(each) for each in review.notes],
        "approved_by": [_approval(each) for each in review.approvals],
        "missing": _missing(review, organization),
        "denied": list(denied),
        "earlier_reviews": [review_row(each) for each in earlier],
    }
    return review_row(review) | without_nothing(more)


def _missing(review: OrganizationReview, organization: Organization) -> list[dict[str, Any]]:
    """What an approval of each check would be refused for now."""
    rows = []
    for check in review.waiting if review.is_open else ():
        fields = [flaw.field for flaw in missing_for(check, review, organization)]
        if fields:
            rows.append({"type": check.value, "fields": fields})
    return rows


def _person(person: VerifiedUser) -> dict[str, Any]:
    words = {name: value for name, value in asdict(person).items() if name != "user_id"}
    return without_nothing({"id": person.user_id} | words)


def _registration(registration: Registration) -> dict[str, Any]:
    return asdict(registration) | {"business_category": registration.business_category.value}


def _identity(identity: ValidatedIdentity) -> dict[str, Any]:
    return {name: value for name, value in asdict(identity).items() if name != "registration"}


def evidence_row(evidence: Evidence) -> dict[str, Any]:
    """A file, without its bytes."""
    return {
        "id": evidence.evidence_id,
        "name": evidence.name,
        "media_type": evidence.media_type.value,
        "size": evidence.size,
        "sha256": evidence.sha256,
        "date_added": timestamp(evidence.added_at),
        "operator_id": evidence.operator_id,
    }


def note_row(note: ReviewNote) -> dict[str, Any]:
    """A note."""
    return {
        "text": note.text,
        "date_added": timestamp(note.added_at),
        "operator_id": note.operator_id,
    }


def _approval(approval: ReviewApproval) -> dict[str, Any]:
    return {
        "type": approval.check.value,
        "identity": _identity(approval.identity),
        "collected_on": timestamp(approval.collected_at),
        "without_evidence": approval.without_evidence,
        "date_approved": timestamp(approval.approved_at),
        "operator_id": approval.operator_id,
    }


def decision_row(decided: Decided, warnings: Sequence[str] = ()) -> dict[str, Any]:
    """What a decision came to."""
    review, validation = decided.review, decided.validation
    first = review.first_approval(OrganizationCheck.EV)
    return without_nothing(
        {
            "id": review.review_id,
            "status": review.status.value,
            "waiting_for": [c.value for c in review.waiting] if review.is_open else [],
            "needs_second_operator": review.is_open and first is not None,
            "validated_until": timestamp(validation.validated_until) if validation else None,
            "warnings": list(warnings),
        }
    )
