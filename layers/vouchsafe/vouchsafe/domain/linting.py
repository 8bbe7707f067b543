"""Findings of linters and of our own gate, as data, and which of them refuse a signature."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """Smaller is worse, as in pkilint."""

    FATAL = 0
    ERROR = 1
    WARNING = 2
    NOTICE = 3
    INFO = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed: how bad, a stable dotted code, a sentence, and the clause it rests on."""

    severity: Severity
    code: str
    message: str
    clause: str = ""


#: Takes a DER certificate or CRL, gives what a linter says about it.
Lint = Callable[[bytes], Sequence[Finding]]

#: Warnings that were looked at and are accepted, each with the reason; never anything at ERROR.
REVIEWED_WARNINGS: dict[str, str] = {
    "cabf.serverauth.dv.common_name_attribute_present": (
        "Old clients look for the name in the subject; the value is always one of the SANs "
        "(BR 7.1.2.7.2 permits it, 7.1.4.3 is kept)."
    ),
    "cabf.serverauth.ov.common_name_attribute_present": (
        "As for DV: not recommended but permitted (BR 7.1.2.7.4), always one of the SANs."
    ),
    "cabf.ev_guidelines.common_name_attribute_present": (
        "As for DV: discouraged but permitted (EVG 7.1.4.2.2), always one of the SANs."
    ),
    "cabf.serverauth.subscriber_rsa_digitalsignature_and_keyencipherment_present": (
        "An RSA key may have to serve TLS 1.2 clients that know no other key exchange; the "
        "customer who wants the keys apart uses EC (BR 7.1.2.7.11 permits both together)."
    ),
}


class LintRefused(Exception):
    """A draft that must not be signed. `findings` holds those that refuse it, never none."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{each.code}: {each.message}" for each in self.findings))


def refusing(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that forbid a signature: ERROR and worse, and warnings nobody reviewed."""
    return tuple(
        finding
        for finding in findings
        if finding.severity <= Severity.ERROR
        or (finding.severity is Severity.WARNING and finding.code not in REVIEWED_WARNINGS)
    )


def refuse_if_any(findings: Iterable[Finding]) -> None:
    """Raises LintRefused when any of `findings` forbids a signature."""
    if refused := refusing(findings):
        raise LintRefused(refused)
