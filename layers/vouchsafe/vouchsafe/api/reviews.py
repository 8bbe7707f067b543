"""The reviewers' side: the queue, what is collected in a review, and its decision."""

from __future__ import annotations

from typing import Any

from ..dependencies import OperatorsApi
from ..domain.errors import Flaw, invalid, not_found
from ..domain.organization import Organization
from ..domain.policy_lists import judge
from ..domain.review_steps import Decided
from ..domain.reviews import LONGEST_NOTE, Evidence, OrganizationReview
from ..services.parked import wake
from ..services.review_decisions import approve as approve_review
from ..services.review_decisions import reject as reject_review
from ..services.reviewing import (
    ReviewPorts,
    add_evidence,
    add_note,
    read_review,
    set_registration,
)
from .call import Answer, Call, answer_json, as_id
from .containers import tree_of
from .idempotency import once_only
from .paging import whole
from .reading import validated
from .review_reading import read_approval, read_file, read_reason, read_registration
from .review_rows import decision_row, evidence_row, review_info, review_row
from .vetting_schemas import ApprovalBody, NoteOnReviewBody, RegistrationBody, RejectionBody

_MOST_ROWS = 100
_LARGEST_ID = 2**31
_EARLIER = 10  # closed reviews shown beside one


def _ports(deps: OperatorsApi) -> ReviewPorts:
    return ReviewPorts(
        reviews=deps.reviews, ledger=deps.ledger, clock=deps.clock, entropy=deps.entropy
    )


def list_queue(call: Call, deps: OperatorsApi) -> Answer:
    """GET operator/review[?after=&limit=]: open reviews, the longest waiting first."""
    limit = whole(call.query, "limit", _MOST_ROWS, most=_MOST_ROWS)
    number = whole(call.query, "after", 0, most=_LARGEST_ID)
    after = deps.reviews.review(number) if number else None
    if number and after is None:
        raise invalid(Flaw("after", "is no review"))
    found = deps.reviews.open_reviews(after, limit)
    listed: dict[str, Any] = {"reviews": [review_row(each) for each in found]}
    more = {"next": found[-1].review_id} if len(found) == limit else {}
    return answer_json(listed | more)


def _number(call: Call) -> int:
    return call.number("review")


def read(call: Call, deps: OperatorsApi) -> Answer:
    """GET operator/review/{id}: with the organization and everything that was collected."""
    review = read_review(_number(call), reviews=deps.reviews)
    organization = deps.accounts.organization(review.account_id, review.organization_id)
    account = deps.accounts.account(review.account_id)
    if organization is None or account is None:
        raise not_found("organization")
    info = review_info(
        review,
        organization,
        tree_of(account, deps.accounts.containers_of(account.account_id)),
        judge(deps.policies.lists(), (), organization.names).denied,
        _earlier(review, deps),
        now=deps.clock.now(),
    )
    return answer_json(info)


def _earlier(review: OrganizationReview, deps: OperatorsApi) -> list[OrganizationReview]:
    found = deps.reviews.reviews_of(review.account_id, review.organization_id, _EARLIER + 1)
    return [each for each in found if each.review_id != review.review_id][:_EARLIER]


def post_evidence(call: Call, deps: OperatorsApi) -> Answer:
    """POST operator/review/{id}/evidence?name=: the body is the file."""
    number = _number(call)
    read_review(number, reviews=deps.reviews)
    file = read_file(call)

    def answer(made: Evidence) -> Answer:
        return answer_json(evidence_row(made), 201)

    made = add_evidence(
        number,
        file,
        call.principal,
        once=once_only(call, answer),
        store=deps.evidence,
        ports=_ports(deps),
    )
    return answer(made)


def download_evidence(call: Call, deps: OperatorsApi) -> Answer:
    """GET operator/review/{id}/evidence/{evidence}: the file as it was sent."""
    review = read_review(_number(call), reviews=deps.reviews)
    wanted = as_id(call.parts["evidence"])
    for each in review.evidence:
        if each.evidence_id == wanted:
            content = deps.evidence.get(review.review_id, each.sha256)
            if content is None:
                break
            headers = {"Content-Disposition": "attachment", "X-Content-SHA256": each.sha256}
            return Answer(content=content, content_type=each.media_type.value, headers=headers)
    raise not_found("evidence")


def post_note(call: Call, deps: OperatorsApi) -> Answer:
    """POST operator/review/{id}/note."""
    number = _number(call)
    read_review(number, reviews=deps.reviews)
    body, _ = validated(NoteOnReviewBody, call.body())
    text = (body.text or "").strip()
    if not 1 <= len(text) <= LONGEST_NOTE:
        raise invalid(Flaw("text", f"must have 1 to {LONGEST_NOTE} characters"))
    once = once_only(call, _done)
    add_note(number, text, call.principal, once=once, ports=_ports(deps))
    return _done(None)


def put_registration(call: Call, deps: OperatorsApi) -> Answer:
    """PUT operator/review/{id}/registration."""
    number = _number(call)
    read_review(number, reviews=deps.reviews)
    body, _ = validated(RegistrationBody, call.body())
    found = read_registration(body)
    once = once_only(call, _done)
    set_registration(number, found, call.principal, once=once, ports=_ports(deps))
    return _done(None)


def _done(_: object) -> Answer:
    return Answer(status=204)


def approve(call: Call, deps: OperatorsApi) -> Answer:
    """POST operator/review/{id}/approve: a word for OV, or the first or second one for EV."""
    number = _number(call)
    read_review(number, reviews=deps.reviews)
    body, warnings = validated(ApprovalBody, call.body())
    certified = read_approval(body, deps.clock.now())

    def answer(decided: Decided) -> Answer:
        said = [*warnings, *_differences(decided)]
        return answer_json(decision_row(decided, said), 201)

    decided = approve_review(
        number,
        certified,
        call.principal,
        once=once_only(call, answer),
        accounts=deps.accounts,
        policies=deps.policies,
        ports=_ports(deps),
    )
    if decided.validation is not None:
        _wake(decided.organization, deps)
    return answer(decided)


def _differences(decided: Decided) -> list[str]:
    """Remarks where another name or country is certified than the customer gave."""
    organization, identity = decided.organization, decided.review.approvals[-1].identity
    remarks = []
    if identity.name not in organization.names:
        remarks.append(f"identity.name: the organization calls itself {organization.name}")
    if identity.country != organization.country:
        remarks.append(f"identity.country: the organization is in {organization.country}")
    return remarks


def _wake(organization: Organization, deps: OperatorsApi) -> None:
    """Start what waits for the organization; the daily look starts what this leaves."""
    wake(
        organization.account_id,
        organization_id=organization.organization_id,
        parked=deps.parked,
        ledger=deps.ledger,
        workflow=deps.workflow,
    )


def reject(call: Call, deps: OperatorsApi) -> Answer:
    """POST operator/review/{id}/reject: with the reason, which the customer reads."""
    number = _number(call)
    read_review(number, reviews=deps.reviews)
    body, warnings = validated(RejectionBody, call.body())
    flaws: list[Flaw] = []
    reason = read_reason(body.reason, "reason", flaws)
    if flaws:
        raise invalid(*flaws)

    def answer(decided: Decided) -> Answer:
        return answer_json(decision_row(decided, warnings), 201)

    decided = reject_review(
        number,
        reason,
        call.principal,
        once=once_only(call, answer),
        accounts=deps.accounts,
        ports=_ports(deps),
    )
    return answer(decided)
