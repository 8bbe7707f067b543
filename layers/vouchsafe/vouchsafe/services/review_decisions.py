"""Deciding a review: one operator's word for OV, two operators' for EV, or a reason against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from ..domain.accounts import Principal
from ..domain.changes import Change, ChangeKind
from ..domain.errors import ErrorCode, Flaw, Unavailable, VouchsafeError, invalid
from ..domain.organization import Organization, OrganizationCheck, ValidatedIdentity
from ..domain.policy_lists import judge
from ..domain.products import ValidationLevel
from ..domain.review_steps import Decided, approved, rejected
from ..domain.reviews import (
    OrganizationReview,
    ReviewApproval,
    collected_at,
    missing_for,
    usable_until,
)
from ..domain.subjects import flaws_of
from ..domain.traces import difference
from ..ports import Accounts, Policies, Record
from .account_changes import account_change
from .attempts import attempted
from .denials import refuse_denied
from .idempotency import OnceOnly
from .organizations import subject_of
from .reviewing import ReviewPorts, open_one, review_change


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """What an operator certifies. `identity` may be missing where another one's is confirmed."""

    check: OrganizationCheck
    identity: ValidatedIdentity | None
    collected_at: datetime | None = None  # when the oldest of it was found, if not today
    without_evidence: str = ""  # why there is no file


def approve(
    review_id: int,
    certified: Certified,
    principal: Principal,
    *,
    once: OnceOnly[Decided] | None,
    accounts: Accounts,
    policies: Policies,
    ports: ReviewPorts,
) -> Decided:
    """An operator's word for an organization; OV stands with it, EV with the second operator's.

    Raises not_found; INVALID for what is missing; CONFLICT (subject review) for a check that does
    not wait or another identity than the first operator's; CONFLICT (subject policy) for what the
    lists deny; FORBIDDEN (subject second_person) for the same operator twice (EVG 3.2.2.13).
    """

    def attempt(now: datetime) -> tuple[Decided, tuple[Record, ...]]:
        review = open_one(review_id, reviews=ports.reviews)
        organization = _organization(review, accounts)
        approval = _approval(review, organization, certified, principal, now)
        known = (*organization.names, approval.identity.name)
        refuse_denied(judge(policies.lists(), (), known))
        decided = approved(review, organization, approval)
        told = _approval_told(organization, decided, principal, now, ports)
        if decided.validation is None:
            return decided, (decided.review, told)
        return decided, (decided.review, told, decided.organization)

    what = f"review {review_id}"
    return attempted(attempt, once=once, what=what, ledger=ports.ledger, clock=ports.clock)


def _organization(review: OrganizationReview, accounts: Accounts) -> Organization:
    found = accounts.organization(review.account_id, review.organization_id)
    if found is None:
        raise Unavailable(f"organization {review.organization_id} cannot be read")
    return found


def _approval(
    review: OrganizationReview,
    organization: Organization,
    certified: Certified,
    principal: Principal,
    now: datetime,
) -> ReviewApproval:
    """What the operator says, complete and allowed. Raises VouchsafeError."""
    check = certified.check
    _refuse_idle(review, organization, check)
    first = review.first_approval(check)
    if first is not None and first.operator_id == principal.user_id:
        detail = (
            "You approved this review already. EV takes a second, different operator for the final"
            " check (EVG 3.2.2.13)."
        )
        raise VouchsafeError(ErrorCode.FORBIDDEN, detail, subject="second_person")
    identity = certified.identity or (first.identity if first else None)
    flaws = [*missing_for(check, review, organization), *_unfounded(review, certified, first, now)]
    if identity is None:
        flaws.append(Flaw("identity", "is required: what is certified"))
    else:
        identity = replace(identity, registration=review.registration)
        level = ValidationLevel(check.value)
        known = bool(review.registration) or level is ValidationLevel.OV
        flaws += [Flaw("identity", flaw) for flaw in (flaws_of(identity, level) if known else ())]
    if flaws or identity is None:
        raise invalid(*flaws)
    if first is not None and identity != first.identity:
        raise _conflict(_difference(first, identity))
    return ReviewApproval(
        check=check,
        identity=identity,
        collected_at=collected_at(review, certified.collected_at, now),
        without_evidence="" if review.evidence else certified.without_evidence,
        approved_at=now,
        operator_id=principal.user_id,
    )


def _refuse_idle(
    review: OrganizationReview, organization: Organization, check: OrganizationCheck
) -> None:
    """Refuse an approval that nobody waits for; OV may come first where EV was asked for."""
    if not organization.active:
        raise _conflict("The organization is inactive; it cannot be approved.")
    if check in review.granted:
        raise _conflict(f"The review is approved for {check} already.")
    if check not in review.waiting and OrganizationCheck.EV not in review.waiting:
        raise _conflict(f"The organization was not submitted for {check}.")


def _unfounded(
    review: OrganizationReview, certified: Certified, first: ReviewApproval | None, now: datetime
) -> list[Flaw]:
    """What is wrong with the evidence: none, or so old that the approval is over as it begins.

    Such a one would close the review, and its orders would wait for nobody.
    """
    flaws = []
    if not (review.evidence or certified.without_evidence or first is not None):
        reason = "is required where a review has no evidence file: why there is none"
        flaws.append(Flaw("without_evidence", reason))
    oldest = collected_at(review, certified.collected_at, now)
    oldest = oldest if first is None else min(oldest, first.collected_at)
    if usable_until(oldest, now) <= now:
        reason = (
            f"the oldest of the evidence is of {oldest:%Y-%m-%d}, too old to be used (BR 4.2.1)"
        )
        flaws.append(Flaw("collected_on", reason))
    return flaws


def _difference(first: ReviewApproval, identity: ValidatedIdentity) -> str:
    names = [
        each.name
        for each in fields(identity)
        if getattr(identity, each.name) != getattr(first.identity, each.name)
    ]
    return (
        f"Operator {first.operator_id} certified something else ({', '.join(names)}). Confirm that,"
        " or reject the review."
    )


def _approval_told(
    organization: Organization,
    decided: Decided,
    principal: Principal,
    now: datetime,
    ports: ReviewPorts,
) -> Change:
    """The first word for EV is the operators' own; a validation is the customer's to know."""
    review, validation = decided.review, decided.validation
    if validation is None:
        told = {"approved": str(review.approvals[-1].check), "waits_for": "a second operator"}
        return review_change(review, principal, ({}, told), now, ports.entropy)
    until = validation.validated_until.isoformat()
    data = {"check": str(validation.check), "validated_until": until}
    older = next((v for v in organization.validations if v.check is validation.check), None)
    changed = difference(older, validation)
    return _told(ChangeKind.ORGANIZATION_VALIDATED, decided, principal, data, changed, ports=ports)


def reject(
    review_id: int,
    reason: str,
    principal: Principal,
    *,
    once: OnceOnly[Decided] | None,
    accounts: Accounts,
    ports: ReviewPorts,
) -> Decided:
    """Close a review without what still waits; the customer is told the reason and may ask again.

    Raises not_found, CONFLICT (subject review).
    """

    def attempt(now: datetime) -> tuple[Decided, tuple[Record, ...]]:
        review = open_one(review_id, reviews=ports.reviews)
        organization = _organization(review, accounts)
        decided = rejected(review, organization, reason, principal.user_id, now)
        data = {"checks": [str(check) for check in review.waiting], "reason": reason}
        changed = {"status": str(review.status)}, data | {"status": str(decided.review.status)}
        told = _told(
            ChangeKind.ORGANIZATION_REJECTED, decided, principal, data, changed, ports=ports
        )
        return decided, (decided.review, decided.organization, told)

    what = f"review {review_id}"
    return attempted(attempt, once=once, what=what, ledger=ports.ledger, clock=ports.clock)


def _told(
    kind: ChangeKind,
    decided: Decided,
    principal: Principal,
    data: Mapping[str, Any],
    changed: tuple[Mapping[str, Any], Mapping[str, Any]],
    *,
    ports: ReviewPorts,
) -> Change:
    """The change record of a decision, in the customer's record."""
    organization = decided.organization
    change = account_change(
        kind,
        principal,
        {
            "organization_id": organization.organization_id,
            "review_id": decided.review.review_id,
            **data,
        },
        ports.clock.now(),
        ports.entropy,
        subject=subject_of(organization),
        before=changed[0],
        after=changed[1],
    )
    return replace(change, account_id=organization.account_id)


def _conflict(detail: str) -> VouchsafeError:
    return VouchsafeError(ErrorCode.CONFLICT, detail, subject="review")
