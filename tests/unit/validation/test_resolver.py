"""The resolver against real servers on loopback, good and bad ones."""

from __future__ import annotations

import time

import dns.message

from tests.lab.dns import respond
from tests.unit.validation.internet import FIRST, NET, QUICK, SECOND, Internet, a_zone
from tests.unit.validation.name_servers import (
    NameServers,
    lowering,
    refusing,
    silent,
    without_edns,
)
from vouchsafe.adapters.resolver import AuthoritativeResolver
from vouchsafe.domain.resolution import Resolution, Said, Status

VALUE = "_abcdefghijklmnopqrstuvwxyz"


def ask(internet: Internet, name: str, rdtype: str = "TXT") -> Resolution:
    return internet.resolver().session(10).ask(name, rdtype)


def test_delegations_are_followed_from_the_root_and_every_server_of_the_zone_is_asked(
    internet: Internet,
) -> None:
    internet.publish("www", "TXT", f'"{VALUE}"')
    found = ask(internet, "www.example.com")
    assert found.status is Status.ANSWER
    assert found.variants == (((VALUE,),),)
    assert [one.server for one in found.said] == [
        f"ns1.example.com ({NET}{FIRST})",
        f"ns2.example.com ({NET}{SECOND})",
    ]


def test_the_strings_of_a_record_stay_apart(internet: Internet) -> None:
    internet.publish("www", "TXT", '"one" "two"', '"three"')
    assert ask(internet, "www.example.com").variants == ((("one", "two"), ("three",)),)


def test_a_missing_name_and_a_name_without_records_are_told_apart(internet: Internet) -> None:
    internet.publish("www", "A", "192.0.2.1")
    assert ask(internet, "nowhere.example.com").status is Status.NXDOMAIN
    assert ask(internet, "www.example.com").status is Status.NODATA


def test_servers_that_disagree_are_named_with_what_each_said(internet: Internet) -> None:
    internet.first_zone.add("www", "TXT", f'"{VALUE}"')
    internet.second_zone.add("www", "TXT", '"old"')
    found = ask(internet, "www.example.com")
    assert found.status is Status.DISAGREEMENT
    assert {one.server: one.records for one in found.said} == {
        f"ns1.example.com ({NET}{FIRST})": ((VALUE,),),
        f"ns2.example.com ({NET}{SECOND})": (("old",),),
    }


def test_the_order_of_records_is_no_disagreement(internet: Internet) -> None:
    internet.first_zone.add("www", "TXT", '"a"', '"b"')
    internet.second_zone.add("www", "TXT", '"b"', '"a"')
    assert ask(internet, "www.example.com").status is Status.ANSWER


def test_a_silent_server_does_not_hide_what_the_other_says(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{VALUE}"')
    internet.second.manner = silent
    found = ask(internet, "www.example.com")
    assert found.status is Status.ANSWER
    assert [one.said for one in found.said] == [Said.ANSWER, Said.TIME_OUT]


def test_a_server_that_refuses_its_zone_is_lame(internet: Internet) -> None:
    internet.first.manner = internet.second.manner = refusing
    found = ask(internet, "www.example.com")
    assert found.status is Status.LAME
    assert found.said[0].text == "lame: answers REFUSED"


def test_an_answer_that_is_not_authoritative_is_lame(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{VALUE}"')

    def cached(wire: bytes, tcp: bool) -> bytes | None:
        message = dns.message.from_wire(respond([internet.first_zone], wire, tcp=tcp) or b"")
        message.flags &= ~dns.flags.AA
        return message.to_wire()

    internet.first.manner = internet.second.manner = cached
    assert ask(internet, "www.example.com").status is Status.LAME


def test_servers_that_all_stay_silent_are_a_time_out(internet: Internet) -> None:
    internet.first.manner = internet.second.manner = silent
    found = ask(internet, "www.example.com")
    assert found.status is Status.TIME_OUT
    assert not found.looked_up


def test_a_dead_server_costs_its_time_outs_once_in_a_look(internet: Internet) -> None:
    internet.second.manner = silent
    session = internet.resolver().session(10)
    for number in range(8):
        session.ask(f"n{number}.example.com", "TXT")
    assert internet.second.asked == 4  # two tries for each of two questions, then no more


def test_a_server_failure_is_no_empty_answer(internet: Internet) -> None:
    def failing(wire: bytes, tcp: bool) -> bytes | None:
        message = dns.message.make_response(dns.message.from_wire(wire))
        message.set_rcode(dns.rcode.SERVFAIL)
        return message.to_wire()

    internet.first.manner = internet.second.manner = failing
    found = ask(internet, "www.example.com")
    assert found.status is Status.SERVFAIL
    assert not found.looked_up


def test_an_unregistered_domain_has_no_delegation(internet: Internet) -> None:
    found = ask(internet, "www.unregistered.com")
    assert found.status is Status.NO_DELEGATION
    assert found.detail == "the servers of com say that unregistered.com does not exist"


def test_a_truncated_answer_is_fetched_over_tcp(internet: Internet) -> None:
    many = [f'"{number:03}{"x" * 100}"' for number in range(40)]
    internet.publish("www", "TXT", *many)
    found = ask(internet, "www.example.com")
    assert found.status is Status.ANSWER
    assert len(found.variants[0]) == 40


def test_truncation_without_tcp_is_a_failure_not_a_part_of_the_answer(internet: Internet) -> None:
    internet.publish("www", "TXT", *[f'"{number:03}{"x" * 100}"' for number in range(40)])
    for server, zone in (
        (internet.first, internet.first_zone),
        (internet.second, internet.second_zone),
    ):
        server.manner = lambda wire, tcp, zone=zone: (  # type: ignore[misc]
            None if tcp else respond([zone], wire, tcp=False)
        )
    found = ask(internet, "www.example.com")
    assert not found.looked_up


def test_a_server_that_changes_the_letters_case_is_asked_again_plainly(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{VALUE}"')
    internet.first.manner = lowering([internet.first_zone])
    internet.second.manner = lowering([internet.second_zone])
    assert ask(internet, "www.example.com").status is Status.ANSWER
    assert internet.first.asked == 2


def test_a_server_without_edns_is_asked_again_without_it(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{VALUE}"')
    internet.first.manner = without_edns([internet.first_zone])
    found = ask(internet, "www.example.com")
    assert [one.said for one in found.said] == [Said.ANSWER, Said.ANSWER]


def test_noise_and_forged_ids_are_waited_out(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{VALUE}"')

    def forged(wire: bytes, tcp: bool) -> bytes | None:
        honest = respond([internet.first_zone], wire, tcp=tcp) or b""
        return bytes([honest[0] ^ 1]) + honest[1:]

    internet.first.manner = forged
    found = ask(internet, "www.example.com")
    assert [one.said for one in found.said] == [Said.TIME_OUT, Said.ANSWER]


def test_a_reply_to_another_question_is_waited_out(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{VALUE}"')

    def other(wire: bytes, tcp: bool) -> bytes | None:
        message = dns.message.from_wire(respond([internet.first_zone], wire, tcp=tcp) or b"")
        message.question[0].name = dns.name.from_text("elsewhere.example.com")
        return message.to_wire()

    internet.first.manner = other
    assert ask(internet, "www.example.com").said[0].said is Said.TIME_OUT


def test_bytes_that_are_no_message_are_called_that(internet: Internet) -> None:
    internet.first.manner = internet.second.manner = lambda wire, _: wire[:2] + b"\xff" * 9
    found = ask(internet, "www.example.com")
    assert {one.said for one in found.said} == {Said.MALFORMED}


def test_equal_questions_of_a_look_are_asked_once_and_never_across_looks(
    internet: Internet,
) -> None:
    resolver = internet.resolver()
    session = resolver.session(10)
    session.ask("www.example.com", "TXT")
    asked = internet.first.asked
    session.ask("www.example.com", "TXT")
    assert internet.first.asked == asked
    internet.publish("www", "TXT", f'"{VALUE}"')
    assert resolver.session(10).ask("www.example.com", "TXT").status is Status.ANSWER


def test_when_the_time_of_a_look_is_used_up_it_says_so(internet: Internet) -> None:
    found = internet.resolver().session(0).ask("www.example.com", "TXT")
    assert found.status is Status.OWN_TROUBLE
    assert found.detail == "the time for this look was used up"


def test_a_direct_server_gets_every_question_and_no_delegation_is_followed(
    name_servers: NameServers,
) -> None:
    zone = a_zone("lab.example.com", {"ns": 11})
    zone.add("www", "TXT", f'"{VALUE}"')
    server = name_servers.add(11, [zone])
    resolver = AuthoritativeResolver(direct=server.at, timings=QUICK)
    session = resolver.session(5)
    assert session.ask("www.lab.example.com", "TXT").status is Status.ANSWER
    assert session.ask("other.lab.example.com", "TXT").status is Status.NXDOMAIN
    assert session.ask("com", "CAA").status is Status.NODATA  # above all it knows
    assert session.ask("www.example.net", "TXT").status is Status.LAME


def test_a_direct_resolver_that_wants_recursion_is_asked_for_it(
    name_servers: NameServers,
) -> None:
    zone = a_zone("example.com", {"ns": 11})
    zone.add("www", "TXT", f'"{VALUE}"')

    def recursive(wire: bytes, tcp: bool) -> bytes | None:
        query = dns.message.from_wire(wire)
        response = dns.message.from_wire(respond([zone], wire, tcp=tcp) or b"")
        response.flags &= ~dns.flags.AA
        if not query.flags & dns.flags.RD:
            response.answer.clear()
            response.set_rcode(dns.rcode.REFUSED)
        return response.to_wire()

    server = name_servers.add(11, [], recursive)
    resolver = AuthoritativeResolver(direct=server.at, timings=QUICK)
    assert resolver.session(5).ask("www.example.com", "TXT").status is Status.ANSWER


def test_a_slow_server_is_waited_for_within_its_tries(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{VALUE}"')
    internet.first.delay = internet.second.delay = 0.2  # later than the first try waits
    began = time.monotonic()
    found = ask(internet, "www.example.com")
    assert found.status is Status.ANSWER
    assert time.monotonic() - began < 1.5
