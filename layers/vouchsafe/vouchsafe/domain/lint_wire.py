"""Findings as JSON between the function that lints and those who ask it."""

from __future__ import annotations

from typing import Any

from .linting import Finding, Severity


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """Plain JSON values."""
    return {
        "severity": finding.severity.name,
        "code": finding.code,
        "message": finding.message,
        "clause": finding.clause,
    }


def finding_from_json(data: Any) -> Finding:
    """The finding in `data`. Raises KeyError, TypeError or ValueError for another shape."""
    code, message, clause = (data[name] for name in ("code", "message", "clause"))
    if not all(isinstance(each, str) for each in (code, message, clause)):
        raise TypeError("code, message and clause must be text")
    return Finding(Severity[data["severity"]], code, message, clause)
