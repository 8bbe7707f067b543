"""Routes of operators: reviews of organizations, policy lists, clearances."""

from __future__ import annotations

from ..domain.policy_lists import MOST_BYTES
from ..domain.reviews import LARGEST_FILE, MediaType
from .permissions import Action
from .route import FILE, Function, Group, Route

_REVIEW = {"id": "The review's id."}
_ACCOUNT = {"id": "The account's id."}

_GROUP = Group(
    function=Function.OPERATORS,
    prefix="/v2/operator",
    looks=Action.OVERSEE,
    changes=Action.OPERATE,
)
_reading, _changing = _GROUP.reading, _GROUP.changing

_REVIEWS = (
    _reading(
        "review",
        "reviews.list_queue",
        "ReviewQueue",
        "List open reviews of organizations, the longest waiting first",
        query={"limit": "Rows of a page, 100 at most.", "after": "The last id of the page before."},
    ),
    _reading(
        "review/{id}",
        "reviews.read",
        "ReviewInfo",
        "Read a review with its organization and all that was collected",
        parameters=_REVIEW,
    ),
    Route(
        method="POST",
        path="/v2/operator/review/{id}/evidence",
        function=Function.OPERATORS,
        operation="reviews.post_evidence",
        action=Action.OPERATE,
        summary="Add a file to a review: the body is the file, 4 MiB at most",
        responses={201: "MadeEvidence"},
        parameters=_REVIEW,
        query={"name": "The file's name, 100 characters at most. Required."},
        takes=tuple(media.value for media in MediaType),
        largest=LARGEST_FILE,
    ),
    _reading(
        "review/{id}/evidence/{evidence}",
        "reviews.download_evidence",
        FILE,
        "Get a file of a review as it was sent",
        parameters=_REVIEW | {"evidence": "The file's id within the review."},
    ),
    _changing(
        "POST",
        "review/{id}/note",
        "reviews.post_note",
        "Add a note to a review",
        request="NoteOnReviewBody",
        parameters=_REVIEW,
    ),
    _changing(
        "PUT",
        "review/{id}/registration",
        "reviews.put_registration",
        "Record where the organization is registered",
        request="RegistrationBody",
        parameters=_REVIEW,
    ),
    _changing(
        "POST",
        "review/{id}/approve",
        "reviews.approve",
        "Approve a check: ov, or as first or second operator ev",
        request="ApprovalBody",
        responses={201: "ReviewDecision"},
        parameters=_REVIEW,
    ),
    _changing(
        "POST",
        "review/{id}/reject",
        "reviews.reject",
        "Reject what still waits in a review",
        request="RejectionBody",
        responses={201: "ReviewDecision"},
        parameters=_REVIEW,
    ),
)

_POLICIES = (
    _reading(
        "policy-lists",
        "policies.read_lists",
        "PolicyListsInfo",
        "Read the lists of denied and high-risk names",
        query={"version": "An earlier version. Default: the one in force."},
    ),
    Route(
        method="PUT",
        path="/v2/operator/policy-lists",
        function=Function.OPERATORS,
        operation="policies.put_lists",
        action=Action.OPERATE,
        summary="Set the lists of denied and high-risk names",
        request="PolicyListsBody",
        responses={200: "PolicyListsInfo"},
        once=True,
        largest=2 * MOST_BYTES,
    ),
    _reading(
        "account/{id}/clearance",
        "policies.list_clearances",
        "ClearanceList",
        "List the high-risk names an account may have",
        parameters=_ACCOUNT,
    ),
    _changing(
        "POST",
        "account/{id}/clearance",
        "policies.give_clearance",
        "Clear an account for a high-risk name and those below it",
        request="ClearanceBody",
        responses={201: "ClearanceList"},
        parameters=_ACCOUNT,
    ),
    _changing(
        "DELETE",
        "account/{id}/clearance/{name}",
        "policies.withdraw_clearance",
        "Withdraw a clearance",
        parameters=_ACCOUNT | {"name": "The name as it was cleared."},
    ),
)

REVIEWS: tuple[Route, ...] = (*_REVIEWS, *_POLICIES)
