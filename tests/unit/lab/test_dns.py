"""The lab's name servers answer, delegate and change as real ones do."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.update
import pytest
from dns.message import Message
from dns.rcode import Rcode

from tests.lab import topology
from tests.lab.dns import respond

ZONE = "lab.example.com"
NAME = f"www.{ZONE}."


class Lab:
    """The lab's servers without sockets: every question goes through wire form."""

    def __init__(self) -> None:
        self._servers = topology.servers()

    def ask(
        self, name: str, rdtype: str, *, at: str = topology.FIRST, tcp: bool = False
    ) -> Message:
        return self.send(dns.message.make_query(name, rdtype), at=at, tcp=tcp)

    def send(self, query: Message, *, at: str = topology.FIRST, tcp: bool = False) -> Message:
        reply = respond(self._servers[at], query.to_wire(), tcp=tcp)
        assert reply is not None
        return dns.message.from_wire(reply)

    def texts(self, name: str, at: str = topology.FIRST) -> set[str]:
        return {rdata.to_text() for rrset in self.ask(name, "TXT", at=at).answer for rdata in rrset}


@pytest.fixture
def lab() -> Lab:
    return Lab()


def change() -> dns.update.UpdateMessage:
    return dns.update.UpdateMessage(ZONE)


def test_the_root_refers_to_the_registries_and_these_to_the_lab_servers(lab: Lab) -> None:
    for at, child in (
        (topology.ROOT, "com."),
        (topology.REGISTRIES, "example.com."),
    ):
        reply = lab.ask(NAME, "TXT", at=at)
        assert not reply.flags & dns.flags.AA
        assert [rrset.name.to_text() for rrset in reply.authority] == [child]
        assert reply.additional


def test_a_name_without_the_type_asked_for_is_no_data_with_the_soa(lab: Lab) -> None:
    reply = lab.ask(ZONE, "TXT")
    assert reply.rcode() == Rcode.NOERROR
    assert not reply.answer
    assert reply.authority[0].rdtype == dns.rdatatype.SOA


@pytest.mark.parametrize("name", ["missing.example.com", f"_dnsauth.{ZONE}"])
def test_a_missing_name_is_nxdomain_with_the_soa(lab: Lab, name: str) -> None:
    reply = lab.ask(name, "TXT")
    assert reply.rcode() == Rcode.NXDOMAIN
    assert reply.authority[0].rdtype == dns.rdatatype.SOA


def test_every_name_of_a_lab_zone_has_the_address_of_the_web_server(lab: Lab) -> None:
    reply = lab.ask(f"any.name.{ZONE}", "A")
    assert reply.answer[0][0].to_text() == topology.WEB


def test_a_foreign_name_is_refused(lab: Lab) -> None:
    assert lab.ask("example.edu", "A").rcode() == Rcode.REFUSED


@pytest.mark.parametrize("tcp", [False, True])
def test_an_update_to_one_server_is_seen_at_both(lab: Lab, tcp: bool) -> None:
    update = change()
    update.add(NAME, 5, "TXT", '"one"')
    assert lab.send(update, at=topology.SECOND, tcp=tcp).rcode() == Rcode.NOERROR
    assert lab.texts(NAME) == lab.texts(NAME, at=topology.SECOND) == {'"one"'}


def test_an_update_raises_the_serial(lab: Lab) -> None:
    before = lab.ask(ZONE, "SOA").answer[0][0].serial
    update = change()
    update.add(NAME, 5, "TXT", '"one"')
    lab.send(update)
    assert lab.ask(ZONE, "SOA").answer[0][0].serial == before + 1


def test_records_sets_and_names_can_be_deleted(lab: Lab) -> None:
    update = change()
    update.add(NAME, 5, "TXT", '"one"', '"two"', '"three"')
    update.add(NAME, 5, "CAA", '0 issue "ca.example"')
    lab.send(update)
    for delete, left in (((NAME, "TXT", '"two"'), 2), ((NAME, "TXT"), 0), ((NAME,), 0)):
        update = change()
        update.delete(*delete)
        lab.send(update)
        assert len(lab.texts(NAME)) == left
    assert not lab.ask(NAME, "CAA").answer


def test_deleting_the_apex_keeps_the_zone_alive(lab: Lab) -> None:
    update = change()
    update.delete(f"{ZONE}.")
    lab.send(update)
    assert lab.ask(ZONE, "SOA").answer
    assert lab.ask(ZONE, "NS").answer


def test_a_prerequisite_that_does_not_hold_changes_nothing(lab: Lab) -> None:
    update = change()
    update.present(NAME, "TXT")
    update.add(NAME, 5, "TXT", '"one"')
    assert lab.send(update).rcode() == Rcode.NXRRSET
    assert lab.texts(NAME) == set()


def test_a_prerequisite_on_values_compares_the_whole_set(lab: Lab) -> None:
    update = change()
    update.add(NAME, 5, "TXT", '"one"', '"two"')
    lab.send(update)
    for values, expected in (
        (['"one"'], Rcode.NXRRSET),
        (['"one"', '"two"'], Rcode.NOERROR),
    ):
        update = change()
        update.present(NAME, "TXT", *values)
        update.absent(f"other.{ZONE}.")
        assert lab.send(update).rcode() == expected


def test_an_update_of_a_foreign_zone_is_refused(lab: Lab) -> None:
    update = dns.update.UpdateMessage("example.edu")
    update.add("www.example.edu.", 5, "TXT", '"one"')
    assert lab.send(update).rcode() == Rcode.NOTAUTH


def test_a_name_outside_the_zone_is_refused(lab: Lab) -> None:
    update = change()
    update.add("www.example.org.", 5, "TXT", '"one"')
    assert lab.send(update).rcode() == Rcode.NOTZONE


def test_an_alias_is_followed_across_zones(lab: Lab) -> None:
    update = change()
    update.add(NAME, 5, "CNAME", "target.shop.example.net.")
    lab.send(update)
    update = dns.update.UpdateMessage("shop.example.net")
    update.add("target.shop.example.net.", 5, "TXT", '"there"')
    lab.send(update)
    reply = lab.ask(NAME, "TXT")
    assert [rrset.rdtype.name for rrset in reply.answer] == ["CNAME", "TXT"]


def test_a_wildcard_answers_for_missing_names_only(lab: Lab) -> None:
    update = change()
    update.add(f"*.sub.{ZONE}.", 5, "TXT", '"wild"')
    update.add(f"there.sub.{ZONE}.", 5, "A", "127.0.0.9")
    lab.send(update)
    assert lab.texts(f"x.sub.{ZONE}") == {'"wild"'}
    assert lab.texts(f"there.sub.{ZONE}") == set()
    assert lab.texts(f"below.there.sub.{ZONE}") == set()


def test_an_answer_too_long_for_udp_is_cut_and_whole_over_tcp(lab: Lab) -> None:
    update = change()
    update.add(NAME, 5, "TXT", *(f'"{number:0200}"' for number in range(10)))
    lab.send(update)
    cut = lab.ask(NAME, "TXT")
    assert cut.flags & dns.flags.TC
    assert not cut.answer
    assert len(lab.ask(NAME, "TXT", tcp=True).answer[0]) == 10


def test_edns_is_answered_with_edns(lab: Lab) -> None:
    assert lab.send(dns.message.make_query(NAME, "TXT", use_edns=0, payload=4096)).edns == 0


def test_what_is_no_message_is_a_format_error_or_nothing() -> None:
    reply = respond([], b"\x12\x34\x01\x00" + bytes(7) + b"\x05" + b"x", tcp=False)
    assert reply is not None
    assert reply[:2] == b"\x12\x34"
    assert reply[3] & 0xF == Rcode.FORMERR
    assert respond([], b"\x12", tcp=False) is None
