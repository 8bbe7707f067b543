"""The shapes of answers about certificate requests, for documents and tests alone."""

from __future__ import annotations

from pydantic import Field

from .answers import Shape


class CsrFindingRow(Shape):
    """One finding; severity error refuses an order, warning is only said."""

    field: str
    found: str
    expected: str
    severity: str
    message: str


class SubjectAttribute(Shape):
    attribute: str
    value: str


class CsrReport(Shape):
    """Everything there is to say about a request; its contents are missing if it is unreadable."""

    valid: bool
    findings: list[CsrFindingRow]
    key: str | None = None
    signature_hash: str | None = None
    subject: list[SubjectAttribute] = Field(default_factory=list)
    dns_names: list[str] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)
