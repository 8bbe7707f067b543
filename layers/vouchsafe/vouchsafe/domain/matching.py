"""How what was found compares with what must be there: one whole value, never a part of a text."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from .resolution import Rdata

_PART_OF_VALUE = 8  # characters that are no coincidence
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # UTF-8
_WHITE_SPACE = b" \t\r\n\f\v"


class Match(StrEnum):
    """How a record set or a file compares with the value wanted, best first."""

    EXACT = "exact"
    WRONG_CASE = "wrong_case"
    QUOTED = "quoted"
    CUT = "cut"
    OTHER = "other"
    NOTHING = "nothing"


_RANKS = {match: rank for rank, match in enumerate(Match)}


def judge_txt(records: Iterable[Rdata], value: str) -> Match:
    """How TXT `records` (each a tuple of its character-strings) compare with `value`.

    EXACT only when one whole character-string equals it; never a substring, never strings joined.
    """
    matches = [_judge_string(text, value) for record in records for text in _readings(record)]
    return min(matches, key=_RANKS.__getitem__, default=Match.NOTHING)


def judge_cname(records: Iterable[Rdata], target: str) -> Match:
    """How a CNAME set compares with `target`. Names have no case (RFC 4343)."""
    seen = [record[0].rstrip(".").lower() for record in records]
    if not seen:
        return Match.NOTHING
    return Match.EXACT if seen == [target.lower()] else Match.OTHER


def judge_body(body: bytes, value: str) -> Match:
    """How a file's bytes compare with `value`: minus BOM and outer white space they must be it."""
    text = body.removeprefix(_BYTE_ORDER_MARK).strip(_WHITE_SPACE)
    if not text:
        return Match.NOTHING
    if text == value.encode("ascii"):
        return Match.EXACT
    near = _judge_string((text.decode("utf-8", "replace"), True), value)
    return Match.OTHER if near is Match.EXACT else near


def _readings(record: Rdata) -> tuple[tuple[str, bool], ...]:
    """The strings of a record, and its strings joined, which count as a near miss only."""
    single = tuple((text, True) for text in record)
    return (*single, ("".join(record), False)) if len(record) > 1 else single


def _judge_string(reading: tuple[str, bool], value: str) -> Match:
    text, whole = reading
    if text == value:
        return Match.EXACT if whole else Match.CUT
    bare = text.strip("\"' \t\r\n")
    if text.lower() == value.lower():
        return Match.WRONG_CASE
    if bare.lower() == value.lower():
        return Match.QUOTED
    if len(bare) >= _PART_OF_VALUE and (bare in value or value in bare):
        return Match.CUT
    return Match.OTHER
