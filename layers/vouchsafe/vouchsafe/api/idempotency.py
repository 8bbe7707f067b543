"""The `Idempotency-Key` header: the same key and request, at any time, get the same answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from ..domain.dossier import IdempotencyRecord
from ..domain.errors import Conflict, Flaw, Unavailable, VouchsafeError, invalid
from ..ports import Ledger
from ..services.idempotency import OnceOnly, Token, recall
from .call import Answer, Call, answer_json
from .routes import IDEMPOTENCY_HEADER as HEADER

_LONGEST_KEY = 255


def token_of(call: Call) -> Token | None:
    """The client's key, if it sent one. The fingerprint ignores the body's layout.

    Raises VouchsafeError for a key that is none, and for a body that cannot be read.
    """
    key = call.headers.get(HEADER.lower())
    if key is None:
        return None
    visible = all(" " < character <= "~" for character in key)
    if not visible or not 1 <= len(key) <= _LONGEST_KEY:
        raise invalid(Flaw(HEADER, f"must be 1 to {_LONGEST_KEY} visible ASCII characters"))
    text = f"{call.method} {call.path.rstrip('/')}\n{_canonical(call)}"
    return Token(
        account_id=call.principal.account_id,
        key=key,
        fingerprint=hashlib.sha256(text.encode()).hexdigest(),
    )


def _canonical(call: Call) -> str:
    """The body without its layout; a file by its hash, with what the query says of it."""
    if call.is_file:
        said = json.dumps(dict(call.query), sort_keys=True)
        return f"{said} {hashlib.sha256(call.raw_body).hexdigest()}"
    return json.dumps(call.optional_body(), sort_keys=True, separators=(",", ":"))


def once_only[T](call: Call, answer: Callable[[T], Answer]) -> OnceOnly[T] | None:
    """For a service: the client's key, and `answer` as the way to what is given again."""
    token = token_of(call)
    if token is None:
        return None

    def render(made: T) -> tuple[int, dict[str, object] | None]:
        given = answer(made)
        return given.status, None if given.content is None else json.loads(given.content)

    return OnceOnly(token=token, render=render)


def answered_once(call: Call, operate: Callable[[], Answer], *, ledger: Ledger) -> Answer:
    """The recorded answer of this key, or else what `operate` answers.

    A twin that won while `operate` was at it may show as any refusal; its answer is given then.
    """
    token = token_of(call)
    if token is None:
        return operate()
    before = recall(token, ledger=ledger)
    if before is not None:
        return _again(before)
    try:
        return operate()
    except (Conflict, Unavailable, VouchsafeError):
        twin = recall(token, ledger=ledger)
        if twin is None:
            raise
        return _again(twin)


def _again(record: IdempotencyRecord) -> Answer:
    if record.answer is None:
        return Answer(status=record.status, headers={"Idempotency-Replayed": "true"})
    return answer_json(record.answer, record.status, Idempotency_Replayed="true")
