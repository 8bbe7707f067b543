"""The shapes of what a look saw from several places, CAA among it; for documents and tests."""

from __future__ import annotations

from datetime import datetime

from .answers import Shape


class Verdict(Shape):
    """What one place on the network saw."""

    perspective: str
    rir: str
    completed: bool
    passed: bool
    detail: str


class CaaStanding(Shape):
    """What the newest check of CAA found about a name: permitted, forbidden or unknown.

    `record_name` is where the deciding set stands, `record` what of it decided.
    """

    status: str
    checked_at: datetime
    record_name: str
    record: str
    detail: str
    dnssec: str
    perspectives: list[Verdict]
    cause: str | None = None
    explanation: str | None = None
    advice: str | None = None
