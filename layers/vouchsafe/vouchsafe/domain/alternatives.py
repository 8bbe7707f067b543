"""subjectAltName (RFC 5280 4.2.1.6) as we write it, dNSNames and nothing else; and read back."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from . import der

_OID = "2.5.29.17"
_IDENTIFIER = der.object_identifier(_OID)
_DNS_NAME = 0x82  # [2] IMPLICIT IA5String
_HEAD = 2  # octets of a short element's own tag and length
_LONG = 0x80  # such a bit in place of a length: the others say how many octets the length takes


class Alternatives(NamedTuple):
    """What a subjectAltName says: its dNSNames in order, how many names of other kinds."""

    names: tuple[str, ...]
    others: int
    critical: bool


@lru_cache(maxsize=4)  # the same is written into a draft, and held against what stands there
def alternative_names(names: tuple[str, ...], *, critical: bool) -> bytes:
    """subjectAltName of dNSNames. Raises ValueError for a name that is not ASCII."""
    listed = der.sequence(*[der.tlv(_DNS_NAME, name.encode("ascii")) for name in names])
    return der.extension(_OID, listed, critical=critical)


def is_alternatives(extension: bytes) -> bool:
    """Whether a whole Extension, DER that was parsed before, is a subjectAltName."""
    length = extension[1]
    return extension.startswith(_IDENTIFIER, _HEAD + (length & ~_LONG if length & _LONG else 0))


def alternatives_in(extension: bytes) -> Alternatives | None:
    """What a subjectAltName says whose bytes are those that we write for it.

    None for any other spelling, and for names of other kinds: a library has to read these.
    """
    try:
        _, *flag, value = der.elements(extension)
        (listed,) = der.elements(value)
        names = tuple([each[_HEAD:].decode("ascii") for each in der.elements(listed)])
        found = Alternatives(names, 0, critical=bool(flag))
    except ValueError:
        return None
    return found if extension == alternative_names(names, critical=found.critical) else None
