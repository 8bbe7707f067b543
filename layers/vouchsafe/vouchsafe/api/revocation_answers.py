"""The shapes of answers about blocked keys and bulk revocations."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from .answers import Page, Shape


class BlockedKeyInfo(Shape):
    """A blocked key. `sweeping`: certificates with it may still have to be revoked."""

    spki_sha256: str
    reason: str
    blocked_by: str
    note: str
    date_blocked: datetime
    sweeping: bool
    revoked: int
    warnings: list[str] = Field(default_factory=list)


class ChosenCertificate(Shape):
    """A certificate of a bulk revocation, as it stands now."""

    id: int
    order_id: int
    account_id: int
    common_name: str
    serial_number: str | None = None
    status: str
    date_issued: datetime | None = None
    valid_till: datetime | None = None


class BulkRevocationInfo(Shape):
    """A bulk revocation: previewed, running or done. `revoked` counts what had to be revoked."""

    token: str
    status: str
    reason: str
    comments: str
    total: int
    done: int
    revoked: int
    date_made: datetime
    operator_id: int
    certificates: list[ChosenCertificate]
    page: Page
    warnings: list[str] = Field(default_factory=list)
