"""How an answer stands to DNSSEC, and what is wrong with it (RFC 4035 5): found elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .authorization import DnssecStatus


class Flaw(StrEnum):
    """Why an answer is bogus."""

    EXPIRED = "expired"  # every signature that might hold has run out
    NOT_YET_VALID = "not_yet_valid"
    UNSIGNED = "unsigned"  # no signature, though the zone's parent says that there are some
    INVALID = "invalid"  # the signature does not fit the records
    NO_KEY = "no_key"  # no DNSKEY fits what the parent's DS, or the signature, names
    UNPROVEN = "unproven"  # that something is not there is said, but not proven
    TOO_MUCH_WORK = "too_much_work"  # more checks than any honest answer takes


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an answer stands to DNSSEC; `flaw` and `detail` say why it is bogus."""

    status: DnssecStatus = DnssecStatus.UNKNOWN
    flaw: Flaw | None = None
    detail: str = ""


#: Nobody looked.
UNVALIDATED = Verdict()
