"""Asking operators to validate an organization: by its account's people, or with an order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.accounts import Principal
from ..domain.changes import Change, ChangeKind
from ..domain.errors import ErrorCode, Unavailable, VouchsafeError, not_found
from ..domain.grounds import usable_validation
from ..domain.organization import Organization, OrganizationCheck, Submission, VerifiedUser
from ..domain.products import ValidationLevel
from ..domain.reviews import OrganizationReview
from ..ports import Accounts, Clock, Entropy, Ledger, Record, Reviews
from .account_changes import account_change
from .attempts import attempted
from .idempotency import OnceOnly


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """An organization as it waits for operators, its open review, and what happened, if anything.

    All three are written in one commit, so that no organization waits without a review.
    """

    organization: Organization
    review: OrganizationReview
    change: Change

    @property
    def records(self) -> tuple[Record, ...]:
        """What a commit needs of it."""
        return self.organization, self.review, self.change


def is_asked_for(organization: Organization, check: OrganizationCheck, now: datetime) -> bool:
    """Whether nothing needs to be asked: a certificate could be built of what was found, or
    operators are at it; EV includes OV. Of an inactive organization nothing is asked.
    """
    if not organization.active or stands(organization, check, now):
        return True
    pending = {each.check for each in organization.submissions if each.rejected_at is None}
    return check in pending or OrganizationCheck.EV in pending


def stands(organization: Organization, check: OrganizationCheck, now: datetime) -> bool:
    """Whether a certificate of that kind may be built of what was found."""
    return usable_validation(organization, ValidationLevel(check.value), now) is not None


def submit(
    organization: Organization,
    checks: Collection[OrganizationCheck],
    principal: Principal,
    *,
    review: OrganizationReview | None,
    review_id: int | None = None,
    now: datetime,
    entropy: Entropy,
) -> Submitted:
    """The organization handed to operators for `checks`, one version on; to be committed.

    `review` is its open one as read, if it has one (`organization.review_id`); else `review_id` is
    a fresh number for a new one. What operators are at already stays as it is.
    """
    asked = [check for check in OrganizationCheck if check in checks]
    pending = {each.check for each in organization.submissions if each.rejected_at is None}
    kept = [s for s in organization.submissions if s.check in pending or s.check not in asked]
    fresh = [Submission(check=c, submitted_at=now) for c in asked if c not in pending]
    if review is None:
        assert review_id is not None, "a new review needs a number"
        review = _new_review(organization, asked, principal, review_id, now)
    else:
        added = [check for check in asked if check not in review.checks]
        review = replace(review, checks=(*review.checks, *added), version=review.version + 1)
    after = replace(
        organization,
        review_id=review.review_id,
        submissions=(*kept, *fresh),
        version=organization.version + 1,
    )
    change = account_change(
        ChangeKind.ORGANIZATION_SUBMITTED,
        principal,
        {"organization_id": organization.organization_id, "checks": [str(c) for c in asked]},
        now,
        entropy,
        subject=f"organization {organization.organization_id}",
        before={"submitted": [str(s.check) for s in organization.submissions]},
        after={
            "submitted": [str(s.check) for s in after.submissions],
            "verified_users": [f"{p.first_name} {p.last_name}" for p in after.verified_users],
        },
    )
    return Submitted(organization=after, review=review, change=change)


def _new_review(
    organization: Organization,
    checks: Collection[OrganizationCheck],
    principal: Principal,
    number: int,
    now: datetime,
) -> OrganizationReview:
    return OrganizationReview(
        review_id=number,
        account_id=organization.account_id,
        organization_id=organization.organization_id,
        organization_name=organization.name,
        checks=tuple(checks),
        submitted_at=now,
        submitted_by=principal.user_id,
    )


def submit_organization(
    organization_id: int,
    checks: Collection[OrganizationCheck],
    people: tuple[VerifiedUser, ...] | None,
    principal: Principal,
    *,
    once: OnceOnly[None] | None,
    accounts: Accounts,
    reviews: Reviews,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Submit an organization of the caller's account; `people` (None: as before) may ask for EV.

    Asking again while operators are at it changes nothing but the people. Raises not_found, and
    CONFLICT (subject organization) for an inactive one.
    """
    numbers: list[int] = []  # one at most, however often it is tried

    def attempt(now: datetime) -> tuple[None, tuple[Record, ...]]:
        organization = _active(organization_id, principal, accounts)
        review = open_review(organization, reviews)
        if review is None and not numbers:
            numbers.extend(ledger.allocate(reviews=1).reviews)
        submitted = submit(
            replace(organization, verified_users=_named(organization, people)),
            checks,
            principal,
            review=_unsettled(review, organization, people),
            review_id=next(iter(numbers), None),
            now=now,
            entropy=entropy,
        )
        unchanged = replace(submitted.organization, version=organization.version) == organization
        return None, () if unchanged and review is not None else submitted.records

    what = f"organization {organization_id}"
    attempted(attempt, once=once, what=what, ledger=ledger, clock=clock)


def _active(organization_id: int, principal: Principal, accounts: Accounts) -> Organization:
    organization = accounts.organization(principal.account_id, organization_id)
    if organization is None:
        raise not_found("organization")
    if not organization.active:
        detail = "The organization is inactive; activate it first."
        raise VouchsafeError(ErrorCode.CONFLICT, detail, subject="organization")
    return organization


def open_review(organization: Organization, reviews: Reviews) -> OrganizationReview | None:
    """The review that operators are at, if there is one. One look-up where there is.

    Raises Unavailable for one that cannot be read.
    """
    if organization.review_id is None:
        return None
    review = reviews.review(organization.review_id)
    if review is None:
        raise Unavailable(f"review {organization.review_id} cannot be read")
    return review


def _named(
    organization: Organization, people: tuple[VerifiedUser, ...] | None
) -> tuple[VerifiedUser, ...]:
    return organization.verified_users if people is None else people


def _unsettled(
    review: OrganizationReview | None,
    organization: Organization,
    people: tuple[VerifiedUser, ...] | None,
) -> OrganizationReview | None:
    """The review without approvals of EV that were given for other people than now."""
    if review is None or _named(organization, people) == organization.verified_users:
        return review
    return without_waiting(review, OrganizationCheck.EV)


def without_waiting(review: OrganizationReview, check: OrganizationCheck) -> OrganizationReview:
    """The review without the first approval of `check`: what it was given for has changed."""
    if review.first_approval(check) is None:
        return review
    return replace(review, approvals=tuple(a for a in review.approvals if a.check is not check))
