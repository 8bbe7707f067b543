"""Control of a domain shown by DNS TXT (BR 3.2.2.4.7): where a record counts, and what counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .authorization import DcvMethodName
from .identifiers import Identifier, parents_to_registrable
from .looking import DcvQuestion
from .records import DNSAUTH_LABEL, ENGINES
from .resolution import Rdata, Resolution

#: The BR section each method follows, for proofs.
BR_SECTIONS: dict[DcvMethodName, str] = {
    DcvMethodName.DNS_TXT: "3.2.2.4.7",
    DcvMethodName.DNS_CNAME: "3.2.2.4.7",
    DcvMethodName.HTTP_FILE: "3.2.2.4.18",
    DcvMethodName.EMAIL: "3.2.2.4.4",
}

#: How CAA's validationmethods names our methods (BR 4.2.2.1: ca-tbr-<n> of 3.2.2.4.n).
CAA_METHOD_LABELS: dict[DcvMethodName, str] = {
    method: f"ca-tbr-{section.rpartition('.')[2]}" for method, section in BR_SECTIONS.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationDomain:
    """A place where a record counts for an identifier.

    `name` is the Authorization Domain Name, `owner` the record's owner name (the name itself or
    `_dnsauth` below it), `steps` how the one was reached from the identifier (BR 3.2.2.4, SC-101).
    """

    name: str
    owner: str
    steps: tuple[str, ...]


def authorization_domains(
    identifier: Identifier, method: DcvMethodName
) -> tuple[AuthorizationDomain, ...]:
    """Where a record of `method` counts for `identifier`, nearest first.

    The name, then its parents down to the registrable domain, each also with `_dnsauth` in front.
    Raises ValueError for a method without an engine, and for a name below no public suffix.
    """
    if method not in ENGINES:
        raise ValueError(f"{method} cannot be looked up")
    steps: tuple[str, ...] = ()
    if identifier.wildcard:
        steps = (f"wildcard label removed: {identifier.value} -> {identifier.base}",)
    places: list[AuthorizationDomain] = []
    for name in parents_to_registrable(identifier.base):
        if places:
            steps = (*steps, f"leftmost label removed: {places[-1].name} -> {name}")
        places.append(AuthorizationDomain(name=name, owner=name, steps=steps))
        dnsauth = f"{DNSAUTH_LABEL}.{name}"
        prefixed = (*steps, f"record at the name with {DNSAUTH_LABEL} in front: {dnsauth}")
        places.append(AuthorizationDomain(name=name, owner=dnsauth, steps=prefixed))
    return tuple(places)


def question_for(identifier: Identifier, method: DcvMethodName, value: str) -> DcvQuestion:
    """What a place is asked about one identifier. Raises ValueError like authorization_domains."""
    places = authorization_domains(identifier, method)
    return DcvQuestion(
        name=identifier.base,
        wildcard=identifier.wildcard,
        method=method,
        value=value,
        authorization_domains=tuple(place.owner for place in places),
    )


def place_of(
    identifier: Identifier, method: DcvMethodName, owner: str, aliases: tuple[str, ...] = ()
) -> AuthorizationDomain:
    """The place whose record stood at `owner`, its steps with the CNAMEs that led to the record.

    Raises ValueError when a record there does not count for the identifier.
    """
    for place in authorization_domains(identifier, method):
        if place.owner == owner:
            steps = tuple(f"CNAME followed to {target}" for target in aliases)
            return AuthorizationDomain(name=place.name, owner=owner, steps=place.steps + steps)
    raise ValueError(f"{owner} does not count for {identifier.value}")


def alias_allowed(question: DcvQuestion, owner: str) -> bool:
    """Whether the record at `owner` may be reached by a CNAME.

    Below `_dnsauth` the Authorization Domain Name stays what it is. At the bare name a CNAME would
    move it, which is allowed for an FQDN that was not pruned (BR 3.2.2.4, SC-101).
    """
    if owner.startswith(f"{DNSAUTH_LABEL}."):
        return True
    return owner == question.name and not question.wildcard


class Match(StrEnum):
    """How a record set compares with the value wanted, best first."""

    EXACT = "exact"
    WRONG_CASE = "wrong_case"
    QUOTED = "quoted"
    CUT = "cut"
    OTHER = "other"
    NOTHING = "nothing"


_RANKS = {match: rank for rank, match in enumerate(Match)}
_PART_OF_VALUE = 8  # characters that are no coincidence


def judge_txt(records: Iterable[Rdata], value: str) -> Match:
    """How TXT `records` (each a tuple of its character-strings) compare with `value`.

    EXACT only when one whole character-string equals it; never a substring, never strings joined.
    """
    matches = [_judge_string(text, value) for record in records for text in _readings(record)]
    return min(matches, key=_RANKS.__getitem__, default=Match.NOTHING)


def _readings(record: Rdata) -> tuple[tuple[str, bool], ...]:
    """The strings of a record, and its strings joined, which count as a near miss only."""
    single = tuple((text, True) for text in record)
    return (*single, ("".join(record), False)) if len(record) > 1 else single


def _judge_string(reading: tuple[str, bool], value: str) -> Match:
    text, whole = reading
    if text == value:
        return Match.EXACT if whole else Match.CUT
    bare = text.strip("\"' \t\r\n")
    if text.lower() == value.lower():
        return Match.WRONG_CASE
    if bare.lower() == value.lower():
        return Match.QUOTED
    if len(bare) >= _PART_OF_VALUE and (bare in value or value in bare):
        return Match.CUT
    return Match.OTHER


def settles(question: DcvQuestion, resolution: Resolution) -> bool:
    """Whether this answer proves control: every server that answered shows the exact value."""
    if resolution.aliases and not alias_allowed(question, resolution.name):
        return False
    variants = resolution.variants
    return bool(variants) and all(
        judge_txt(variant, question.value) is Match.EXACT for variant in variants
    )
