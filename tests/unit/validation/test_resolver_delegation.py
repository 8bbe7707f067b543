"""The resolver on its way: delegations, glue, CNAMEs, and addresses it may not ask."""

from __future__ import annotations

import dns.message
import pytest

from tests.lab.dns import respond
from tests.lab.zones import Zone
from tests.unit.validation.internet import NET, QUICK, Internet, a_zone, delegate
from vouchsafe.adapters.dns_servers import is_public
from vouchsafe.adapters.resolver import AuthoritativeResolver
from vouchsafe.domain.resolution import Resolution, Status

VALUE = "_abcdefghijklmnopqrstuvwxyz"


def ask(internet: Internet, name: str, rdtype: str = "TXT") -> Resolution:
    return internet.resolver().session(10).ask(name, rdtype)


def test_a_cname_is_followed_into_another_zone(internet: Internet) -> None:
    host = {"ns": 5}
    delegate(internet.com, "target.com", host)
    target = a_zone("target.com", host)
    target.add("value", "TXT", f'"{VALUE}"')
    internet.servers.add(5, [target])
    internet.publish("_dnsauth", "CNAME", "value.target.com.")
    found = ask(internet, "_dnsauth.example.com")
    assert found.status is Status.ANSWER
    assert found.aliases == ("value.target.com",)
    assert found.name == "_dnsauth.example.com"


def test_what_a_server_says_about_another_zone_is_not_believed(internet: Internet) -> None:
    """Both servers of example.com claim the target's value; target.com's own says otherwise."""
    delegate(internet.com, "target.com", {"ns": 5})
    internet.servers.add(5, [a_zone("target.com", {"ns": 5})])
    forged = a_zone("target.com", {"ns": 5})
    forged.add("value", "TXT", f'"{VALUE}"')
    internet.publish("_dnsauth", "CNAME", "value.target.com.")
    for server, zone in (
        (internet.first, internet.first_zone),
        (internet.second, internet.second_zone),
    ):
        server.manner = lambda wire, tcp, zone=zone: (  # type: ignore[misc]
            respond([zone, forged], wire, tcp=tcp)
        )
    assert ask(internet, "_dnsauth.example.com").status is Status.NXDOMAIN


def test_cnames_in_a_circle_come_to_an_end(internet: Internet) -> None:
    internet.publish("a", "CNAME", "b.example.com.")
    internet.publish("b", "CNAME", "a.example.com.")
    found = ask(internet, "a.example.com")
    assert found.status is Status.SERVFAIL
    assert found.detail.startswith("more than 8 CNAMEs in a row")


def test_a_zone_below_the_registrable_domain_is_found(internet: Internet) -> None:
    for zone in (internet.first_zone, internet.second_zone):
        delegate(zone, "deep.example.com", {"ns": 6})
    deep = a_zone("deep.example.com", {"ns": 6})
    deep.add("www", "TXT", f'"{VALUE}"')
    internet.servers.add(6, [deep])
    session = internet.resolver().session(10)
    assert session.ask("www.deep.example.com", "TXT").status is Status.ANSWER
    asked = internet.first.asked
    assert session.ask("other.deep.example.com", "TXT").status is Status.NXDOMAIN
    assert internet.first.asked == asked  # the delegation is remembered within the look


def test_addresses_of_name_servers_without_glue_are_looked_up(internet: Internet) -> None:
    delegate(internet.com, "glueless.com", {"ns.other.com.": 0})
    delegate(internet.com, "other.com", {"ns": 7})
    other = a_zone("other.com", {"ns": 7})
    glueless = a_zone("glueless.com", {"ns.other.com.": 0})
    glueless.add("www", "TXT", f'"{VALUE}"')
    internet.servers.add(7, [other, glueless])
    found = ask(internet, "www.glueless.com")
    assert found.status is Status.ANSWER
    assert found.said[0].server == f"ns.other.com ({NET}7)"


def test_glue_from_outside_the_asked_zone_is_not_used(internet: Internet) -> None:
    """com's server gives an address for a name server under net, which it has no say about."""
    delegate(internet.root, "net", {"ns.net.": 8})
    net = a_zone("net", {"ns.net.": 8})
    delegate(net, "other.net", {"ns": 9})
    other = a_zone("other.net", {"ns": 9})
    poisoned = Zone(dns.name.from_text("com"), nodes=internet.com.nodes)
    delegate(poisoned, "victim.com", {"ns.other.net.": 0})
    victim = a_zone("victim.com", {"ns.other.net.": 0})
    victim.add("www", "TXT", '"honest"')
    internet.servers.add(8, [net])
    internet.servers.add(9, [other, victim])
    forger = a_zone("victim.com", {"ns.other.net.": 0})
    forger.add("www", "TXT", f'"{VALUE}"')
    internet.servers.add(10, [forger])

    def with_false_glue(wire: bytes, tcp: bool) -> bytes | None:
        message = dns.message.from_wire(respond([poisoned], wire, tcp=tcp) or b"")
        if message.authority:
            false = dns.rrset.from_text("ns.other.net.", 60, "IN", "A", f"{NET}10")
            message.additional.append(false)
        return message.to_wire()

    internet.servers.servers[f"{NET}2"].manner = with_false_glue
    assert ask(internet, "www.victim.com").variants == ((("honest",),),)


def test_name_servers_found_only_through_themselves_are_no_way_in(internet: Internet) -> None:
    delegate(internet.com, "one.com", {"ns.two.com.": 0})
    delegate(internet.com, "two.com", {"ns.one.com.": 0})
    found = ask(internet, "www.one.com")
    assert found.status is Status.LAME
    assert found.detail == "none of the name servers of one.com can be asked"


def test_a_name_server_without_address_is_reported_beside_those_that_answer(
    internet: Internet,
) -> None:
    internet.com.add("example.com.", "NS", "gone.nowhere.com.")
    internet.publish("www", "TXT", f'"{VALUE}"')
    found = ask(internet, "www.example.com")
    assert found.status is Status.ANSWER
    told = "unreachable: has no IPv4 address, and IPv6 is out of reach here"
    assert told in [one.text for one in found.said]


def test_loopback_and_private_name_servers_are_refused_outside_the_lab(
    internet: Internet,
) -> None:
    resolver = AuthoritativeResolver(
        roots=[internet.servers.servers[f"{NET}1"].at], port=internet.servers.port, timings=QUICK
    )
    assert not resolver.session(5).ask("www.example.com", "TXT").looked_up
    assert internet.servers.servers[f"{NET}1"].asked == 0


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "100.64.0.1",
        "192.168.1.1",
        "0.0.0.0",
        "224.0.0.1",
        "239.255.255.255",
        "::1",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
        "2001:0:a00:1::1",
    ],
)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["198.41.0.4", "8.8.8.8", "2001:7fd::1"])
def test_ordinary_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_a_delegation_made_to_multiply_questions_costs_a_bounded_number(internet: Internet) -> None:
    """13 name servers without glue, each below a domain with 13 more of the same kind."""
    for outer in range(13):
        internet.com.add("victim.com.", "NS", f"ns.a{outer}.com.")
        for inner in range(13):
            internet.com.add(f"a{outer}.com.", "NS", f"ns.b{outer}-{inner}.com.")
    registry = internet.servers.servers[f"{NET}2"]
    assert not ask(internet, "www.victim.com").looked_up
    assert registry.asked < 60
