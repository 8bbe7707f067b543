"""API keys: listed, made and shown once, revoked and taken up again."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from ..dependencies import AccountsApi
from ..domain.accounts import ApiKey, Restriction, User
from ..domain.errors import Flaw, invalid
from ..services.api_keys import KeyWish, make_key, set_key_status, visible_key, visible_keys
from ..services.keys import CreatedKey
from .account_schemas import KeyBody
from .call import Answer, Call, answer_json
from .dialect import timestamp
from .idempotency import once_only
from .paging import paged, without_nothing
from .people_words import RESTRICTIONS
from .reading import validated
from .schemas import StatusBody

_BY_NUMBER = {number: restriction for restriction, (number, _) in RESTRICTIONS.items()}
_STATUSES = {"active": True, "revoked": False}
_MOST_RANGES = 50
_SHOWN_ONCE = "The key was shown once, with the first answer, and is kept nowhere."


def list_keys(call: Call, deps: AccountsApi) -> Answer:
    """GET key: all of the account's for an administrator, one's own for others."""
    found = visible_keys(call.principal, accounts=deps.accounts)
    people = {user.user_id: user for user in deps.accounts.users_of(call.principal.account_id)}
    rows, page = paged(found, call.query)
    now = deps.clock.now()
    return answer_json({"api_keys": [_row(key, people, now) for key in rows], "page": page})


def read_key(call: Call, deps: AccountsApi) -> Answer:
    """GET key/{id}: everything but the key itself."""
    key = visible_key(call.number("key"), call.principal, accounts=deps.accounts)
    user = deps.accounts.user(key.account_id, key.user_id)
    people = {} if user is None else {user.user_id: user}
    return answer_json(_row(key, people, deps.clock.now()))


def _row(key: ApiKey, people: Mapping[int, User], now: datetime) -> dict[str, Any]:
    number, name = RESTRICTIONS[key.restriction]
    user = people.get(key.user_id)
    return without_nothing(
        {
            "id": key.key_id,
            "name": key.name,
            "status": _status(key, now),
            "create_date": timestamp(key.created_at),
            "expires": None if key.expires_at is None else timestamp(key.expires_at),
            "user": {
                "id": key.user_id,
                "first_name": "" if user is None else user.first_name,
                "last_name": "" if user is None else user.last_name,
            },
            "restricted_by_role": {"id": number, "name": name} if number else None,
            "source_ranges": list(key.source_ranges),
        }
    )


def _status(key: ApiKey, now: datetime) -> str:
    if key.revoked:
        return "revoked"
    if key.suspended:
        return "suspended"
    expired = key.expires_at is not None and key.expires_at <= now
    return "expired" if expired else "active"


def make(call: Call, deps: AccountsApi) -> Answer:
    """POST key/user/{id}: the answer alone ever shows the key."""
    user_id = call.number("user")
    body, warnings = validated(KeyBody, call.body())
    made = make_key(
        user_id,
        _wish(body),
        call.principal,
        once=once_only(call, _again),
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    shown = {"id": made.record.key_id, "api_key": made.secret, "warnings": warnings}
    return answer_json(shown, 201)


def _again(made: CreatedKey) -> Answer:
    """What a repeated request gets: a key is recorded nowhere, not even for that."""
    return answer_json({"id": made.record.key_id, "warnings": [_SHOWN_ONCE]}, 201)


def _wish(body: KeyBody) -> KeyWish:
    flaws: list[Flaw] = []
    wish = KeyWish(
        name=body.name or "",
        restriction=_restriction(body.restricted_by_role_id, flaws),
        expires_at=_moment(body.expires, flaws),
        source_ranges=_ranges(body.source_ranges, flaws),
    )
    if not wish.name.strip():
        flaws.append(Flaw("name", "is required"))
    if flaws:
        raise invalid(*flaws)
    return wish


def _restriction(number: int | None, flaws: list[Flaw]) -> Restriction:
    restriction = _BY_NUMBER.get(number or 0)
    if restriction is None:
        numbers = ", ".join(str(each) for each in _BY_NUMBER)
        flaws.append(Flaw("restricted_by_role_id", f"must be one of {numbers}"))
        return Restriction.NONE
    return restriction


def _moment(text: str | None, flaws: list[Flaw]) -> datetime | None:
    """The end of a key: a moment with its offset, or the end of a day in UTC."""
    if text is None:
        return None
    try:
        if len(text) == len("2026-11-21"):
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        flaws.append(Flaw("expires", "must be a date, or a time with its offset (ISO 8601)"))
        return None


def _ranges(texts: list[str], flaws: list[Flaw]) -> tuple[str, ...]:
    ranges = []
    for position, text in enumerate(texts):
        try:
            ranges.append(str(ipaddress.ip_network(text, strict=False)))
        except ValueError:
            place = f"source_ranges[{position}]"
            flaws.append(Flaw(place, "must be an address or a network, such as 192.0.2.0/24"))
    if len(texts) > _MOST_RANGES:
        flaws.append(Flaw("source_ranges", f"must be {_MOST_RANGES} at most"))
    return tuple(dict.fromkeys(ranges))


def change_status(call: Call, deps: AccountsApi) -> Answer:
    """PUT key/{id}/status: active or revoked."""
    key_id = call.number("key")
    visible_key(key_id, call.principal, accounts=deps.accounts)
    body, _ = validated(StatusBody, call.body())
    active = _STATUSES.get((body.status or "").lower())
    if active is None:
        raise invalid(Flaw("status", f"must be one of {', '.join(_STATUSES)}"))
    set_key_status(
        key_id,
        call.principal,
        active=active,
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)
