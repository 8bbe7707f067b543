"""Where a record counts for a name (BR 3.2.2.4, SC-101), and whether what stands there proves it.

The method is chosen first; then, if it allows that, the name may be replaced by its CNAME's target,
again and again; then, if it allows that, leftmost labels may go, down to the registrable domain.
A wildcard loses its `*.` and no CNAME of it is followed. What is left is the Authorization Domain
Name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .authorization import DcvMethodName
from .identifiers import Identifier, parents_to_registrable
from .looking import DcvQuestion
from .matching import Match, judge_cname, judge_txt
from .methods import DNSAUTH_LABEL, LOOKED_UP, METHODS, Method, caa_label
from .resolution import Rdata, Resolution

__all__ = [
    "BR_SECTIONS",
    "CAA_METHOD_LABELS",
    "AuthorizationDomain",
    "Match",
    "alias_allowed",
    "authorization_domains",
    "compare",
    "judge_txt",
    "place_of",
    "places_after_alias",
    "question_for",
    "settles",
    "steps_to",
]

#: Of a name with more levels than twice this, a record counts at the nearest and the topmost ones.
_MOST_LEVELS = 8
_MOST_STEPS = 3  # told one by one; a proof is kept for each of 250 names

#: The BR section each method follows, for proofs.
BR_SECTIONS: dict[DcvMethodName, str] = {name: each.br_section for name, each in METHODS.items()}

#: How CAA's validationmethods names our methods.
CAA_METHOD_LABELS: dict[DcvMethodName, str] = {
    name: caa_label(section) for name, section in BR_SECTIONS.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationDomain:
    """A place where a record counts for an identifier.

    `name` is the Authorization Domain Name, `owner` where the record stands (an owner name or a
    URL), `wanted` what must stand there, `steps` how the one was reached from the identifier.
    """

    name: str
    owner: str
    wanted: str
    steps: tuple[str, ...]


def authorization_domains(
    identifier: Identifier, method: DcvMethodName, value: str = "_", dcv_domain: str = "-"
) -> tuple[AuthorizationDomain, ...]:
    """Where a record of `method` counts for `identifier` without following a CNAME, nearest first.

    Raises ValueError for a method that nothing is published for or that proves no wildcards, and
    for a name below no public suffix.
    """
    if method not in LOOKED_UP:
        raise ValueError(f"{method} cannot be looked up")
    found = METHODS[method]
    if identifier.wildcard and not found.wildcards:
        raise ValueError(f"{method} proves no wildcard name")
    steps: tuple[str, ...] = ()
    if identifier.wildcard:
        steps = (f"wildcard label removed: {identifier.value} -> {identifier.base}",)
    return _pruned(found, identifier.base, steps, (value, dcv_domain))


def _pruned(
    method: Method, start: str, steps: tuple[str, ...], value: tuple[str, str]
) -> tuple[AuthorizationDomain, ...]:
    """The places at `start`, and at its parents where the method reaches below them."""
    places: list[AuthorizationDomain] = []
    names, above = parents_to_registrable(start), steps
    for name in _levels(names) if method.prunes else names[:1]:
        steps = (*above, *_labels_removed(start, name))
        for record in method.records(name, *value):
            there = steps
            if record.name == f"{DNSAUTH_LABEL}.{name}":
                told = f"record at the name with {DNSAUTH_LABEL} in front: {record.name}"
                there = (*steps, told)
            places.append(
                AuthorizationDomain(name=name, owner=record.name, wanted=record.value, steps=there)
            )
    return tuple(places)


def _levels(names: Sequence[str]) -> Sequence[str]:
    """The names at which a record counts: all of them, but of very deep ones the middle is left
    out, so that one name costs its zone's servers a bounded number of questions."""
    if len(names) <= 2 * _MOST_LEVELS:
        return names
    return (*names[:_MOST_LEVELS], *names[-_MOST_LEVELS:])


def _labels_removed(start: str, name: str) -> tuple[str, ...]:
    """The steps from `start` to its parent `name`; many of them are told as one."""
    labels = start.split(".")
    removed = len(labels) - len(name.split("."))
    if removed > _MOST_STEPS:
        return (f"{removed} leftmost labels removed: {start} -> {name}",)
    way = [".".join(labels[count:]) for count in range(removed + 1)]
    return tuple(f"leftmost label removed: {one} -> {next_}" for one, next_ in pairwise(way))


def steps_to(identifier: Identifier, domain: str) -> tuple[str, ...]:
    """How labels are removed from an identifier until `domain`, a parent or itself, is left."""
    wildcard = f"wildcard label removed: {identifier.value} -> {identifier.base}"
    removed = _labels_removed(identifier.base, domain)
    return (wildcard, *removed) if identifier.wildcard else removed


def question_for(
    identifier: Identifier, method: DcvMethodName, value: str, dcv_domain: str = ""
) -> DcvQuestion:
    """What a place is asked about one identifier. Raises ValueError like authorization_domains."""
    places = authorization_domains(identifier, method, value, dcv_domain)
    return DcvQuestion(
        name=identifier.base,
        wildcard=identifier.wildcard,
        method=method,
        value=value,
        authorization_domains=tuple(place.owner for place in places),
        cname_target=dcv_domain,
    )


def places_after_alias(
    question: DcvQuestion, followed: Sequence[str]
) -> tuple[AuthorizationDomain, ...]:
    """Where a record counts once the name was replaced by the CNAME targets in `followed`.

    Only the places that the last of them adds; none where the method or a wildcard forbids it, or
    where the target lies below no public suffix.
    """
    method = METHODS[question.method]
    if not followed or question.wildcard or not method.follows_alias:
        return ()
    steps = tuple(f"CNAME followed to {target}" for target in followed)
    try:
        return _pruned(method, followed[-1], steps, (question.value, question.cname_target))
    except ValueError:
        return ()


def place_of(  # noqa: PLR0913 (how a place was reached)
    identifier: Identifier,
    method: DcvMethodName,
    owner: str,
    aliases: tuple[str, ...] = (),
    *,
    followed: tuple[str, ...] = (),
    value: str = "_",
    dcv_domain: str = "-",
) -> AuthorizationDomain:
    """The place whose record stood at `owner`, with every step that led there.

    `followed` are the CNAME targets by which the name was replaced, `aliases` those that led from
    `owner` to the record; at the bare name that is one and the same, and makes the last of them the
    Authorization Domain Name. Raises ValueError when a record there does not count.
    """
    question = question_for(identifier, method, value, dcv_domain)
    places = authorization_domains(identifier, method, value, dcv_domain)
    for place in (*places, *places_after_alias(question, followed)):
        if place.owner == owner:
            steps = (*place.steps, *(f"CNAME followed to {target}" for target in aliases))
            moved = aliases and owner == place.name
            return replace(place, name=aliases[-1] if moved else place.name, steps=steps)
    raise ValueError(f"{owner} does not count for {identifier.value}")


def alias_allowed(question: DcvQuestion, owner: str) -> bool:
    """Whether the record at `owner` may be reached by a CNAME.

    Below `_dnsauth` the Authorization Domain Name stays what it is. At the bare name a CNAME would
    move it, which is allowed for an FQDN that was not pruned (BR 3.2.2.4, SC-101).
    """
    if owner.startswith(f"{DNSAUTH_LABEL}."):
        return True
    return owner == question.name and not question.wildcard


def wanted_at(question: DcvQuestion, owner: str) -> str:
    """What the record at `owner` must say; "" where no record of this question can stand."""
    method = METHODS[question.method]
    for domain in (owner, owner.partition(".")[2]):
        for record in method.records(domain, question.value, question.cname_target):
            if record.name == owner:
                return record.value
    return ""


def compare(question: DcvQuestion, owner: str, records: Sequence[Rdata]) -> Match:
    """How the records at `owner` compare with what must stand there."""
    if question.method is DcvMethodName.DNS_CNAME:
        return judge_cname(records, wanted_at(question, owner))
    return judge_txt(records, question.value)


def settles(question: DcvQuestion, resolution: Resolution) -> bool:
    """Whether this answer proves control: every server that answered shows the exact value."""
    if resolution.aliases and not alias_allowed(question, resolution.name):
        return False
    variants = resolution.variants
    return bool(variants) and all(
        compare(question, resolution.name, variant) is Match.EXACT for variant in variants
    )
