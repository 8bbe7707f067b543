"""What a customer is asked to publish: the value, and the record that is printed."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Protocol

from .authorization import DcvMethodName, RandomValue
from .identifiers import Identifier
from .methods import DNSAUTH_LABEL, ENGINES, METHODS, Record

__all__ = ["DNSAUTH_LABEL", "ENGINES", "VALUE_LIFE", "Record", "new_random_value", "record_for"]

VALUE_LIFE = timedelta(days=30)  # BR 3.2.2.4.7: a Random Value is not used longer
_VALUE_BYTES = 16  # 128 bits; BR 1.6.1 asks for 112


class _Bytes(Protocol):
    def bytes(self, count: int) -> bytes: ...


def new_random_value(entropy: _Bytes, now: datetime, *, hexadecimal: bool = False) -> RandomValue:
    """A fresh value: `_` and 26 lower-case base32 characters of 128 random bits, dead in 30 days.

    The form fits a TXT string, a CNAME label and a file alike. `hexadecimal`: in the guide's form,
    `_` and 32 hexadecimal digits.
    """
    noise = entropy.bytes(_VALUE_BYTES)
    text = noise.hex() if hexadecimal else base64.b32encode(noise).decode("ascii").rstrip("=")
    return RandomValue(value=f"_{text.lower()}", created_at=now, expires_at=now + VALUE_LIFE)


def record_for(
    identifier: Identifier, method: DcvMethodName, value: str, dcv_domain: str
) -> Record:
    """The record that is printed for `identifier`; a wildcard's stands at its base.

    `dcv_domain` is our own domain, the target of CNAME records. Raises ValueError for a method that
    has no record (e-mail), for a CNAME without our domain, and for a file for a wildcard.
    """
    found = METHODS[method]
    if identifier.wildcard and not found.wildcards:
        raise ValueError(f"{method} proves no wildcard name")
    records = found.records(identifier.base, value, dcv_domain)
    if not records:
        raise ValueError(f"{method} publishes no record")
    return records[0]
