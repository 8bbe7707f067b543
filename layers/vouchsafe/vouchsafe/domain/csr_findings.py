"""What is to be said about a certificate request: each finding with what was found and expected.

One set of rules for the CSR tool and for placing an order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from .identifiers import Identifier, parse_identifier

if TYPE_CHECKING:
    from .csr import Csr

type _Fits = Callable[[str], bool]

_WHOLE = frozenset({"csr", "key", "signature"})  # findings about the request, not its contents


class CsrSeverity(StrEnum):
    ERROR = "error"  # refuses the order
    WARNING = "warning"  # is said, and changes nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class CsrFinding:
    """One thing noticed. `field` is CN, O, C, ST, L, another attribute, csr, key or signature."""

    field: str
    found: str
    expected: str
    message: str
    severity: CsrSeverity = CsrSeverity.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedOrganization:
    """What O (any of the names: the English one counts), C, ST and L must say.

    An organization without a state or a locality has none in its certificates, either.
    """

    names: tuple[str, ...]
    country: str
    state: str
    locality: str

    @property
    def attributes(self) -> frozenset[str]:
        """The subject's attributes that say something of it."""
        found = {"O": any(self.names), "C": self.country, "ST": self.state, "L": self.locality}
        return frozenset(name for name, text in found.items() if text)


def refuses(findings: Iterable[CsrFinding]) -> bool:
    """Whether any finding is more than a remark."""
    return any(finding.severity is CsrSeverity.ERROR for finding in findings)


def told(finding: CsrFinding) -> str:
    """A finding as one sentence."""
    if finding.field in _WHOLE:
        return finding.message
    if not finding.expected:
        return f"{finding.field} ({finding.found[:100]}) {finding.message}"
    given = f" ({finding.found[:100]})" if finding.found else ""
    return f"{finding.field}{given} {finding.message}; expected is {finding.expected[:100]}"


def tidy(text: str) -> str:
    """NFC, without white space around, single spaces within: the form two texts are compared in."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def strict_findings(
    csr: Csr, common_name: Identifier | None, organization: ExpectedOrganization | None
) -> tuple[CsrFinding, ...]:
    """The rules of products whose request must fit the order; without a common name, CN is free.

    With an organization O, C, ST and L count, too, and nothing else may stand in the subject.
    """
    found: list[CsrFinding] = []
    if common_name is not None:
        found += _one(csr, "CN", common_name.value, _spells(common_name))
    expected = {"CN"}
    if organization is not None:
        found += _organization(csr, organization)
        expected |= organization.attributes
    severity = CsrSeverity.WARNING if organization is None else CsrSeverity.ERROR
    return (*found, *_extra(csr, expected, severity))


def loose_findings(
    csr: Csr, names: Sequence[Identifier], organization: ExpectedOrganization | None = None
) -> tuple[CsrFinding, ...]:
    """Where a request differs from its order and does not matter: subject and names are ignored.

    With an organization its attributes are held against what the certificate will say; what the
    request does not say of it needs no remark.
    """
    if not names:
        return ()
    wanted = {identifier.value for identifier in names}
    cn = csr.subject_values("CN")
    differing = [text for text in cn if text.strip() and not _spells(names[0])(text)]
    others = [t for t in csr.requested_names if t not in cn and _canonical(t) not in wanted]
    found = [
        CsrFinding(
            field="CN",
            found=text,
            expected=names[0].value,
            message="is another name than the order's common name, which counts",
            severity=CsrSeverity.WARNING,
        )
        for text in differing
    ]
    if others:
        found.append(
            CsrFinding(
                field="SAN",
                found=", ".join(others[:10]),
                expected=", ".join(sorted(wanted)[:10]),
                message="names that the order does not ask for are left out",
                severity=CsrSeverity.WARNING,
            )
        )
    return (*found, *_named_otherwise(csr, organization))


def _named_otherwise(csr: Csr, organization: ExpectedOrganization | None) -> list[CsrFinding]:
    """Remarks on whom a request names, where that is not whom its certificate will name."""
    if organization is None:
        return _extra(csr, {"CN"}, CsrSeverity.WARNING)
    message = "differs from the order's organization, which counts"
    differing = [
        replace(each, message=message, severity=CsrSeverity.WARNING)
        for each in _organization(csr, organization)
        if each.found.strip()
    ]
    known = {"CN", *organization.attributes}
    return [*differing, *_extra(csr, known, CsrSeverity.WARNING)]


def _organization(csr: Csr, organization: ExpectedOrganization) -> list[CsrFinding]:
    names = {tidy(name) for name in organization.names}
    country = tidy(organization.country).upper()
    rules: tuple[tuple[str, str, _Fits], ...] = (
        ("O", organization.names[0], lambda text: tidy(text) in names),
        ("C", organization.country, lambda text: tidy(text).upper() == country),
        ("ST", organization.state, _says(organization.state)),
        ("L", organization.locality, _says(organization.locality)),
    )
    known = organization.attributes
    return [each for rule in rules if rule[0] in known for each in _one(csr, *rule)]


def _says(expected: str) -> _Fits:
    """Whether a text says the same as another."""
    return lambda text: tidy(text) == tidy(expected)


def _spells(identifier: Identifier) -> _Fits:
    """Whether a text spells a name: any case, U-labels or A-labels."""
    return lambda text: _canonical(text) == identifier.value


def _canonical(text: str) -> str:
    try:
        return parse_identifier(text.strip()).value
    except ValueError:
        return ""


def _one(csr: Csr, field: str, expected: str, fits: _Fits) -> list[CsrFinding]:
    """Findings about an attribute that must stand there once, with the expected value."""
    values = csr.subject_values(field)
    if not values:
        return [CsrFinding(field=field, found="", expected=expected, message="is missing")]
    found = [
        CsrFinding(field=field, found=text, expected=expected, message="is not the expected value")
        for text in values
        if not fits(text)
    ]
    if len(values) > 1:
        given = ", ".join(values)
        message = "stands there more than once"
        found.append(CsrFinding(field=field, found=given, expected=expected, message=message))
    return found


def _extra(csr: Csr, expected: set[str], severity: CsrSeverity) -> list[CsrFinding]:
    """Attributes that have no place in the subject."""
    extra: dict[str, list[str]] = {}
    for name, value in csr.subject:
        if name not in expected:
            extra.setdefault(name, []).append(value)
    return [
        CsrFinding(
            field=name,
            found=", ".join(values),
            expected="",
            message="is not part of the certificate's subject",
            severity=severity,
        )
        for name, values in extra.items()
    ]
