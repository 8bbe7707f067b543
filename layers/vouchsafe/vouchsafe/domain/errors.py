"""The one error that crosses a layer. Codes are coarse; `api.problems` turns them into HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ErrorCode(StrEnum):
    """What kind of refusal this is, independent of any wire format."""

    MALFORMED = "malformed"  # the body is not the format it claims to be
    INVALID = "invalid"  # well-formed, but a field has a value we cannot accept
    UNAUTHENTICATED = "unauthenticated"  # no key, or a key we do not know
    FORBIDDEN = "forbidden"  # known caller, not allowed
    NOT_FOUND = "not_found"  # unknown, or another account's: indistinguishable
    CONFLICT = "conflict"  # the object's state does not allow it
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"  # our own trouble; try again


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a request: the field's path as the client spelled it, and why."""

    field: str
    reason: str


class VouchsafeError(Exception):
    """A refusal with a code, a subject word (`order`, `product`, `route` …) and its flaws.

    `detail` is a sentence for a person. `flaws` names every field at fault, never just the first.
    """

    def __init__(
        self,
        code: ErrorCode,
        detail: str,
        *,
        subject: str = "",
        flaws: tuple[Flaw, ...] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.subject = subject
        self.flaws = flaws
        self.retry_after = retry_after


def invalid(*flaws: Flaw) -> VouchsafeError:
    """A refusal of one or more field values. Takes at least one flaw."""
    return VouchsafeError(
        ErrorCode.INVALID, "; ".join(f"{flaw.field}: {flaw.reason}" for flaw in flaws), flaws=flaws
    )


def not_found(subject: str) -> VouchsafeError:
    """An object that does not exist, or that the caller's account does not own."""
    return VouchsafeError(
        ErrorCode.NOT_FOUND, f"The specified {subject} was not found.", subject=subject
    )


class Conflict(Exception):
    """A conditional write lost: somebody else wrote first. Reload and decide again."""


class Unavailable(Exception):
    """An outside part of our own (KMS, S3, a queue) failed in a way that may pass."""


class MailRefused(Exception):
    """The carrier will not take a mail over for delivery, now or later; the text says why."""
