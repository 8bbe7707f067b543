"""Proofs that something is not there, by NSEC (RFC 4035 5.4, RFC 6840 4).

What is handed in here was verified before: signed by the zone in charge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import dns.name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NSEC import NSEC
from dns.rdtypes.ANY.NSEC3 import NSEC3


class Proof(StrEnum):
    """What a proof comes to."""

    PROVEN = "proven"
    #: Proven as far as the zone chose to sign: an unsigned delegation may lie there (opt-out), or
    #: hashing takes more rounds than we do (RFC 9276 3.2).
    INSECURE = "insecure"


class Cut(StrEnum):
    """What the parent says about a name that has no DS."""

    NONE = "none"  # no zone begins there
    UNSIGNED = "unsigned"  # a zone that is not signed, or may be


class Denial(Protocol):
    """The NSEC or NSEC3 records of one message."""

    def no_name(self, name: dns.name.Name) -> Proof | None:
        """Whether it is proven that neither `name` nor a wildcard for it is there."""

    def no_data(self, name: dns.name.Name, rdtype: RdataType) -> Proof | None:
        """Whether it is proven that `name`, or the wildcard for it, has no such record."""

    def no_closer(self, name: dns.name.Name, encloser: dns.name.Name) -> Proof | None:
        """Whether it is proven that nothing stands between `name` and the wildcard below
        `encloser` (RFC 4035 5.3.4, RFC 5155 8.8)."""

    def cut(self, name: dns.name.Name) -> Cut | None:
        """What stands at `name`, which has no DS; None when that is not proven."""


def types_in(record: NSEC | NSEC3) -> frozenset[int]:
    """The types in a record's bitmap (RFC 4034 4.1.2)."""
    return frozenset(
        window * 256 + place * 8 + bit
        for window, bitmap in record.windows
        for place, octet in enumerate(bitmap)
        for bit in range(8)
        if octet & 0x80 >> bit
    )


def is_delegation(types: frozenset[int]) -> bool:
    """Whether these are types at the parent's side of a zone cut."""
    return RdataType.NS in types and RdataType.SOA not in types


def lacks(types: frozenset[int], rdtype: RdataType) -> bool:
    """Whether a name with these types has no record of that type, as far as the zone may say.

    The parent's side of a cut speaks of DS alone, the child's of all but that (RFC 6840 4.1, 4.4).
    """
    if rdtype in types or RdataType.CNAME in types:
        return False
    if rdtype == RdataType.DS:
        return RdataType.SOA not in types
    return not is_delegation(types)


def ends_there(types: frozenset[int]) -> bool:
    """Whether nothing can be said about names below: they are another zone's, or are moved."""
    return is_delegation(types) or RdataType.DNAME in types


def cut_at(types: frozenset[int]) -> Cut | None:
    """What types without DS say of a name; None from a child's side (RFC 6840 4.4)."""
    if RdataType.DS in types or RdataType.SOA in types:
        return None
    return Cut.UNSIGNED if RdataType.NS in types else Cut.NONE


@dataclass(frozen=True, slots=True)
class _Link:
    owner: dns.name.Name
    following: dns.name.Name
    types: frozenset[int]


class NsecDenial:
    """Proofs by NSEC records, given with their owners."""

    def __init__(self, zone: dns.name.Name, records: Sequence[tuple[dns.name.Name, NSEC]]) -> None:
        self._zone = zone
        self._links = [
            _Link(owner, record.next, types_in(record))
            for owner, record in records
            if owner.is_subdomain(zone) and record.next.is_subdomain(zone)
        ]

    def no_name(self, name: dns.name.Name) -> Proof | None:
        covering = self._covering(name)
        if covering is None or covering.following.is_subdomain(name):
            return None  # with something below it a name exists (RFC 4592 2.2.2)
        wildcard = _wildcard(self._encloser(name, covering))
        return Proof.PROVEN if self._covering(wildcard) else None

    def no_data(self, name: dns.name.Name, rdtype: RdataType) -> Proof | None:
        if (link := self._at(name)) is not None:
            return Proof.PROVEN if lacks(link.types, rdtype) else None
        covering = self._covering(name)
        if covering is None:
            return None
        if covering.following.is_subdomain(name):
            return Proof.PROVEN
        wildcard = self._at(_wildcard(self._encloser(name, covering)))
        return Proof.PROVEN if wildcard and lacks(wildcard.types, rdtype) else None

    def no_closer(self, name: dns.name.Name, encloser: dns.name.Name) -> Proof | None:
        covering = self._covering(name)
        if covering is None or covering.following.is_subdomain(name):
            return None
        return Proof.PROVEN if self._encloser(name, covering) == encloser else None

    def cut(self, name: dns.name.Name) -> Cut | None:
        if (link := self._at(name)) is not None:
            return cut_at(link.types)
        proven = self.no_data(name, RdataType.DS) or self.no_name(name)
        return Cut.NONE if proven else None

    def _at(self, name: dns.name.Name) -> _Link | None:
        return next((one for one in self._links if one.owner == name), None)

    def _covering(self, name: dns.name.Name) -> _Link | None:
        """The record in whose gap `name` lies, and which may speak of it (RFC 6840 4.1)."""
        if not name.is_subdomain(self._zone):
            return None
        for one in self._links:
            last = one.following == self._zone  # the zone's last name is followed by its first
            between = one.owner < name and (last or name < one.following)
            if between and not (name.is_subdomain(one.owner) and ends_there(one.types)):
                return one
        return None

    def _encloser(self, name: dns.name.Name, covering: _Link) -> dns.name.Name:
        """The deepest name above `name` that exists: those around the gap show it."""
        shared = (_common(name, covering.owner), _common(name, covering.following))
        return max(shared, key=lambda one: len(one.labels))


def _common(one: dns.name.Name, other: dns.name.Name) -> dns.name.Name:
    _, _, labels = one.fullcompare(other)
    return one.split(labels)[1]


def _wildcard(encloser: dns.name.Name) -> dns.name.Name:
    return dns.name.Name((b"*", *encloser.labels))
