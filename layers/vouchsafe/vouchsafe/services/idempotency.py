"""An `Idempotency-Key` and what it made: written in one commit, so the two exist together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..domain.dossier import IdempotencyRecord
from ..domain.errors import ErrorCode, VouchsafeError
from ..ports import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A client's key, whose it is, and the fingerprint of the request it came with."""

    account_id: int  # 0 for operators
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnceOnly[T]:
    """A token and how the answer to be recorded, and given again, is made from what was made.

    `render` gives status and JSON body (None: no body). It leaves out what is shown once.
    """

    token: Token
    render: Callable[[T], tuple[int, dict[str, Any] | None]]


def used[T](
    once: OnceOnly[T] | None, made: T, now: datetime, *, order_id: int | None = None
) -> tuple[IdempotencyRecord, ...]:
    """What a service adds to its commit: the record of the key, or nothing without a key.

    A second commit under the same key fails with Conflict, whatever else it writes.
    """
    if once is None:
        return ()
    status, answer = once.render(made)
    record = IdempotencyRecord(
        account_id=once.token.account_id,
        key=once.token.key,
        fingerprint=once.token.fingerprint,
        order_id=order_id,
        status=status,
        answer=answer,
        created_at=now,
    )
    return (record,)


def recall(token: Token, *, ledger: Ledger) -> IdempotencyRecord | None:
    """The record of the first request under this key, if there was one. One look-up.

    Raises VouchsafeError(CONFLICT, subject idempotency_key) when that was another request.
    """
    record = ledger.idempotency(token.account_id, token.key)
    if record is not None and record.fingerprint != token.fingerprint:
        raise VouchsafeError(
            ErrorCode.CONFLICT,
            "This Idempotency-Key came with another request before.",
            subject="idempotency_key",
        )
    return record


def answered(once: OnceOnly[Any] | None, *, ledger: Ledger) -> bool:
    """Whether the key has its record by now: a twin was faster. Raises what `recall` raises."""
    return once is not None and recall(once.token, ledger=ledger) is not None
