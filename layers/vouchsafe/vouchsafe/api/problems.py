"""The one place where a refusal becomes HTTP: status, the vendor's error form, and nothing else."""

from __future__ import annotations

from typing import Any

from ..domain.errors import ErrorCode, VouchsafeError
from .call import Answer, answer_json

#: Codes for conflicts that have a name of their own; other conflicts are about an object's state.
_CONFLICTS = {
    "idempotency_key": "idempotency_key_reused",
    "not_issued": "certificate_not_issued",
    "order": "invalid_status|order",
    "certificate": "invalid_status|certificate",
    "request": "invalid_status|request",
    "key": "invalid_status|key",
    "organization": "invalid_status|organization",
    "review": "invalid_status|review",
    "policy": "denied_by_policy",
    "policy_lists": "invalid_status|policy_lists",
    "bulk_revocation": "invalid_status|bulk_revocation",
    "domain": "invalid_status|domain",
    "user": "invalid_status|user",
    "container": "invalid_status|container",
    "problem": "invalid_status|problem",
    "challenge": "invalid_status|challenge",
    "webhook": "invalid_status|webhook",
}

#: Status and code of every kind of refusal. `{}` takes the subject; 403 rather than 401 for an
#: unknown key is the vendor's choice, which clients rely on.
_KINDS: dict[ErrorCode, tuple[int, str]] = {
    ErrorCode.MALFORMED: (400, "bad_request_format"),
    ErrorCode.INVALID: (400, "invalid_field"),
    ErrorCode.UNAUTHENTICATED: (403, "access_denied|access_denied_invalid_key"),
    ErrorCode.FORBIDDEN: (403, "access_denied|{}"),
    ErrorCode.NOT_FOUND: (404, "not_found|{}"),
    ErrorCode.CONFLICT: (400, "invalid_status"),
    ErrorCode.RATE_LIMITED: (429, "request_limit_exceeded"),
    ErrorCode.UNAVAILABLE: (503, "service_unavailable"),
}
#: Codes of refusals of a whole order that have a name of their own.
_INVALID = {
    "ambiguous_product": "ambiguous_product",
    "time_frame_too_long": "time_frame_too_long",
    "invalid_custom_field_value": "invalid_custom_field_value",
    "invalid_dns_txt": "invalid_dns_txt",
    "invalid_dns_cname": "invalid_dns_cname",
    "file_random_value_not_found": "file_random_value_not_found",
    "webhook_invalid_endpoint": "webhook_invalid_endpoint",
    "webhook_invalid_token": "webhook_invalid_token",
}
_TOO_LARGE = (413, "request_too_large")

INTERNAL = ("internal_error", "An error occurred while processing your request.")


def problem(error: VouchsafeError) -> Answer:
    """The answer to a refusal."""
    retry = {} if error.retry_after is None else {"Retry_After": str(error.retry_after)}
    return answer_json(error_body(error), _kind(error)[0], **retry)


def error_body(error: VouchsafeError) -> dict[str, Any]:
    """The vendor's error form: one entry per flaw, or one for the whole."""
    entries = [(f"invalid_field|{f.field}", f"{f.field}: {f.reason}") for f in error.flaws]
    return _form(*(entries or [(_kind(error)[1], error.detail)]))


def _form(*entries: tuple[str, str]) -> dict[str, Any]:
    return {"errors": [{"code": code, "message": message} for code, message in entries]}


def internal_error() -> Answer:
    """What a client learns of a fault of ours: that there was one."""
    return answer_json(_form(INTERNAL), 500)


def unavailable() -> Answer:
    """A part of ours did not answer; what was asked may be asked again."""
    detail = "The service is busy; please try again."
    return answer_json(_form(("service_unavailable", detail)), 503, Retry_After="1")


def _kind(error: VouchsafeError) -> tuple[int, str]:
    """Status and code of a refusal as a whole."""
    if error.subject == "too_large":
        return _TOO_LARGE
    status, code = _KINDS[error.code]
    if error.code is ErrorCode.CONFLICT:
        return status, _CONFLICTS.get(error.subject, code)
    if error.code is ErrorCode.INVALID:
        return status, _INVALID.get(error.subject, code)
    return status, code.format(error.subject or "missing_permission")
