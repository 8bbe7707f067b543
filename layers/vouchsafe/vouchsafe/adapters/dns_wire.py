"""DNS messages and sockets, one at a time: what a query looks like and what counts as its reply."""

from __future__ import annotations

import secrets
import socket
import struct
import time
from dataclasses import dataclass

import dns.exception
import dns.flags
import dns.message
import dns.name
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from .dns_servers import Server

_PAYLOAD = 1232  # bytes over UDP without fragments (DNS flag day 2020)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `recursion`: set RD, which authoritative servers do without."""

    name: dns.name.Name
    rdtype: RdataType
    recursion: bool = False


def mixed_case(name: dns.name.Name) -> dns.name.Name:
    """The name with each letter's case drawn at random (draft-vixie-dnsext-dns0x20)."""
    bits = secrets.randbits(256)
    labels = []
    for label in name.labels:
        mixed = bytearray(label)
        for place, byte in enumerate(mixed):
            if byte & 0xDF in range(0x41, 0x5B):
                mixed[place] = byte | 0x20 if bits & 1 else byte & 0xDF
            bits >>= 1
        labels.append(bytes(mixed))
    return dns.name.Name(labels)


def query_wire(asked: dns.name.Name, question: Question, number: int, *, edns: bool) -> bytes:
    message = dns.message.make_query(
        asked,
        question.rdtype,
        use_edns=0 if edns else -1,
        payload=_PAYLOAD,
        id=number,
        flags=dns.flags.RD if question.recursion else 0,
    )
    return message.to_wire()


def connected(server: Server, kind: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in server.address else socket.AF_INET
    made = socket.socket(family, kind)
    try:
        made.connect((server.address, server.port))  # replies from elsewhere are dropped
    except OSError:
        made.close()
        raise
    return made


def parsed(wire: bytes) -> dns.message.Message | None:
    try:
        return dns.message.from_wire(wire, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError, struct.error):
        return None


def repeats(message: dns.message.Message, question: Question) -> bool:
    if not message.flags & dns.flags.QR or len(message.question) != 1:
        return False
    asked = message.question[0]
    same_type = asked.rdtype == question.rdtype and asked.rdclass == RdataClass.IN
    return same_type and asked.name == question.name


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
