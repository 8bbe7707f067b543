"""The numbers that anybody may know of this service. Nothing in them is about a customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .duties import DutyDone, late

#: What the sums and medians are of.
SPAN = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What metrics added up to over SPAN. None: nothing was measured. Times in seconds.

    The medians are of days: each day's median, and of those the middle one.
    """

    issued: int = 0
    issued_last_day: int = 0
    revoked: int = 0
    proof_to_issue: float | None = None
    revoked_to_published: float | None = None
    duties_on_time: float | None = None  # percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What is published: what was measured, and what stands now. `oldest_crl` is in seconds."""

    at: datetime
    measured: Measured
    oldest_crl: float | None
    crls: int
    duties: Sequence[DutyDone]


def to_json(numbers: Numbers) -> dict[str, Any]:
    """The numbers as plain JSON values, with units in the names."""
    measured, behind = numbers.measured, late(numbers.duties, numbers.at)
    return {
        "generated_at": _moment(numbers.at),
        "days": SPAN.days,
        "certificates_issued": measured.issued,
        "certificates_issued_last_day": measured.issued_last_day,
        "certificates_revoked": measured.revoked,
        "median_seconds_from_proof_to_issue": measured.proof_to_issue,
        "median_seconds_from_revocation_to_crl": measured.revoked_to_published,
        "crls": numbers.crls,
        "oldest_crl_age_seconds": numbers.oldest_crl,
        "duties_on_time_percent": measured.duties_on_time,
        "duties": [
            {
                "name": each.duty.value,
                "last_done_at": _moment(each.done_at),
                "on_time": each.duty not in behind,
            }
            for each in numbers.duties
        ],
    }


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
