"""The values of list filters: how each is written, and what it means. Flaws are ValueErrors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ..domain.errors import Flaw
from ..domain.identifiers import parse_identifier
from ..domain.order_fields import ORIGIN, Field, Standing
from ..domain.order_query import Bounds

_LONGEST_SERIAL = 40  # RFC 5280 4.1.2.2: 20 octets
_LONGEST_NUMBER = 18
_RANGE = "..."
_HEX = frozenset("0123456789abcdef")
_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[ +T](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:\.\d+)?(Z|[ +-]\d{2}:?\d{2})?)?\Z"
)
#: Years beyond every order; their edges are no trouble to reckon with.
_FIRST_YEAR, _LAST_YEAR = 1971, 2999
_TICK = timedelta(microseconds=1)

#: The vendor's words for an order's status. Those with nothing behind them are states that orders
#: never have here; asking for them finds nothing.
_STATUSES: Mapping[str, frozenset[Standing]] = {
    "needs_approval": frozenset({Standing.AWAITING_APPROVAL}),
    "pending": frozenset({Standing.PENDING}),
    "processing": frozenset({Standing.PROCESSING}),
    "issued": frozenset({Standing.VALID, Standing.EXPIRED}),
    "reissue_pending": frozenset({Standing.REISSUING}),
    "rejected": frozenset({Standing.INVALID}),
    "canceled": frozenset({Standing.CANCELLED}),
    "revoked": frozenset({Standing.REVOKED}),
    "expired": frozenset({Standing.EXPIRED}),
    "approved": frozenset(),
    "denied": frozenset(),
    "needs_csr": frozenset(),
    "waiting_pickup": frozenset(),
}
_SWITCHES = {"1": True, "true": True, "0": False, "false": False}
_ORIGINS = (ORIGIN, "migrated")


@dataclass(frozen=True, slots=True)
class Like:
    """A text in which `%` stands for anything."""

    pattern: str


type Reader = Callable[[str], list[Any]]


def _status(text: str) -> list[Any]:
    standings = _STATUSES.get(text.lower())
    if standings is None:
        raise ValueError(f"must be one of {', '.join(_STATUSES)}")
    return list(standings)


def _whole(text: str) -> list[Any]:
    """`5`, `5...9`, `>5`, `<=5`."""
    ends = text.split(_RANGE)
    operator, rest = _operator(text)
    numbers = ends if _RANGE in text else [rest]
    if not all(e.isascii() and e.isdigit() and len(e) <= _LONGEST_NUMBER for e in numbers):
        raise ValueError("must be a whole number, a range such as 5...9, or begin with > or <")
    read = [int(each) for each in numbers]
    if len(ends) > 1:
        return [Bounds(low=read[0], high=read[-1])]
    return [_compared(operator, read[0], read[0], 1)] if operator else read


def _operator(text: str) -> tuple[str, str]:
    operator = next((each for each in (">=", "<=", ">", "<") if text.startswith(each)), "")
    return operator, text.removeprefix(operator).strip()


def _compared(operator: str, start: Any, end: Any, step: Any) -> Bounds:
    """What a comparison with the time or number from `start` to `end` leaves."""
    return {
        ">": Bounds(low=end + step),
        ">=": Bounds(low=start),
        "<": Bounds(high=start - step),
        "<=": Bounds(high=end),
        "": Bounds(low=start, high=end),
    }[operator]


def moment_span(text: str) -> tuple[datetime, datetime]:
    """The first and last moment that a date or a time of day names, UTC unless it says otherwise.

    Parts need no leading zeros: `2026-1-5`, `2026-1-5+3:4:5`. Raises ValueError.
    """
    match = _MOMENT.match(text.strip())
    if match is None:
        raise ValueError("must be a date such as 2026-11-21, or a date and time")
    year, month, day, hour, minute, second, zone = match.groups()
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        raise ValueError(f"must be a time in the years {_FIRST_YEAR} to {_LAST_YEAR}")
    try:
        start = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0)
        )
        start = (start - _offset(zone)).replace(tzinfo=UTC)
        length = timedelta(days=1) if hour is None else timedelta(seconds=1 if second else 60)
        return start, start + length - _TICK
    except (ValueError, OverflowError):
        raise ValueError("must be a date and time that exist") from None


def read_moment(text: str | None, where: str, flaws: list[Flaw]) -> datetime | None:
    """The moment that a body's field names, UTC where it says no zone.

    None for nothing, and for a flaw, which is then listed under `where`.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        flaws.append(Flaw(where, "must be a moment, e.g. 2026-11-21T12:00:00Z"))
        return None


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone == "Z":
        return timedelta()
    digits = zone[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if zone[0] == "-" else offset


def moment_range(text: str) -> tuple[datetime, datetime]:
    """`from...to`, the last day or second included. Raises ValueError."""
    begin, dots, end = text.partition(_RANGE)
    if not dots:
        raise ValueError("must be a range such as 2026-11-01...2026-11-21")
    first, last = moment_span(begin)[0], moment_span(end)[1]
    if first > last:
        raise ValueError("must begin before it ends")
    return first, last


def _moments(text: str) -> list[Any]:
    """A day, a range, or a comparison; `>` a day of creation means after its first moment."""
    if _RANGE in text:
        first, last = moment_range(text)
        return [Bounds(low=first, high=last)]
    operator, rest = _operator(text)
    start, end = moment_span(rest)
    return [_compared(operator, start, end, _TICK)]


def _created(text: str) -> list[Any]:
    operator, rest = _operator(text)
    if operator == ">" and _RANGE not in text:
        return [Bounds(low=moment_span(rest)[0] + _TICK)]
    return _moments(text)


def _switch(text: str) -> list[Any]:
    if text.lower() not in _SWITCHES:
        raise ValueError("must be 1 or 0")
    return [_SWITCHES[text.lower()]]


def _name(text: str) -> list[Any]:
    if "%" in text:
        return [Like(text.lower())]
    return [parse_identifier(text.lower()).value]


def _serial(text: str) -> list[Any]:
    digits = text.replace(":", "")
    if not digits or len(digits) > _LONGEST_SERIAL or not _HEX.issuperset(digits.lower()):
        raise ValueError("must be a serial number in hexadecimal")
    return [int(digits, 16)]


def _origin(text: str) -> list[Any]:
    if text not in _ORIGINS:
        raise ValueError(f"must be one of {', '.join(_ORIGINS)}")
    return [text]


def _word(text: str) -> list[Any]:
    return [text]


def _address(text: str) -> list[Any]:
    return [Like(text.lower())] if "%" in text else [text.lower()]


def _search(text: str) -> list[Any]:
    return [Like(text.lower())]


READERS: Mapping[Field, Reader] = {
    Field.ORDER: _whole,
    Field.STATUS: _status,
    Field.ORGANIZATION: _whole,
    Field.PRODUCT: _word,
    Field.ENDS: _moments,
    Field.USER: _whole,
    Field.COMMON_NAME: _name,
    Field.NAME: _name,
    Field.CREATED: _created,
    Field.CONTAINER: _whole,
    Field.METADATA: _whole,
    Field.RENEWED: _switch,
    Field.QUIET: _switch,
    Field.EMAIL: _address,
    Field.CERTIFICATE: _whole,
    Field.ORIGIN: _origin,
    Field.SERIAL: _serial,
    Field.SEARCH: _search,
}
