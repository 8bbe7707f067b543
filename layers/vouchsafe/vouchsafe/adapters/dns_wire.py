"""DNS queries and sockets, one at a time: what a query looks like and what counts as its reply."""

from __future__ import annotations

import secrets
import socket
import struct
import time
from dataclasses import dataclass
from functools import cached_property

import dns.name
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from .dns_message import QR, RD, Labels, Message, read_message
from .dns_servers import Server

_PAYLOAD = 1232  # bytes over UDP without fragments (DNS flag day 2020)
_HEADER = struct.Struct("!6H")
_TYPE_AND_CLASS = struct.Struct("!2H")
_DO = 0x8000  # "send signatures, too" (RFC 3225 3)
#: OPT of EDNS version 0 (RFC 6891 6.1.2): the root's name, type, our payload, flags, no options.
_OPT = struct.pack("!BHHIH", 0, RdataType.OPT, _PAYLOAD, 0, 0)
_OPT_DO = struct.pack("!BHHIH", 0, RdataType.OPT, _PAYLOAD, _DO, 0)
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_CASE = 0x20


@dataclass(frozen=True)
class Question:
    """What is asked. `recursion`: set RD, which authoritative servers do without."""

    name: dns.name.Name
    rdtype: RdataType
    recursion: bool = False

    @cached_property
    def labels(self) -> Labels:
        """The name as records are compared with it."""
        return tuple(label.lower() for label in self.name.labels)

    @cached_property
    def section(self) -> bytes:
        """The question section, its name in lower case."""
        labels = b"".join(bytes((len(label),)) + label for label in self.labels)
        return labels + _TYPE_AND_CLASS.pack(self.rdtype, RdataClass.IN)


def mixed_case(section: bytes) -> bytes:
    """A question section with each letter's case drawn at random (draft-vixie-dnsext-dns0x20)."""
    name = len(section) - _TYPE_AND_CLASS.size
    bits = secrets.randbits(name)
    mixed = bytearray(section)
    for place in range(name):
        if bits >> place & 1 and mixed[place] in _LETTERS:  # a label's length is below any letter
            mixed[place] ^= _CASE
    return bytes(mixed)


def query_wire(
    section: bytes, number: int, *, recursion: bool, edns: bool, dnssec: bool = False
) -> bytes:
    """A query with that question section, with EDNS (RFC 6891) or without.

    `dnssec`: ask for signatures along with the answer; without EDNS nobody can.
    """
    header = _HEADER.pack(number, RD if recursion else 0, 1, 0, 0, 1 if edns else 0)
    return header + section + ((_OPT_DO if dnssec else _OPT) if edns else b"")


def connected(server: Server, kind: int) -> socket.socket:
    """A socket from which replies of that server alone can be read. Raises OSError."""
    family = socket.AF_INET6 if ":" in server.address else socket.AF_INET
    made = socket.socket(family, kind)
    try:
        made.connect((server.address, server.port))  # replies from elsewhere are dropped
    except OSError:
        made.close()
        raise
    return made


def parsed(wire: bytes) -> Message | None:
    """The message in `wire`; None for what is none."""
    try:
        return read_message(wire)
    except ValueError:
        return None


def repeats(message: Message, question: Question) -> bool:
    """Whether it is a response to that question, whatever the case of its letters."""
    if not message.flags & QR or len(message.asked) != len(question.section):
        return False
    name = len(question.section) - _TYPE_AND_CLASS.size
    same_type = message.asked[name:] == question.section[name:]
    return same_type and message.asked[:name].lower() == question.section[:name]


def exactly(stream: socket.socket, count: int, until: float) -> bytes:
    """`count` bytes. Raises TimeoutError when they are late, however slowly they drip."""
    parts = bytearray()
    while len(parts) < count:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        stream.settimeout(left)
        part = stream.recv(count - len(parts))
        if not part:
            raise ConnectionResetError("the server closed the connection early")
        parts += part
    return bytes(parts)
