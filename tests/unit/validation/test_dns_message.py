"""Our reader of DNS messages beside dnspython's: what both read is the same, nothing crashes it."""

from __future__ import annotations

import random
import struct

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rrset
import pytest
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from vouchsafe.adapters.dns_message import AA, TC, Message, read_message

NAME = dns.name.from_text("www.example.com")

RRSETS = {
    "TXT": ("www.example.com.", "TXT", ['"one" "two"', '"" "x"', '"\\195\\164\\034"']),
    "CAA": ("www.Example.com.", "CAA", ['0 issue "ca.example"', '128 tbs ""', '1 issuewild ";"']),
    "CNAME": ("www.example.com.", "CNAME", ["target.example.net."]),
    "DNAME": ("example.com.", "DNAME", ["example.net."]),
    "A": ("ns.example.com.", "A", ["192.0.2.1", "192.0.2.2"]),
    "AAAA": ("ns.example.com.", "AAAA", ["2001:db8::1"]),
    "NS": ("example.com.", "NS", ["ns.example.com.", "ns2.example.com."]),
    "SOA": ("example.com.", "SOA", ["ns.example.com. h.example.com. 1 2 3 4 5"]),
    "MX": ("example.com.", "MX", ["10 mail.example.com."]),
}


def a_message(*kinds: str, edns: bool = True) -> dns.message.Message:
    """A response with these RRsets in every section in turn."""
    query = dns.message.make_query(NAME, "TXT", use_edns=0 if edns else -1)
    message = dns.message.make_response(query)
    message.flags |= dns.flags.AA
    sections = (message.answer, message.authority, message.additional)
    for number, kind in enumerate(kinds):
        owner, rdtype, texts = RRSETS[kind]
        sections[number % 3].append(dns.rrset.from_text(owner, 300, "IN", rdtype, *texts))
    return message


def told(message: Message) -> list[set[tuple[object, ...]]]:
    """What our reader found, section by section."""
    return [
        {
            (tuple(one.owner), one.rdtype, one.ttl, _told_data(message, one.rdtype, one))
            for one in section
            if one.rdtype != RdataType.OPT and one.rdclass == RdataClass.IN
        }
        for section in (message.answer, message.authority, message.additional)
    ]


def _told_data(message: Message, rdtype: int, record: object) -> str:
    if rdtype in {RdataType.NS, RdataType.CNAME, RdataType.DNAME}:
        return message.target(record).to_text()  # type: ignore[arg-type]
    data = message.data(record)  # type: ignore[arg-type]
    if rdtype == RdataType.TXT:
        return "|".join(data)
    return " ".join(data) if rdtype == RdataType.CAA else data[0]


def expected(message: dns.message.Message) -> list[set[tuple[object, ...]]]:
    """The same by dnspython."""
    return [
        {
            (
                tuple(label.lower() for label in rrset.name.labels),
                rrset.rdtype,
                rrset.ttl,
                _expected_data(rdata),
            )
            for rrset in section
            if rrset.rdclass == RdataClass.IN
            for rdata in rrset
        }
        for section in (message.answer, message.authority, message.additional)
    ]


def _expected_data(rdata: object) -> str:
    match rdata.rdtype:  # type: ignore[attr-defined]
        case RdataType.TXT:
            parts = rdata.strings  # type: ignore[attr-defined]
            return "|".join(part.decode("ascii", "backslashreplace") for part in parts)
        case RdataType.CAA:
            return f"{rdata.flags} {rdata.tag.decode()} {rdata.value.decode()}"  # type: ignore[attr-defined]
    return rdata.to_text().lower()  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("kind", RRSETS)
def test_every_type_in_every_section_is_read_as_dnspython_reads_it(kind: str) -> None:
    made = a_message(kind, kind, kind)
    wire = made.to_wire()
    read = read_message(wire)
    assert told(read) == expected(dns.message.from_wire(wire))
    assert (read.number, read.rcode, read.flags & AA) == (made.id, 0, AA)
    assert read.asked == b"\x03www\x07example\x03com\x00\x00\x10\x00\x01"


def test_a_mixture_with_compressed_names_is_read_alike() -> None:
    wire = a_message(*RRSETS, *reversed(RRSETS)).to_wire()
    assert told(read_message(wire)) == expected(dns.message.from_wire(wire))


@pytest.mark.parametrize("rcode", [0, 2, 3, 5, 16, 23, 4095])
def test_response_codes_come_with_their_upper_bits(rcode: int) -> None:
    made = a_message()
    made.set_rcode(dns.rcode.Rcode(rcode))
    assert read_message(made.to_wire()).rcode == rcode


def test_garbled_messages_are_refused_or_read_as_dnspython_reads_them() -> None:
    """Where both accept the bytes they say the same; ours never ends in anything but ValueError."""
    noise = random.Random(8659)
    wires = [a_message(*RRSETS).to_wire(), a_message("CAA", "NS", "A").to_wire()]
    alike = 0
    for _ in range(2500):
        garbled = bytearray(noise.choice(wires))
        for _ in range(noise.randint(1, 3)):
            garbled[noise.randrange(12, len(garbled))] = noise.randrange(256)
        try:
            ours = told(read_message(bytes(garbled)))
        except (ValueError, dns.exception.DNSException):
            continue
        try:
            theirs = expected(dns.message.from_wire(bytes(garbled), ignore_trailing=True))
        except (dns.exception.DNSException, ValueError, struct.error, UnicodeDecodeError):
            continue
        alike += 1
        assert _comparable(ours) == _comparable(theirs)
    assert alike > 400


def _comparable(sections: list[set[tuple[object, ...]]]) -> list[set[tuple[object, ...]]]:
    """Without TTLs, which dnspython levels within an RRset, and without what is shown otherwise."""
    return [
        {
            (owner, rdtype, data)
            for owner, rdtype, _, data in section
            if rdtype in {RdataType.TXT, RdataType.CAA, RdataType.A, RdataType.AAAA}
        }
        for section in sections
    ]


def test_a_truncated_message_is_read_up_to_the_cut() -> None:
    made = a_message("TXT", "NS", "A")
    made.flags |= dns.flags.TC
    wire = made.to_wire()
    read = read_message(wire[:-40])
    assert read.flags & TC
    assert len(read.answer) == 3
    with pytest.raises(ValueError, match="ends within"):
        read_message(a_message("TXT", "NS", "A").to_wire()[:-40])


QUESTION = b"\x00\x01\x80\x00\x00\x01\x00\x01\x00\x00\x00\x00\x01a\x00\x00\x10\x00\x01"  # 19 bytes
TAIL = b"\x00\x10\x00\x01\x00\x00\x00\x05\x00\x02\x01x"


@pytest.mark.parametrize(
    ("owner", "reason"),
    [
        (b"\xc0\x13", "leads forwards"),  # to itself
        (b"\xc0\x20", "leads forwards"),
        (b"\x01b\xc0\x13", "leads forwards"),  # in a circle
        (b"\x40" + b"x" * 64 + b"\x00", "unknown type"),
        (b"\x80\x00", "unknown type"),
        (b"\x3f" + b"x" * 3, "cut or too long"),
        ((b"\x3f" + b"x" * 63) * 4 + b"\x00", "too long"),
        (b"\x01x" * 130 + b"\x00", "too long"),
        (b"\xc0", "cut"),
    ],
)
def test_names_that_never_end_or_are_too_long_are_refused(owner: bytes, reason: str) -> None:
    wire = QUESTION + owner + (TAIL if owner != b"\xc0" else b"")
    with pytest.raises(ValueError, match=reason):
        read_message(wire)


def test_long_chains_of_pointers_are_refused_at_once() -> None:
    """Each of 8,000 pointers leads to the one before; reading must neither recurse nor linger."""
    data = b"".join(struct.pack("!H", 0xC000 | (31 + 2 * n)) for n in range(8000))
    first = b"\x01b\x00" + struct.pack("!HHIH", 10, 1, 5, len(data)) + data
    start = len(QUESTION) + len(first) - 2
    wire = QUESTION[:7] + b"\x02" + QUESTION[8:] + first + struct.pack("!H", 0xC000 | start) + TAIL
    with pytest.raises(ValueError):
        read_message(wire)


@pytest.mark.parametrize(
    ("rdtype", "data"),
    [
        (RdataType.TXT, b""),
        (RdataType.TXT, b"\x05abc"),
        (RdataType.CAA, b"\x00"),
        (RdataType.CAA, b"\x00\x00abc"),
        (RdataType.CAA, b"\x00\x09abc"),
        (RdataType.A, b"\x7f\x00\x01"),
        (RdataType.AAAA, b"\x7f\x00\x00\x01"),
        (RdataType.MX, b"\x00"),
    ],
)
def test_data_of_the_wrong_shape_is_refused(rdtype: int, data: bytes) -> None:
    head = b"\x01a\x00" + struct.pack("!HHIH", rdtype, 1, 5, len(data))
    message = read_message(QUESTION + head + data)
    with pytest.raises(ValueError):
        message.data(message.answer[0])


def test_a_name_with_data_behind_it_is_no_target() -> None:
    head = b"\x01a\x00" + struct.pack("!HHIH", RdataType.CNAME, 1, 5, 4)
    message = read_message(QUESTION + head + b"\x01b\x00x")
    with pytest.raises(ValueError, match="data after the name"):
        message.target(message.answer[0])


@pytest.mark.parametrize("wire", [b"", b"x" * 11, QUESTION[:15], QUESTION[:17]])
def test_what_is_too_short_is_no_message(wire: bytes) -> None:
    with pytest.raises(ValueError):
        read_message(wire)


def test_two_questions_are_none_that_we_asked() -> None:
    with pytest.raises(ValueError, match="more than one question"):
        read_message(QUESTION[:5] + b"\x02" + QUESTION[6:])
