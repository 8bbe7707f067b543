"""The shape of the audit log as JSON; for documents and tests alone."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from .answers import Shape


class AuditEntry(Shape):
    """One change. Everything but `hash` is what the hash is over; docs/audit-log.md says how."""

    account_id: int
    actor: str = Field(description="Who did it: user 7, operator 9 or system.")
    after: dict[str, Any]
    at: str
    before: dict[str, Any]
    certificate_id: int | None
    change_id: str
    data: dict[str, Any]
    format: int
    hash: str
    kind: str
    number: int
    order_id: int | None
    previous: str = Field(description="The hash of the entry before.")
    request_id: int | None
    subject: str = Field(description="What it was done to: organization 12.")


class AuditHead(Shape):
    """The newest entry of the log when it was read."""

    number: int
    hash: str


class AuditLog(Shape):
    """A page of the log, oldest entry first."""

    account_id: int
    begins: int = Field(description="The first number that has a hash.")
    entries: list[AuditEntry]
    filters: dict[str, str] = Field(description="The filters that were asked for.")
    head: AuditHead
    next: int | None = Field(description="`after` of the next page; null at the end.")
