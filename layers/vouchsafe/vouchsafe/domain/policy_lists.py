"""Names and organizations nobody, or only a cleared account, gets certificates for.

Every CA keeps such lists and looks at them before it decides and again before it signs (BR 4.2.1;
EVG 3.2.2.12.1 for denied organizations). Denied is final; high-risk waits for an operator's word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

#: How much one deployment's lists may hold, so that they stay one item that is read in one call.
MOST_ENTRIES = 2000  # in each list
MOST_BYTES = 300_000  # in all of them together, as UTF-8
LONGEST_ORGANIZATION = 200
#: How many high-risk names one account may be cleared for.
MOST_CLEARANCES = 200

_WILDCARD = "*."
#: Combining classes from here on are accents above and below letters (Unicode, section 4.3).
_ACCENTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLists:
    """A deployment's lists. Version 0 means that nobody set any yet.

    A name matches itself and everything below it; organizations match by `folded_organization`.
    """

    denied_names: tuple[str, ...] = ()  # lower-case A-labels
    denied_organizations: tuple[str, ...] = ()  # as they were written
    high_risk_names: tuple[str, ...] = ()
    reason: str = ""  # why this version was set
    set_at: datetime | None = None
    operator_id: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """An operator's word that an account may have a high-risk name and everything below it."""

    name: str
    reason: str
    cleared_at: datetime
    operator_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearances:
    """All clearances of an account, by name. Version 0: it never had any."""

    account_id: int
    items: tuple[Clearance, ...] = ()
    version: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The cleared names, for `judge`."""
        return tuple(each.name for each in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFindings:
    """What the lists say, each a sentence that names what was hit and by which list.

    `denied` refuses for good; `high_risk` waits for a clearance.
    """

    denied: tuple[str, ...] = ()
    high_risk: tuple[str, ...] = ()


def judge(
    lists: PolicyLists,
    names: Iterable[str],
    organization_names: tuple[str, ...] = (),
    *,
    cleared: Collection[str] = (),
) -> PolicyFindings:
    """What `lists` say about the names (A-labels, wildcards too) and an organization's names.

    `cleared` are names the account was cleared for: no high-risk finding lies at or below them. A
    wildcard also matches entries it would cover, one label below its base.
    """
    wanted = tuple(dict.fromkeys(names))
    denied = [
        f"{name}: {entry} is on the list of denied names"
        for name in wanted
        for entry in _hits(name, lists.denied_names)
    ]
    refused = {folded_organization(each) for each in lists.denied_organizations}
    denied += [
        f"{name}: is on the list of denied organizations"
        for name in dict.fromkeys(filter(None, organization_names))
        if folded_organization(name) in refused
    ]
    high_risk = [
        f"{name}: {entry} is on the list of high-risk names"
        for name in wanted
        for entry in _hits(name, lists.high_risk_names)
        if not _is_cleared(name, entry, cleared)
    ]
    return PolicyFindings(denied=tuple(denied), high_risk=tuple(high_risk))


def folded_organization(name: str) -> str:
    """An organization's name as it is compared: no case, marks, punctuation or extra spaces.

    Compatibility forms are one (full-width letters, ligatures), accents do not count.
    """
    # Casefolding can bring new marks (İ becomes i and a dot), so marks are taken apart again.
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = (c for c in spread if unicodedata.combining(c) < _ACCENTS)
    words = "".join(c if _in_words(c) else " " for c in kept).split()
    return unicodedata.normalize("NFC", " ".join(words))


def _in_words(character: str) -> bool:
    """Letters, digits, and the marks without which other scripts are other words."""
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _hits(name: str, entries: tuple[str, ...]) -> list[str]:
    """The entries that `name` stands at, lies below or, as a wildcard, covers."""
    base = name.removeprefix(_WILDCARD)
    wildcard = name != base
    return [
        entry
        for entry in entries
        if _lies_at_or_below(base, entry) or (wildcard and entry.partition(".")[2] == base)
    ]


def _is_cleared(name: str, entry: str, cleared: Collection[str]) -> bool:
    """Whether a clearance reaches the name, and the entry that a wildcard would cover."""
    base = name.removeprefix(_WILDCARD)
    meant = base if _lies_at_or_below(base, entry) else entry
    return any(_lies_at_or_below(meant, each) for each in cleared)


def _lies_at_or_below(name: str, parent: str) -> bool:
    return name == parent or name.endswith(f".{parent}")
