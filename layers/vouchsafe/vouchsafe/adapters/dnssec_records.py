"""Signed record sets of a message, in the form in which signatures are checked."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.rdata
import dns.rdataset
import dns.rrset
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.RRSIG import RRSIG

from ..domain.dnssec import Flaw
from .dns_message import Labels, Message, Record

_TYPE_COVERED = struct.Struct("!H")


class Bogus(Exception):
    """An answer that does not follow from the trust anchors. `detail`: in which zone, and how."""

    def __init__(self, flaw: Flaw, detail: str) -> None:
        super().__init__(detail)
        self.flaw = flaw
        self.detail = detail


@dataclass(frozen=True, slots=True)
class SignedSet:
    """An RRset and the signatures that came with it. Owners are in lower case."""

    rrset: dns.rrset.RRset
    signatures: tuple[RRSIG, ...]


def signed_set(
    message: Message, section: Sequence[Record], owner: Labels, rdtype: int
) -> SignedSet | None:
    """The set of that owner and type in `section`, None for none. Raises ValueError."""
    records = [one for one in section if one.owner == owner and one.holds(rdtype)]
    if not records:
        return None
    data = [rdata_of(message, record) for record in records]
    whole = dns.rdataset.from_rdata_list(records[0].ttl, data)
    rrset = dns.rrset.from_rdata_list(dns.name.Name(owner), whole.ttl, list(whole))
    return SignedSet(rrset, tuple(signatures(message, section, owner, (rdtype,))))


def signatures(
    message: Message, section: Sequence[Record], owner: Labels | None, types: Iterable[int]
) -> list[RRSIG]:
    """The signatures over sets of these types, of that owner or any. Raises ValueError."""
    wanted = frozenset(types)
    found: list[RRSIG] = []
    for one in section:
        ours = one.holds(RdataType.RRSIG) and owner in (None, one.owner)
        if ours and _covers(message, one) in wanted:
            rdata = rdata_of(message, one)
            assert isinstance(rdata, RRSIG)
            found.append(rdata)
    return found


def rdata_of(message: Message, record: Record) -> dns.rdata.Rdata:
    """A record's data. Raises ValueError for what cannot be read."""
    try:
        rdtype = RdataType.make(record.rdtype)
        return dns.rdata.from_wire(RdataClass.IN, rdtype, message.wire, record.start, record.length)
    except (dns.exception.DNSException, struct.error) as error:
        raise ValueError(str(error)) from error


def _covers(message: Message, record: Record) -> int:
    if record.length < _TYPE_COVERED.size:
        return 0
    (covered,) = _TYPE_COVERED.unpack_from(message.wire, record.start)
    return int(covered)
