"""What operators collect in a review before they decide: files, notes, registration data."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..domain.accounts import Principal
from ..domain.changes import Change, ChangeKind
from ..domain.errors import ErrorCode, Flaw, VouchsafeError, invalid, not_found
from ..domain.organization import OrganizationCheck, Registration
from ..domain.reviews import (
    MOST_FILES,
    MOST_NOTES,
    Evidence,
    MediaType,
    OrganizationReview,
    ReviewNote,
)
from ..ports import Clock, Entropy, EvidenceStore, Ledger, Record, Reviews
from .account_changes import account_change
from .accounts import OPERATORS
from .attempts import attempted
from .idempotency import OnceOnly
from .reviews import without_waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPorts:
    """Where reviews are read and written, for those who work on them."""

    reviews: Reviews
    ledger: Ledger
    clock: Clock
    entropy: Entropy


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file as it was sent."""

    name: str
    media_type: MediaType
    content: bytes


def read_review(review_id: int, *, reviews: Reviews) -> OrganizationReview:
    """A review of any account: operators stand outside them. Raises not_found."""
    review = reviews.review(review_id)
    if review is None:
        raise not_found("review")
    return review


def open_one(review_id: int, *, reviews: Reviews) -> OrganizationReview:
    """A review that still waits. Raises not_found, and CONFLICT (subject review) for another."""
    review = read_review(review_id, reviews=reviews)
    if not review.is_open:
        detail = f"The review is {review.status} already; nothing of it changes any more."
        raise VouchsafeError(ErrorCode.CONFLICT, detail, subject="review")
    return review


def add_evidence(
    review_id: int,
    file: File,
    principal: Principal,
    *,
    once: OnceOnly[Evidence] | None,
    store: EvidenceStore,
    ports: ReviewPorts,
) -> Evidence:
    """Keep a file with a review; the same bytes again are the file that is there.

    Raises not_found, CONFLICT (subject review), INVALID for more than MOST_FILES.
    """
    open_one(review_id, reviews=ports.reviews)
    sha256 = hashlib.sha256(file.content).hexdigest()
    store.put(review_id, sha256, file.content, file.media_type)

    def alter(review: OrganizationReview, now: datetime) -> OrganizationReview:
        if _file(review, sha256) is not None:
            return review
        return _with_file(review, file, sha256, principal, now)

    def made(review: OrganizationReview) -> Evidence:
        found = _file(review, sha256)
        assert found is not None, "the file was added"
        return found

    def told(review: OrganizationReview) -> Mapping[str, Any]:
        found = _file(review, sha256)
        return {"evidence": found.name, "sha256": sha256, "size": found.size} if found else {}

    return made(worked_on(review_id, principal, alter, told, once=_of(once, made), ports=ports))


def _with_file(
    review: OrganizationReview, file: File, sha256: str, principal: Principal, now: datetime
) -> OrganizationReview:
    if len(review.evidence) >= MOST_FILES:
        raise invalid(Flaw("evidence", f"a review has {MOST_FILES} files at most"))
    added = Evidence(
        evidence_id=len(review.evidence) + 1,
        name=file.name,
        media_type=file.media_type,
        size=len(file.content),
        sha256=sha256,
        added_at=now,
        operator_id=principal.user_id,
    )
    return replace(review, evidence=(*review.evidence, added))


def _file(review: OrganizationReview, sha256: str) -> Evidence | None:
    return next((each for each in review.evidence if each.sha256 == sha256), None)


def add_note(
    review_id: int,
    text: str,
    principal: Principal,
    *,
    once: OnceOnly[OrganizationReview] | None,
    ports: ReviewPorts,
) -> OrganizationReview:
    """Write something down. Raises not_found, CONFLICT, INVALID for more than MOST_NOTES."""

    def alter(review: OrganizationReview, now: datetime) -> OrganizationReview:
        if len(review.notes) >= MOST_NOTES:
            raise invalid(Flaw("notes", f"a review has {MOST_NOTES} notes at most"))
        note = ReviewNote(text=text, added_at=now, operator_id=principal.user_id)
        return replace(review, notes=(*review.notes, note))

    return worked_on(
        review_id, principal, alter, lambda r: {"notes": len(r.notes)}, once=once, ports=ports
    )


def set_registration(
    review_id: int,
    registration: Registration,
    principal: Principal,
    *,
    once: OnceOnly[OrganizationReview] | None,
    ports: ReviewPorts,
) -> OrganizationReview:
    """Record where the organization is registered; `registration` is checked already.

    Other data than before void a first approval of EV. Raises not_found, CONFLICT.
    """

    def alter(review: OrganizationReview, now: datetime) -> OrganizationReview:
        del now
        if review.registration == registration:
            return review
        settled = without_waiting(review, OrganizationCheck.EV)
        return replace(settled, registration=registration, registered_by=principal.user_id)

    return worked_on(review_id, principal, alter, _registration_told, once=once, ports=ports)


def _registration_told(review: OrganizationReview) -> dict[str, Any]:
    found = review.registration
    if found is None:
        return {}
    return {
        "number": found.number,
        "agency": found.agency,
        "jurisdiction": found.jurisdiction_country,
        "business_category": str(found.business_category),
    }


def worked_on(
    review_id: int,
    principal: Principal,
    alter: Callable[[OrganizationReview, datetime], OrganizationReview],
    told: Callable[[OrganizationReview], Mapping[str, Any]],
    *,
    once: OnceOnly[OrganizationReview] | None,
    ports: ReviewPorts,
) -> OrganizationReview:
    """The open review as `alter` makes it, written with a change in the operators' own record.

    `told` gives what of a review the change says, of before and after. Raises not_found, CONFLICT
    (subject review).
    """

    def attempt(now: datetime) -> tuple[OrganizationReview, tuple[Record, ...]]:
        before = open_one(review_id, reviews=ports.reviews)
        after = alter(before, now)
        if after == before:
            return before, ()
        after = replace(after, version=before.version + 1)
        changed = told(before), told(after)
        return after, (after, review_change(after, principal, changed, now, ports.entropy))

    what = f"review {review_id}"
    return attempted(attempt, once=once, what=what, ledger=ports.ledger, clock=ports.clock)


def review_change(
    review: OrganizationReview,
    principal: Principal,
    changed: tuple[Mapping[str, Any], Mapping[str, Any]],
    now: datetime,
    entropy: Entropy,
) -> Change:
    """The change record of an operator's work: in the operators' record, not the customer's.

    `changed` is what of the review it is about, before and after.
    """
    change = account_change(
        ChangeKind.REVIEW_WORKED_ON,
        principal,
        {"review_id": review.review_id, "account_id": review.account_id},
        now,
        entropy,
        subject=f"review {review.review_id}",
        before=changed[0],
        after=changed[1],
    )
    return replace(change, account_id=OPERATORS)


def _of(
    once: OnceOnly[Evidence] | None, made: Callable[[OrganizationReview], Evidence]
) -> OnceOnly[OrganizationReview] | None:
    """The key of a caller who is told of the file, for a commit of the review."""
    if once is None:
        return None
    return OnceOnly(token=once.token, render=lambda review: once.render(made(review)))
