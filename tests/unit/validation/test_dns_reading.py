"""Whatever bytes a server sends, reading them ends in an answer or a refusal, never in a crash."""

from __future__ import annotations

import random

import dns.flags
import dns.message
import dns.name
import dns.rrset
import pytest
from dns.rdatatype import RdataType

from vouchsafe.adapters.dns_exchange import Reply
from vouchsafe.adapters.dns_reading import name_servers_in, read_reply, referral_in
from vouchsafe.adapters.dns_servers import Server
from vouchsafe.adapters.dns_wire import Question, parsed, repeats

NAME = dns.name.from_text("www.example.com")
COM = dns.name.from_text("com")
SERVER = Server("ns", "192.0.2.1")


def a_message(rdtype: str) -> bytes:
    """An answer with something in every section."""
    message = dns.message.make_response(dns.message.make_query(NAME, rdtype, use_edns=0))
    message.flags |= dns.flags.AA
    caa = dns.rrset.from_text(NAME, 60, "IN", "CAA", '0 issue "ca.example"')
    txt = dns.rrset.from_text(NAME, 60, "IN", "TXT", '"one" "two"')
    ns = dns.rrset.from_text("example.com.", 60, "IN", "NS", "ns.example.com.")
    glue = dns.rrset.from_text("ns.example.com.", 60, "IN", "A", "192.0.2.1")
    message.answer += [caa, txt]
    message.authority.append(ns)
    message.additional.append(glue)
    return message.to_wire()


@pytest.mark.parametrize("rdtype", ["CAA", "TXT", "NS"])
def test_garbled_messages_are_read_or_refused(rdtype: str) -> None:
    noise = random.Random(rdtype)
    wire = a_message(rdtype)
    question = Question(NAME, RdataType.from_text(rdtype))
    read = 0
    for _ in range(1500):
        garbled = bytearray(wire)
        for _ in range(noise.randint(1, 4)):
            garbled[noise.randrange(2, len(garbled))] = noise.randrange(256)
        message = parsed(
            bytes(garbled[: noise.choice((len(garbled), noise.randrange(len(garbled))))])
        )
        if message is not None and repeats(message, question):
            read += 1
            read_reply(Reply(SERVER, message), question, COM)
            referral_in(message, question, COM)
            name_servers_in(message, question, COM)
    assert read > 50
