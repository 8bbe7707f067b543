"""Proofs that something is not there, by NSEC3 (RFC 5155 8)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import dns.name
from dns.dnssectypes import NSEC3Hash
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NSEC3 import NSEC3, OPTOUT

from ..domain.dnssec import Flaw
from .dnssec_denial import Cut, Proof, cut_at, ends_there, lacks, types_in
from .dnssec_records import Bogus

#: Rounds of hashing beyond which a zone counts as unsigned; zones should have none (RFC 9276 3.2).
MOST_ITERATIONS = 100
#: Names hashed for one message: without a bound many labels and rounds cost too much
#: (CVE-2023-50868).
_MOST_HASHED = 40


@dataclass(frozen=True, slots=True)
class _Link:
    owner: bytes  # hashed
    following: bytes
    types: frozenset[int]
    opt_out: bool


class Nsec3Denial:
    """Proofs by NSEC3 records, given with their owners."""

    def __init__(self, zone: dns.name.Name, records: Sequence[tuple[dns.name.Name, NSEC3]]) -> None:
        self._zone = zone
        known = [
            (owner, one)
            for owner, one in records
            if one.algorithm == NSEC3Hash.SHA1 and not one.flags & ~OPTOUT  # RFC 5155 8.1, 8.2
        ]
        self._iterations = known[0][1].iterations if known else 0
        self._salt = known[0][1].salt if known else b""
        self._hashes: dict[dns.name.Name, bytes] = {}
        self._links = [link for owner, one in known if (link := self._link(owner, one))]

    def no_name(self, name: dns.name.Name) -> Proof | None:
        if self._too_many:
            return Proof.INSECURE
        found = self._closest(name)
        if found is None:
            return None
        encloser, gap = found
        if self._covering(_wildcard(encloser)) is None:
            return None
        return _unless_opted_out(gap)

    def no_data(self, name: dns.name.Name, rdtype: RdataType) -> Proof | None:
        if self._too_many:
            return Proof.INSECURE
        if (link := self._at(name)) is not None:
            return Proof.PROVEN if lacks(link.types, rdtype) else None
        found = self._closest(name)
        if found is None:
            return None
        encloser, gap = found
        wildcard = self._at(_wildcard(encloser))
        if wildcard is not None and lacks(wildcard.types, rdtype):
            return _unless_opted_out(gap)
        return Proof.INSECURE if gap.opt_out else None  # RFC 5155 8.6, and names between cuts

    def no_closer(self, name: dns.name.Name, encloser: dns.name.Name) -> Proof | None:
        if self._too_many:
            return Proof.INSECURE
        gap = self._covering(_below(encloser, name))
        return _unless_opted_out(gap) if gap is not None else None

    def cut(self, name: dns.name.Name) -> Cut | None:
        if self._too_many:
            return Cut.UNSIGNED
        if (link := self._at(name)) is not None:
            return cut_at(link.types)
        proof = self.no_data(name, RdataType.DS) or self.no_name(name)
        if proof is None:
            return None
        return Cut.NONE if proof is Proof.PROVEN else Cut.UNSIGNED

    @property
    def _too_many(self) -> bool:
        return bool(self._links) and self._iterations > MOST_ITERATIONS

    def _link(self, owner: dns.name.Name, record: NSEC3) -> _Link | None:
        """A record that lies directly in the zone, with the same way of hashing as the first."""
        same = (record.iterations, record.salt) == (self._iterations, self._salt)
        if not same or len(owner.labels) < 2 or owner.parent() != self._zone:  # noqa: PLR2004
            return None
        try:
            hashed = base64.b32hexdecode(owner.labels[0].upper())
        except binascii.Error:
            return None
        opt_out = bool(record.flags & OPTOUT)
        return _Link(hashed, record.next, types_in(record), opt_out)

    def _hashed(self, name: dns.name.Name) -> bytes:
        """RFC 5155 5."""
        known = self._hashes.get(name)
        if known is None:
            if len(self._hashes) >= _MOST_HASHED:
                raise Bogus(Flaw.TOO_MUCH_WORK, "a proof (NSEC3) needs too many names hashed")
            known = name.canonicalize().to_wire() or b""
            for _ in range(self._iterations + 1):
                known = hashlib.sha1(known + self._salt, usedforsecurity=False).digest()
            self._hashes[name] = known
        return known

    def _at(self, name: dns.name.Name) -> _Link | None:
        hashed = self._hashed(name)
        return next((one for one in self._links if one.owner == hashed), None)

    def _covering(self, name: dns.name.Name) -> _Link | None:
        hashed = self._hashed(name)
        for one in self._links:
            last = one.following <= one.owner
            after, before = one.owner < hashed, hashed < one.following
            if (after or before) if last else (after and before):
                return one
        return None

    def _closest(self, name: dns.name.Name) -> tuple[dns.name.Name, _Link] | None:
        """The deepest name above that exists, and the gap below it (RFC 5155 8.3)."""
        if not name.is_subdomain(self._zone):
            return None
        encloser = name
        while encloser != self._zone:
            encloser = encloser.parent()
            link = self._at(encloser)
            if link is not None:
                gap = None if ends_there(link.types) else self._covering(_below(encloser, name))
                return (encloser, gap) if gap is not None else None
        return None


def _unless_opted_out(gap: _Link) -> Proof:
    """In a gap with opt-out unsigned delegations may lie (RFC 5155 6, 9.2)."""
    return Proof.INSECURE if gap.opt_out else Proof.PROVEN


def _below(encloser: dns.name.Name, name: dns.name.Name) -> dns.name.Name:
    """The name one label longer than `encloser` on the way to `name`."""
    return name.split(len(encloser.labels) + 1)[1]


def _wildcard(encloser: dns.name.Name) -> dns.name.Name:
    return dns.name.Name((b"*", *encloser.labels))
