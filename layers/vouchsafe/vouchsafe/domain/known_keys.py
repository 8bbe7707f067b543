"""A list of keys that everybody may know: leaked ones, and those of flawed generators (Debian's).

The list is a file in the form of badkeys' `blocklist.dat`: 16 bytes a key, sorted. The first 15 are
the start of the SHA-256 of the key's number (RSA: the modulus; EC: x), big-endian without leading
zeroes; the last one says which collection the key is from.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

_ROW = 16  # bytes
_HASH = 15  # bytes of them


class KeyList:
    """The list over the bytes of the file; they are not copied."""

    def __init__(self, content: bytes) -> None:
        """Raises ValueError for bytes that are no such file: a torn or unsorted one finds less."""
        if len(content) % _ROW:
            raise ValueError(f"a list of keys has {_ROW} bytes a key; this one has {len(content)}")
        self._content = content
        if not self._sorted_by_sample():
            raise ValueError("the list of keys is not sorted")

    def __len__(self) -> int:
        return len(self._content) // _ROW

    def __getitem__(self, place: int) -> bytes:
        return self._content[place * _ROW : place * _ROW + _HASH]

    def collection_of(self, spki: bytes) -> int | None:
        """The number of the collection that a key (DER SubjectPublicKeyInfo) is from, or None."""
        wanted = _hash_of(spki)
        if wanted is None:
            return None
        place = bisect_left(self, wanted)
        if place == len(self) or self[place] != wanted:
            return None
        return self._content[place * _ROW + _HASH]

    def _sorted_by_sample(self) -> bool:
        """Whether a thousand rows over the whole file rise; all of a short one."""
        step = max(len(self) // 1000, 1)
        rows = [self[place] for place in range(0, len(self), step)]
        return rows == sorted(rows)


def _hash_of(spki: bytes) -> bytes | None:
    key = load_der_public_key(spki)
    if isinstance(key, rsa.RSAPublicKey):
        number = key.public_numbers().n
    elif isinstance(key, ec.EllipticCurvePublicKey):
        number = key.public_numbers().x
    else:
        return None
    text = number.to_bytes((number.bit_length() + 7) // 8)
    return hashlib.sha256(text).digest()[:_HASH]
