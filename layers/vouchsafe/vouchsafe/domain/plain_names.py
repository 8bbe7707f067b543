"""Names in the plain form that we write: a subject with a common name alone, and dNSNames.

Read back is what has exactly the bytes that we write for it. All else a library has to read, which
knows every form, and takes ten times as long.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from . import der

_SET = 0x31
_UTF8_STRING = 0x0C
_DNS_NAME = 0x82  # [2] IMPLICIT IA5String (RFC 5280 4.2.1.6)
_HEAD = 2  # octets of a short element's own tag and length
_LONG = 0x80  # such a bit in place of a length: the others say how many octets the length takes

LONGEST_COMMON_NAME = 64  # characters, RFC 5280 ub-common-name
_COMMON_NAME = der.object_identifier("2.5.4.3")
_BEFORE_COMMON_NAME = 4 * _HEAD + len(_COMMON_NAME)

_ALTERNATIVES = "2.5.29.17"
_EXTENSION_REQUEST = der.object_identifier("1.2.840.113549.1.9.14")  # RFC 2985 5.4.2
_IDENTIFIER = der.object_identifier(_ALTERNATIVES)


@lru_cache(maxsize=4)  # the same comes in a request, goes into the draft, is read back out of it
def common_name_alone(text: str) -> bytes:
    """A Name (RFC 5280 4.1.2.4) of one common name as UTF8String."""
    value = der.tlv(_UTF8_STRING, text.encode())
    return der.sequence(der.tlv(_SET, der.sequence(_COMMON_NAME, value)))


def common_name_in(name: bytes) -> str | None:
    """The common name of a DER Name in plain form, in ASCII; None for any other Name."""
    try:
        text = name[_BEFORE_COMMON_NAME:].decode("ascii")
    except ValueError:
        return None
    plain = 0 < len(text) <= LONGEST_COMMON_NAME and name == common_name_alone(text)
    return text if plain else None


class Alternatives(NamedTuple):
    """What a subjectAltName says: its dNSNames in order, how many names of other kinds."""

    names: tuple[str, ...]
    others: int
    critical: bool


@lru_cache(maxsize=4)  # as above
def alternative_names(names: tuple[str, ...], *, critical: bool) -> bytes:
    """subjectAltName of dNSNames. Raises ValueError for a name that is not ASCII."""
    listed = der.sequence(*[der.tlv(_DNS_NAME, name.encode("ascii")) for name in names])
    return der.extension(_ALTERNATIVES, listed, critical=critical)


def is_alternatives(extension: bytes) -> bool:
    """Whether a whole Extension, DER that was parsed before, is a subjectAltName."""
    length = extension[1]
    return extension.startswith(_IDENTIFIER, _HEAD + (length & ~_LONG if length & _LONG else 0))


@lru_cache(maxsize=4)  # as above
def alternatives_in(extension: bytes) -> Alternatives | None:
    """What a subjectAltName in plain form says, at least one name; None for any other extension."""
    try:
        _, *flag, value = der.elements(extension)
        (listed,) = der.elements(value)
        names = tuple([each[_HEAD:].decode("ascii") for each in der.elements(listed)])
        plain = names and extension == alternative_names(names, critical=bool(flag))
    except ValueError:
        return None
    return Alternatives(names, 0, bool(flag)) if plain else None


def requested_in(attributes: bytes) -> tuple[str, ...] | None:
    """The dNSNames that a request asks for whose attributes (RFC 2986 4.1, DER) hold nothing but a
    subjectAltName in plain form; None for any others.
    """
    try:
        (attribute,) = der.elements(attributes)
        _, values = der.elements(attribute)
        (extensions,) = der.elements(values)
        (extension,) = der.elements(extensions)
    except ValueError:
        return None
    values = der.tlv(_SET, der.sequence(extension))
    if attributes != der.explicit(0, der.sequence(_EXTENSION_REQUEST, values)):
        return None
    found = alternatives_in(extension)
    return None if found is None else found.names
