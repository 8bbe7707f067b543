"""Messages of name servers, read as far as a question needs (RFC 1035 4.1).

Where each record lies is noted for all of them; its data is decoded for those somebody asks about.
Any fault in the bytes is a ValueError, whatever sent them.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import dns.exception
import dns.name
import dns.rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

QR, AA, TC, RD = 0x8000, 0x0400, 0x0200, 0x0100
_RCODE = 0x000F
_EXTENDED_RCODE = 24  # OPT's TTL field holds eight upper bits above this one (RFC 6891 6.1.3)
_HEADER = struct.Struct("!6H")
_FIXED = struct.Struct("!HHIH")  # type, class, TTL, length of the data
_POINTER = 0xC0  # RFC 1035 4.1.4
_LONGEST_LABEL = 63
_LONGEST_NAME = 255
_MOST_LABELS = 128  # of a name that long, the root's included
_LONGEST_TTL = 0x7FFFFFFF  # beyond it stands for 0, RFC 2181 8

#: A name's labels in lower case, the root's empty one last.
type Labels = tuple[bytes, ...]


class Record(NamedTuple):
    """Where one resource record's data lies in its message."""

    owner: Labels
    rdtype: int
    rdclass: int
    ttl: int
    start: int
    length: int

    def holds(self, rdtype: int) -> bool:
        """Whether it is of that type, in class IN."""
        return self.rdtype == rdtype and self.rdclass == RdataClass.IN


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. `asked` is its question section as it came, b"" when there was none."""

    wire: bytes
    number: int
    flags: int
    rcode: int
    asked: bytes
    answer: tuple[Record, ...] = ()
    authority: tuple[Record, ...] = ()
    additional: tuple[Record, ...] = ()

    def data(self, record: Record) -> tuple[str, ...]:
        """A record's data as text; bytes outside ASCII come as escapes. Raises ValueError."""
        return _DECODERS.get(record.rdtype, _other)(self.wire, record)

    def target(self, record: Record) -> dns.name.Name:
        """The name that is a record's data (NS, CNAME, DNAME), in lower case. Raises ValueError."""
        labels, end = _name(self.wire, record.start, {})
        if end != record.start + record.length:
            raise ValueError("data after the name")
        return dns.name.Name(labels)


def read_message(wire: bytes) -> Message:
    """The message in `wire`; what follows its last record is ignored. Raises ValueError.

    A message marked as truncated may end within a record (RFC 2181 9): what is whole is read.
    """
    if len(wire) < _HEADER.size:
        raise ValueError("shorter than a header")
    number, flags, questions, *counts = _HEADER.unpack_from(wire)
    if questions > 1:
        raise ValueError("more than one question")
    end = _question_end(wire) if questions else _HEADER.size
    answer, authority, additional = _sections(wire, end, counts, cut=bool(flags & TC))
    return Message(
        wire=wire,
        number=number,
        flags=flags,
        rcode=_rcode(flags, additional),
        asked=wire[_HEADER.size : end],
        answer=answer,
        authority=authority,
        additional=additional,
    )


def _question_end(wire: bytes) -> int:
    """Where the one question ends; its name cannot be compressed, nothing stands before it."""
    place = _HEADER.size
    while place < len(wire) and (length := wire[place]):
        if length > _LONGEST_LABEL:
            raise ValueError("no plain name in the question")
        place += 1 + length
    if place + 5 > len(wire) or place - _HEADER.size >= _LONGEST_NAME:
        raise ValueError("the question is cut or too long")
    return place + 5


def _sections(
    wire: bytes, place: int, counts: list[int], *, cut: bool
) -> tuple[tuple[Record, ...], tuple[Record, ...], tuple[Record, ...]]:
    known: dict[int, Labels] = {}
    sections: tuple[list[Record], list[Record], list[Record]] = ([], [], [])
    try:
        for section, count in zip(sections, counts, strict=True):
            for _ in range(count):
                record, place = _record(wire, place, known)
                section.append(record)
    except ValueError:
        if not cut:
            raise
    return tuple(sections[0]), tuple(sections[1]), tuple(sections[2])


def _record(wire: bytes, place: int, known: dict[int, Labels]) -> tuple[Record, int]:
    owner, place = _name(wire, place, known)
    if place + _FIXED.size > len(wire):
        raise ValueError("the message ends within a record")
    rdtype, rdclass, ttl, length = _FIXED.unpack_from(wire, place)
    place += _FIXED.size
    if place + length > len(wire):
        raise ValueError("the message ends within a record's data")
    return Record(owner, rdtype, rdclass, ttl, place, length), place + length


def _name(wire: bytes, place: int, known: dict[int, Labels]) -> tuple[Labels, int]:
    """The name at `place` and where it ends. `known`: names of this message, by their place.

    Each pointer leads further back than the one before, and there are few: every name ends.
    """
    began, labels, end, hops = place, list[bytes](), 0, 0
    while not labels or labels[-1]:
        length = wire[place] if place < len(wire) else _POINTER - 1
        if length >= _POINTER:
            target = _pointed(wire, place, below=began if not hops else place)
            end, hops, place = end or place + 2, hops + 1, target
            labels += known.get(target, ())
        elif length > _LONGEST_LABEL:
            raise ValueError("a label of unknown type, or none")
        else:
            place += 1 + length
            labels.append(wire[place - length : place].lower())
        if hops > _MOST_LABELS or len(labels) > _MOST_LABELS or place > len(wire):
            raise ValueError("a name is cut or too long")
    if sum(map(len, labels)) + len(labels) > _LONGEST_NAME:
        raise ValueError("a name is too long")
    known[began] = tuple(labels)
    return known[began], end or place


def _pointed(wire: bytes, place: int, *, below: int) -> int:
    """Where the pointer at `place` leads (RFC 1035 4.1.4)."""
    target = int.from_bytes(wire[place : place + 2]) & 0x3FFF
    if place + 2 > len(wire) or target >= below:
        raise ValueError("a name's pointer is cut or leads forwards")
    return target


def _rcode(flags: int, additional: tuple[Record, ...]) -> int:
    """The response code with the upper bits that OPT brings."""
    upper = (one.ttl >> _EXTENDED_RCODE << 4 for one in additional if one.rdtype == RdataType.OPT)
    return next(upper, 0) | flags & _RCODE


def ttl_of(records: list[Record]) -> int:
    """The smallest TTL of an RRset's records."""
    return min((one.ttl if one.ttl <= _LONGEST_TTL else 0 for one in records), default=0)


def _strings(wire: bytes, record: Record) -> tuple[str, ...]:
    """The character-strings of a TXT record (RFC 1035 3.3.14)."""
    place, end = record.start, record.start + record.length
    texts: list[str] = []
    while place < end:
        following = place + 1 + wire[place]
        if following > end:
            raise ValueError("a character-string is cut")
        texts.append(_text(wire[place + 1 : following]))
        place = following
    if not texts:
        raise ValueError("no character-string")
    return tuple(texts)


def _property(wire: bytes, record: Record) -> tuple[str, ...]:
    """Flags, tag and value of a CAA record (RFC 8659 4.1)."""
    data = wire[record.start : record.start + record.length]
    if len(data) < 2 or not data[1] or 2 + data[1] > len(data):  # noqa: PLR2004
        raise ValueError("a CAA record's tag is missing or cut")
    value = 2 + data[1]
    return str(data[0]), _text(data[2:value]), _text(data[value:])


def _address(wire: bytes, record: Record) -> tuple[str, ...]:
    family = socket.AF_INET if record.rdtype == RdataType.A else socket.AF_INET6
    data = wire[record.start : record.start + record.length]
    try:
        return (socket.inet_ntop(family, data),)
    except (ValueError, OSError) as error:
        raise ValueError("an address of the wrong length") from error


def _host_name(wire: bytes, record: Record) -> tuple[str, ...]:
    """The name that a CNAME or NS record holds: servers spell its case as they like."""
    labels, end = _name(wire, record.start, {})
    if end != record.start + record.length:
        raise ValueError("data after the name")
    return (dns.name.Name(labels).to_text(omit_final_dot=True),)


def _other(wire: bytes, record: Record) -> tuple[str, ...]:
    """Any other type, as a zone file shows it."""
    try:
        rdtype = RdataType.make(record.rdtype)
        rdata = dns.rdata.from_wire(RdataClass.IN, rdtype, wire, record.start, record.length)
        return (rdata.to_text(),)
    except (dns.exception.DNSException, struct.error) as error:
        raise ValueError(str(error)) from error


def _text(data: bytes) -> str:
    return data.decode("ascii", "backslashreplace")


_DECODERS: dict[int, Callable[[bytes, Record], tuple[str, ...]]] = {
    RdataType.TXT: _strings,
    RdataType.CAA: _property,
    RdataType.A: _address,
    RdataType.AAAA: _address,
    RdataType.CNAME: _host_name,
    RdataType.NS: _host_name,
}
