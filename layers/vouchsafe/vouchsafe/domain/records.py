"""What a customer is asked to publish: every record printed or checked is built here."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from .authorization import DcvMethodName, RandomValue
from .identifiers import Identifier

#: Methods that can be used today: those whose look-up is built.
ENGINES: frozenset[DcvMethodName] = frozenset({DcvMethodName.DNS_TXT})

VALUE_LIFE = timedelta(days=30)  # BR 3.2.2.4.7: a Random Value is not used longer
_VALUE_BYTES = 16  # 128 bits; BR 1.6.1 asks for 112

#: The label under which a TXT record counts, too (BR 3.2.2.4.7: a label that begins with `_`).
DNSAUTH_LABEL = "_dnsauth"


class _Bytes(Protocol):
    def bytes(self, count: int) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What to publish: `type` TXT, CNAME or HTTP; `name` an owner name, or the URL of a file."""

    type: str
    name: str
    value: str


def new_random_value(entropy: _Bytes, now: datetime) -> RandomValue:
    """A fresh value: `_` and 26 lower-case base32 characters of 128 random bits, dead in 30 days.

    The form fits a TXT string, a CNAME label and a file alike.
    """
    text = base64.b32encode(entropy.bytes(_VALUE_BYTES)).decode("ascii").rstrip("=").lower()
    return RandomValue(value=f"_{text}", created_at=now, expires_at=now + VALUE_LIFE)


def record_for(
    identifier: Identifier, method: DcvMethodName, value: str, dcv_domain: str
) -> Record:
    """The record that proves control of `identifier`; a wildcard's stands at its base.

    `dcv_domain` is our own domain, the target of CNAME records. Raises ValueError for a method that
    has no record (e-mail).
    """
    base = identifier.base
    match method:
        case DcvMethodName.DNS_TXT:
            return Record(type="TXT", name=base, value=value)
        case DcvMethodName.DNS_CNAME:
            return Record(type="CNAME", name=f"{value}.{base}", value=f"dcv.{dcv_domain}")
        case DcvMethodName.HTTP_FILE:
            url = f"http://{base}/.well-known/pki-validation/fileauth.txt"  # BR 3.2.2.4.18
            return Record(type="HTTP", name=url, value=value)
    raise ValueError(f"{method} publishes no record")
