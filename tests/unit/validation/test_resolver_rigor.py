"""Look-ups against servers that lie, lag, disagree, lose, cut, break and flood; and how we ask."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import dns.flags
import dns.message
import dns.rrset
import pytest

from tests.lab.dns import respond
from tests.lab.zones import Zone
from tests.unit.validation.internet import QUICK, Internet, a_zone, delegate
from tests.unit.validation.name_servers import (
    NET,
    Manner,
    forgetful,
    lower_case_only,
    refusing,
    silent,
    without_edns,
)
from vouchsafe.adapters.dns_exchange import Timings
from vouchsafe.adapters.dns_inquiry import Sockets
from vouchsafe.adapters.looker import NetworkLooker
from vouchsafe.domain.authorization import DcvMethodName, DnssecStatus
from vouchsafe.domain.dcv import question_for
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.looking import CaaQuestion, LookRequest
from vouchsafe.domain.resolution import Resolution, Said, Status

VALUE = "_abcdefghijklmnopqrstuvwxyz"
BIG = [f'"{number:03}{"x" * 100}"' for number in range(40)]


def ask(internet: Internet, name: str, rdtype: str = "TXT") -> Resolution:
    return internet.resolver().session(10).ask(name, rdtype)


def both(internet: Internet, manner: Callable[[list[Zone]], Manner]) -> None:
    """Both servers of example.com answer in that manner."""
    internet.first.manner = manner([internet.first_zone])
    internet.second.manner = manner([internet.second_zone])


def test_each_query_leaves_from_another_port_with_another_id_and_case(internet: Internet) -> None:
    session = internet.resolver().session(20)
    for number in range(60):
        session.ask(f"abcdefghijklmnop{number}.example.com", "TXT")
    heard = [each for each in internet.first.heard if b"\x00\x10\x00\x01" in each[1]]
    ports = [port for port, _ in heard]
    ids = [struct.unpack("!H", wire[:2])[0] for _, wire in heard]
    cased = {wire[13:29] for _, wire in heard}
    assert len(heard) == 60
    assert len(set(ports)) > 50  # of some 28,000: two may meet
    assert len({later - earlier for earlier, later in zip(ports, ports[1:], strict=False)}) > 40
    assert len(set(ids)) > 55
    assert len(cased) == 60  # sixteen letters each: 1 in 65,536
    assert all(any(97 <= byte <= 122 for byte in name) for name in cased)
    assert all(any(65 <= byte <= 90 for byte in name) for name in cased)


def test_queries_ask_no_recursion_and_say_how_much_fits(internet: Internet) -> None:
    ask(internet, "www.example.com")
    query = dns.message.from_wire(internet.first.heard[-1][1])
    assert not query.flags & dns.flags.RD
    assert (query.edns, query.payload) == (0, 1232)


def test_a_server_that_knows_no_capital_letters_is_asked_again_without(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{VALUE}"')
    both(internet, lower_case_only)
    found = ask(internet, "www.example.com")
    assert (found.status, found.variants) == (Status.ANSWER, (((VALUE,),),))


def test_a_server_that_fails_once_is_asked_again(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{VALUE}"')
    failures: list[bytes] = []

    def failing_once(zones: list[Zone]) -> Manner:
        def manner(wire: bytes, tcp: bool) -> bytes | None:
            if len(failures) < 2:
                failures.append(wire)
                message = dns.message.make_response(dns.message.from_wire(wire))
                message.set_rcode(dns.rcode.SERVFAIL)
                return message.to_wire()
            return respond(zones, wire, tcp=tcp)

        return manner

    both(internet, failing_once)
    assert ask(internet, "www.example.com").status is Status.ANSWER


def test_a_server_that_fails_and_then_stays_silent_has_failed(internet: Internet) -> None:
    def failing_once(zones: list[Zone]) -> Manner:
        seen: list[bytes] = []

        def manner(wire: bytes, tcp: bool) -> bytes | None:
            seen.append(wire)
            return refusing(wire, tcp) if len(seen) == 1 else None

        return manner

    both(internet, failing_once)
    found = ask(internet, "www.example.com")
    assert {one.text for one in found.said} == {"lame: answers REFUSED"}


def test_a_lost_datagram_is_sent_again(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{VALUE}"')
    both(internet, forgetful)
    assert ask(internet, "www.example.com").status is Status.ANSWER


def test_a_cut_answer_of_a_server_without_edns_is_fetched_over_tcp(internet: Internet) -> None:
    internet.publish("www", "TXT", *BIG)
    both(internet, without_edns)
    found = ask(internet, "www.example.com")
    assert found.status is Status.ANSWER
    assert len(found.variants[0]) == 40


def test_a_server_that_knows_edns_over_udp_only_is_asked_without_over_tcp(
    internet: Internet,
) -> None:
    internet.publish("www", "TXT", *BIG)

    def plain_over_tcp(zones: list[Zone]) -> Manner:
        plain = without_edns(zones)
        return lambda wire, tcp: plain(wire, tcp) if tcp else respond(zones, wire, tcp=False)

    both(internet, plain_over_tcp)
    assert len(ask(internet, "www.example.com").variants[0]) == 40


def test_a_message_cut_within_a_record_is_fetched_over_tcp(internet: Internet) -> None:
    internet.publish("www", "TXT", *BIG)

    def cutting(zones: list[Zone]) -> Manner:
        def manner(wire: bytes, tcp: bool) -> bytes | None:
            whole = respond(zones, wire, tcp=True) or b""
            if tcp:
                return whole
            return whole[:2] + bytes([whole[2] | 0x02]) + whole[3:700]

        return manner

    both(internet, cutting)
    assert len(ask(internet, "www.example.com").variants[0]) == 40


def test_cut_answers_of_many_servers_are_fetched_side_by_side(internet: Internet) -> None:
    """Ten servers whose TCP never answers cost one time-out, not ten."""
    hosts = {f"ns{number}": 20 + number for number in range(10)}
    delegate(internet.com, "wide.com", hosts)
    zone = a_zone("wide.com", hosts)
    zone.add("www", "TXT", *BIG)

    def udp_only(wire: bytes, tcp: bool) -> bytes | None:
        if tcp:
            time.sleep(0)
            return None
        return respond([zone], wire, tcp=False)

    for last in hosts.values():
        internet.servers.add(last, [zone], udp_only)
    began = time.monotonic()
    found = ask(internet, "www.wide.com")
    assert time.monotonic() - began < 3
    assert not found.looked_up
    assert len(found.said) == 10


def test_a_lame_server_beside_a_good_one_is_named_and_hides_nothing(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{VALUE}"')
    internet.second.manner = refusing
    found = ask(internet, "www.example.com")
    assert found.status is Status.ANSWER
    assert [one.said for one in found.said] == [Said.ANSWER, Said.LAME]


def test_a_delegation_to_servers_that_know_nothing_of_the_zone_is_lame(internet: Internet) -> None:
    delegate(internet.com, "gone.com", {"ns": 5})
    internet.servers.add(5, [a_zone("elsewhere.com", {"ns": 5})])
    found = ask(internet, "www.gone.com")
    assert (found.status, found.looked_up) == (Status.LAME, False)


def test_a_server_that_sends_us_upwards_is_lame(internet: Internet) -> None:
    def upwards(wire: bytes, tcp: bool) -> bytes | None:
        message = dns.message.make_response(dns.message.from_wire(wire))
        message.authority.append(dns.rrset.from_text(".", 60, "IN", "NS", "a.root-servers.net."))
        return message.to_wire()

    internet.first.manner = internet.second.manner = upwards
    assert ask(internet, "www.example.com").status is Status.LAME


def test_records_of_other_names_and_classes_do_not_answer(internet: Internet) -> None:
    """A liar adds the value under other names, another class and in another section."""

    def lying(wire: bytes, tcp: bool) -> bytes | None:
        message = dns.message.from_wire(respond([internet.first_zone], wire, tcp=tcp) or b"")
        asked = message.question[0].name
        for owner in ("other.example.com.", "www.example.com.example.com.", "com."):
            message.answer.append(dns.rrset.from_text(owner, 60, "IN", "TXT", f'"{VALUE}"'))
        message.answer.append(dns.rrset.from_text(asked, 60, "CH", "TXT", f'"{VALUE}"'))
        message.additional.append(dns.rrset.from_text(asked, 60, "IN", "TXT", f'"{VALUE}"'))
        return message.to_wire()

    internet.publish("www", "A", "192.0.2.1")
    internet.first.manner = internet.second.manner = lying
    found = ask(internet, "www.example.com")
    assert (found.status, found.variants) == (Status.NODATA, ((),))


def test_a_dname_moves_the_names_below_it_and_not_itself(internet: Internet) -> None:
    for zone in (internet.first_zone, internet.second_zone):
        zone.add("old", "DNAME", "new.example.com.")
        zone.add("www.new", "TXT", f'"{VALUE}"')
    below = ask(internet, "www.old.example.com")
    assert (below.status, below.aliases) == (Status.ANSWER, ("www.new.example.com",))
    assert ask(internet, "old.example.com").status is Status.NODATA


def test_a_dname_sent_without_its_cname_is_followed_all_the_same(internet: Internet) -> None:
    for zone in (internet.first_zone, internet.second_zone):
        zone.add("www.new", "TXT", f'"{VALUE}"')

    def bare(zones: list[Zone]) -> Manner:
        def manner(wire: bytes, tcp: bool) -> bytes | None:
            query = dns.message.from_wire(wire)
            if not query.question[0].name.to_text().lower().startswith("www.old."):
                return respond(zones, wire, tcp=tcp)
            message = dns.message.make_response(query)
            message.flags |= dns.flags.AA
            dname = dns.rrset.from_text("old.example.com.", 60, "IN", "DNAME", "new.example.com.")
            message.answer.append(dname)
            return message.to_wire()

        return manner

    both(internet, bare)
    assert ask(internet, "www.old.example.com").aliases == ("www.new.example.com",)


def test_dnames_in_a_circle_come_to_an_end(internet: Internet) -> None:
    for zone in (internet.first_zone, internet.second_zone):
        zone.add("one", "DNAME", "two.example.com.")
        zone.add("two", "DNAME", "one.example.com.")
    found = ask(internet, "www.one.example.com")
    assert found.detail.startswith("more than 8 CNAMEs in a row")


def test_what_is_learned_in_one_look_is_not_known_in_the_next(internet: Internet) -> None:
    resolver = internet.resolver()
    for _ in range(2):
        resolver.session(10).ask("www.example.com", "TXT")
    assert internet.servers.servers[f"{NET}1"].asked == 2  # the root, once a look


def test_nobody_validated_so_every_answer_says_unknown(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{VALUE}"')
    found = ask(internet, "www.example.com")
    assert found.dnssec is DnssecStatus.UNKNOWN
    assert {one.dnssec for one in found.observations(9)} == {DnssecStatus.UNKNOWN}


def test_no_more_sockets_are_open_at_once_than_a_function_may_have() -> None:
    sockets = Sockets(10)
    until = time.monotonic() + 5
    most, taken = 0, 0

    def use(wanted: int) -> None:
        nonlocal most, taken
        got = sockets.take(wanted, until)
        taken += got
        most = max(most, taken)
        time.sleep(0.002)
        taken -= got
        sockets.give(got)

    with ThreadPoolExecutor(24) as pool:
        list(pool.map(use, [4, 7, 1, 13] * 20))
    assert 8 <= most <= 10
    assert sockets.take(10, time.monotonic()) == 10


def test_who_waits_for_a_socket_beyond_the_look_gets_none() -> None:
    sockets = Sockets(2)
    assert sockets.take(2, time.monotonic()) == 2
    assert sockets.take(1, time.monotonic() + 0.02) == 0


@pytest.mark.long
def test_250_names_take_under_15_seconds_when_each_answer_takes_half_a_second(
    internet: Internet,
) -> None:
    """`-s` shows the numbers: the look at 250 names, then their CAA."""
    names = [f"n{number}.example.com" for number in range(250)]
    for name in names[:125]:
        internet.publish(f"_dnsauth.{name}.", "TXT", f'"{VALUE}"')
    internet.first.delay = internet.second.delay = 0.5
    looker = NetworkLooker(internet.resolver(Timings()), perspective="primary", rir="ARIN")
    began = time.monotonic()
    questions = (question_for(Identifier(name), DcvMethodName.DNS_TXT, VALUE) for name in names)
    dcv = looker.look(LookRequest(dcv=tuple(questions))).dcv
    looked = time.monotonic()
    caa = looker.look(
        LookRequest(
            caa=tuple(
                CaaQuestion(name=name, wildcard=False, issuer_domains=("ca.example.net",))
                for name in names
            )
        )
    ).caa
    ended = time.monotonic()
    print(f"250 names: DCV {looked - began:.1f} s, CAA {ended - looked:.1f} s")
    assert [one.passed for one in dcv] == [True] * 125 + [False] * 125
    assert all(one.completed for one in dcv)
    assert all(one.finding.permitted for one in caa)
    assert ended - began < 15


@pytest.mark.parametrize("manner", [silent, refusing])
def test_a_failure_is_never_an_empty_answer(internet: Internet, manner: Manner) -> None:
    internet.first.manner = internet.second.manner = manner
    found = internet.resolver(QUICK).session(10).ask("www.example.com", "CAA")
    assert not found.looked_up
    assert found.answered == ()


def test_the_time_of_a_question_is_bounded_by_its_tries(internet: Internet) -> None:
    internet.first.manner = internet.second.manner = silent
    began = time.monotonic()
    internet.resolver(Timings(tries=(0.1, 0.1), tcp=0.5)).session(10).ask("www.example.com", "TXT")
    assert time.monotonic() - began < 1.0
