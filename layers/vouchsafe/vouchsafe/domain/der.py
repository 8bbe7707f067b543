"""The few DER shapes put together by hand (X.690 8 to 11), where a builder is slow or loose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache

INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
OBJECT_IDENTIFIER = 0x06
ENUMERATED = 0x0A
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18
SEQUENCE = 0x30

TRUE = b"\x01\x01\xff"

_SHORT_LENGTH = 0x80
_FIRST_GENERALIZED_YEAR = 2050  # RFC 5280 4.1.2.5


def tlv(tag: int, *parts: bytes) -> bytes:
    """One element: `tag` (one octet), the length in its shortest form, the parts joined."""
    content = b"".join(parts)
    length = len(content)
    if length < _SHORT_LENGTH:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, _SHORT_LENGTH | len(octets))) + octets + content


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE of parts that are DER already."""
    return tlv(SEQUENCE, *parts)


def explicit(number: int, *parts: bytes) -> bytes:
    """A constructed context tag `[number]` (0 to 30) around parts that are DER already."""
    return tlv(0xA0 | number, *parts)


def integer(value: int) -> bytes:
    """An INTEGER in the fewest octets that keep its sign (X.690 8.3.2)."""
    size = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return tlv(INTEGER, value.to_bytes(size, signed=True))


def bit_string(octets: bytes) -> bytes:
    """A BIT STRING of whole octets."""
    return tlv(BIT_STRING, b"\x00", octets)


@lru_cache(maxsize=256)
def object_identifier(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER from its dotted spelling."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    return tlv(OBJECT_IDENTIFIER, *(_base128(arc) for arc in (first * 40 + second, *rest)))


def _base128(arc: int) -> bytes:
    octets = [arc & 0x7F]
    while arc := arc >> 7:
        octets.append(0x80 | arc & 0x7F)
    return bytes(reversed(octets))


def time(moment: datetime) -> bytes:
    """A Time of whole seconds: UTCTime to 2049, GeneralizedTime after (RFC 5280 4.1.2.5).

    Raises ValueError for a moment that is naive or carries a fraction of a second.
    """
    if moment.tzinfo is None or moment.microsecond:
        raise ValueError("certificate times are aware and whole seconds")
    utc = moment.astimezone(UTC)
    at = (utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second)
    digits = b"%04d%02d%02d%02d%02d%02dZ" % at
    if utc.year < _FIRST_GENERALIZED_YEAR:
        return tlv(UTC_TIME, digits[2:])
    return tlv(GENERALIZED_TIME, digits)


def extension(dotted: str, value: bytes, *, critical: bool) -> bytes:
    """An Extension (RFC 5280 4.1); FALSE is the default and thus left out."""
    return sequence(object_identifier(dotted), TRUE if critical else b"", tlv(OCTET_STRING, value))


def children(encoded: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """The elements inside one constructed element: tag, whole element, content.

    Only for DER that was made or parsed before. Raises ValueError when lengths do not add up.
    """
    _, start, end = _header(encoded, 0)
    while start < end:
        tag, inner, after = _header(encoded, start)
        if after > end:
            raise ValueError("an element is longer than what holds it")
        yield tag, encoded[start:after], encoded[inner:after]
        start = after


def first(encoded: bytes, wanted: int) -> bytes:
    """The first element with that tag inside one constructed element; b"" where there is none."""
    _, at, end = _header(encoded, 0)
    while at < end:
        tag, _, after = _header(encoded, at)
        if tag == wanted:
            return encoded[at:after]
        at = after
    return b""


def elements(encoded: bytes) -> list[bytes]:
    """The elements inside one constructed element, as they stand there. As `children`, but without
    a call for each of them: every draft is taken apart here several times.
    """
    at = 2
    if at > len(encoded):
        raise ValueError("an element is cut off")
    length = encoded[1]
    if length >= _SHORT_LENGTH:
        at += length & 0x7F
        length = int.from_bytes(encoded[2:at])
    end = at + length
    if end > len(encoded):
        raise ValueError("an element is cut off")
    found = []
    while at < end:
        start, at = at, at + 2
        if at > end:
            raise ValueError("an element is cut off")
        length = encoded[at - 1]
        if length >= _SHORT_LENGTH:
            octets, at = at, at + (length & 0x7F)
            length = int.from_bytes(encoded[octets:at])
        at += length
        if at > end:
            raise ValueError("an element is longer than what holds it")
        found.append(encoded[start:at])
    return found


def _header(encoded: bytes, at: int) -> tuple[int, int, int]:
    """Tag, start of the content and end of the element that begins at `at`."""
    if at + 2 > len(encoded):
        raise ValueError("an element is cut off")
    tag, length, start = encoded[at], encoded[at + 1], at + 2
    if length >= _SHORT_LENGTH:
        count = length & 0x7F
        length = int.from_bytes(encoded[start : start + count])
        start += count
    if start + length > len(encoded):
        raise ValueError("an element is cut off")
    return tag, start, start + length
