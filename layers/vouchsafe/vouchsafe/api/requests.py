"""The routes of requests for somebody to decide: revocations asked for, listed, decided."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..dependencies import RequestsApi
from ..domain.errors import Flaw, invalid, not_found
from ..domain.requests import Request, RequestStatus
from ..domain.revocation import SUBSCRIBER_REASONS, RevocationReason
from ..services.decisions import decide_request
from ..services.opening import ValidationTimes
from ..services.ownership import owned
from ..services.revocation import (
    CertificateTarget,
    OrderTarget,
    SerialTarget,
    Target,
    request_revocation,
)
from .call import Answer, Call, answer_json, as_id
from .dialect import REQUEST_WORDS
from .idempotency import once_only
from .paging import paged
from .reading import validated
from .request_info import request_info, request_row, request_summary
from .schemas import DecisionBody, RevokeBody

_MOST_REQUESTS = 10_000  # of one account; older ones are read by their id
_LONGEST_SERIAL = 40
_NOT_SKIPPED = "skip_approval: is ignored: this key or account may not skip the approval"
_DECISIONS = {"approved": True, "rejected": False}
_FILTERS = {word: status for status, word in REQUEST_WORDS.items() if status.value == word}
#: A word of the vendor's for a state that requests never have here; it finds nothing.
_NEVER = "submitted"


def revoke_certificate(call: Call, deps: RequestsApi) -> Answer:
    """PUT certificate/{id}/revoke: the id is a certificate's, or its serial in hexadecimal."""
    reference = call.parts["id"]
    certificate_id = as_id(reference)
    if certificate_id is not None:
        return _revoke(CertificateTarget(certificate_id), call, deps)
    digits = reference.replace(":", "").lower()
    if not digits or len(digits) > _LONGEST_SERIAL or not set(digits) <= set("0123456789abcdef"):
        raise not_found("certificate")
    return _revoke(SerialTarget(int(digits, 16)), call, deps)


def revoke_order(call: Call, deps: RequestsApi) -> Answer:
    """PUT order/certificate/{id}/revoke: everything the order issued."""
    return _revoke(OrderTarget(call.number("order")), call, deps)


def _revoke(target: Target, call: Call, deps: RequestsApi) -> Answer:
    """201 with the request that waits for an approver; 204 where this call was the approval."""
    body, remarks = validated(RevokeBody, call.optional_body())
    answer = partial(_asked, body=body, remarks=tuple(remarks))
    request = request_revocation(
        target,
        call.principal,
        reason=_reason(body.revocation_reason),
        comments=body.comments or body.comment or "",
        skip_approval=bool(body.skip_approval),
        once=once_only(call, answer),
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
        workflow=deps.workflow,
    )
    return answer(request)


def _asked(request: Request, *, body: RevokeBody, remarks: tuple[str, ...]) -> Answer:
    if request.status is RequestStatus.APPROVED:
        return Answer(status=204)
    answer = request_summary(request)
    if body.skip_approval:
        remarks = (*remarks, _NOT_SKIPPED)
    if remarks:
        answer["warnings"] = list(remarks)
    return answer_json(answer, 201)


def _reason(word: str | None) -> RevocationReason:
    """A subscriber's reason; privilegeWithdrawn is the CA's own (BR 7.2.2)."""
    reasons = {reason.value: reason for reason in RevocationReason if reason in SUBSCRIBER_REASONS}
    reason = reasons.get(word or RevocationReason.UNSPECIFIED.value)
    if reason is None:
        raise invalid(Flaw("revocation_reason", f"must be one of {', '.join(reasons)}"))
    return reason


def list_requests(call: Call, deps: RequestsApi) -> Answer:
    """GET request[?status=&limit=&offset=]: the account's requests, newest first."""
    word = call.query.get("status", "").strip().lower()
    if word and word not in {*_FILTERS, _NEVER}:
        raise invalid(Flaw("status", f"must be one of {', '.join(_FILTERS)}"))
    found: Sequence[Request] = ()
    if word != _NEVER:
        found = deps.ledger.requests_of(
            call.principal.account_id, status=_FILTERS.get(word), limit=_MOST_REQUESTS
        )
    rows, page = paged(found, call.query)
    return answer_json({"requests": [request_row(request) for request in rows], "page": page})


def read(call: Call, deps: RequestsApi) -> Answer:
    """GET request/{id}."""
    request_id = call.number("request")
    dossier = owned(deps.ledger.order_of_request(request_id), call.principal, "request")
    return answer_json(request_info(dossier, dossier.request(request_id)))


def decide(call: Call, deps: RequestsApi) -> Answer:
    """PUT request/{id}/status: approve or reject."""
    request_id = call.number("request")
    owned(deps.ledger.order_of_request(request_id), call.principal, "request")
    body, _ = validated(DecisionBody, call.body())
    decision = _DECISIONS.get((body.status or "").lower())
    if decision is None:
        raise invalid(Flaw("status", f"must be one of {', '.join(_DECISIONS)}"))
    decide_request(
        request_id,
        call.principal,
        approve=decision,
        comment=body.processor_comment or "",
        times=ValidationTimes(window=deps.settings.window, first_gap=deps.settings.first_gap),
        policies=deps.policies,
        ledger=deps.ledger,
        workflow=deps.workflow,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)
