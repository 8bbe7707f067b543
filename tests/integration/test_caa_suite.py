"""The public CAA test suite's cases, and more, against real name servers on loopback.

From the looker down to datagrams everything is what runs in production; see tests/lab/caa_suite.py.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import dns.flags
import dns.message
import pytest
from pytest_socket import socket_allow_hosts

from tests.lab import caa_suite
from tests.lab.caa_suite import MORE, OURS, SIGNED, SUITE, Case, Outcome
from tests.lab.dns import respond
from tests.lab.signing import Signer, anchor_of, sign, vouch
from tests.unit.validation.internet import QUICK, Internet, a_zone, delegate
from tests.unit.validation.name_servers import NET, NameServers, refusing, silent
from vouchsafe.adapters.dnssec_anchors import anchor
from vouchsafe.adapters.looker import NetworkLooker
from vouchsafe.adapters.resolver import AuthoritativeResolver
from vouchsafe.domain.authorization import CaaFinding, DnssecStatus
from vouchsafe.domain.looking import CaaQuestion, LookRequest

SUITE_SERVER, SIGNED_SERVER, BLACKHOLE, SERVFAIL, REFUSED = 30, 31, 32, 33, 34
DAY = 86_400  # seconds


def failing(wire: bytes, tcp: bool) -> bytes | None:
    message = dns.message.make_response(dns.message.from_wire(wire))
    message.set_rcode(dns.rcode.SERVFAIL)
    return message.to_wire()


@pytest.fixture(scope="module")
def world() -> Iterator[Internet]:
    """The lab's internet with the suite's two domains and ours."""
    socket_allow_hosts(["127.0.0.0/8", "::1"], allow_unix_socket=True)
    servers = NameServers()
    internet = Internet(servers)
    hosts = {"ns0": SUITE_SERVER, "ns1": SUITE_SERVER}
    suite = a_zone(SUITE, hosts)
    for owner, rdtype, data in caa_suite.SUITE_RECORDS:
        suite.add(owner, rdtype, *data)
    ipv6_only = a_zone(f"ipv6only.{SUITE}", {f"nsipv6.{SUITE}.": 0})
    ipv6_only.add("@", "CAA", f'0 issue "{SUITE}"')
    delegate(internet.com, SUITE, hosts)
    servers.add(SUITE_SERVER, [suite])
    servers.try_ipv6([ipv6_only])
    _signed_domain(internet)
    for owner, rdtype, data in caa_suite.OWN_RECORDS:
        internet.publish(f"{owner}.{MORE}.", rdtype, *data)
    internet.first_zone.add(f"split.{MORE}.", "CAA", caa_suite.SPLIT[0])
    internet.second_zone.add(f"split.{MORE}.", "CAA", caa_suite.SPLIT[1])
    internet.publish(f"ns.blackhole.{MORE}.", "A", f"{NET}{BLACKHOLE}")
    yield internet
    servers.close()


def _signed_domain(internet: Internet) -> None:
    """caatestsuite-dnssec.com: signed, with a DS for each of its broken children."""
    hosts = {"ns0": SIGNED_SERVER}
    parent = a_zone(SIGNED, hosts)
    delegate(internet.com, SIGNED, hosts)
    for child, last in (("blackhole", BLACKHOLE), ("servfail", SERVFAIL), ("refused", REFUSED)):
        delegate(parent, f"{child}.{SIGNED}", {"ns": last})
        unreachable = a_zone(f"{child}.{SIGNED}", {"ns": last})
        sign(unreachable)
        vouch(parent, unreachable)
    signers = {
        "expired": Signer(begins=-2 * DAY, ends=-DAY),
        "missing": Signer(signs=False),
        "valid": Signer(nsec3=True),
    }
    children = []
    for name, signer in signers.items():
        child_zone = a_zone(f"{name}.{SIGNED}", hosts)
        sign(child_zone, signer)
        children.append(child_zone)
        delegate(parent, child_zone.origin.to_text(), {f"ns0.{SIGNED}.": SIGNED_SERVER})
        vouch(parent, child_zone)
    internet.servers.add(SIGNED_SERVER, [parent, *children])
    internet.servers.add(BLACKHOLE, [], silent)
    internet.servers.add(SERVFAIL, [], failing)
    internet.servers.add(REFUSED, [], refusing)
    sign(internet.root)
    sign(internet.com, Signer(nsec3=True, opt_out=True))
    sign(parent)
    vouch(internet.root, internet.com)
    vouch(internet.com, parent)


def check(resolver: object, case: Case) -> CaaFinding:
    """What a look at the case's name finds."""
    looker = NetworkLooker(resolver, perspective="primary", rir="ARIN")  # type: ignore[arg-type]
    question = CaaQuestion(
        name=case.base,
        wildcard=case.wildcard,
        issuer_domains=(OURS,),
        validation_method=caa_suite.METHOD,
        account_uri=caa_suite.ACCOUNT,
    )
    (answer,) = looker.look(LookRequest(caa=(question,))).caa
    return answer.finding


def outcome(finding: CaaFinding) -> Outcome:
    if not finding.completed:
        assert not finding.permitted
        return Outcome.FAILED
    return Outcome.PERMITTED if finding.permitted else Outcome.REFUSED


@pytest.mark.parametrize(
    "case", (*caa_suite.SUITE_CASES, *caa_suite.OWN_CASES), ids=lambda case: case.name
)
def test_case(world: Internet, case: Case) -> None:
    began = time.monotonic()
    finding = check(world.resolver(), case)
    assert (outcome(finding), finding.deciding_name) == (case.outcome, case.at), finding
    failed = case.outcome is Outcome.FAILED
    assert finding.dnssec is (DnssecStatus.UNKNOWN if failed else DnssecStatus.INSECURE)
    if case.outcome is Outcome.REFUSED:
        assert finding.deciding_record
    assert time.monotonic() - began < 5


def test_a_set_that_refuses_says_whom_it_wants_to_be_told(world: Internet) -> None:
    finding = check(world.resolver(), Case(name=f"deny.{MORE}", outcome=Outcome.REFUSED, why=""))
    assert finding.iodef == ("mailto:security@example.com",)
    assert finding.issuer == OURS


def test_a_name_server_with_ipv6_alone_is_a_failure_where_there_is_no_ipv6(
    world: Internet,
) -> None:
    finding = check(world.resolver(), caa_suite.IPV6_ONLY)
    assert outcome(finding) is Outcome.FAILED
    assert "is an IPv6 address, which cannot be reached from here" in finding.detail
    assert "nsipv6" in finding.detail


def test_a_name_server_with_ipv6_alone_is_asked_where_there_is(world: Internet) -> None:
    if not world.servers.has_ipv6:
        pytest.skip("no IPv6 loopback here")
    resolver = AuthoritativeResolver(
        roots=[world.servers.servers[f"{NET}1"].at],
        port=world.servers.port,
        special_addresses=True,
        timings=QUICK,
        ipv6=lambda: True,
        anchors=[anchor(anchor_of(world.root))],
    )
    finding = check(resolver, caa_suite.IPV6_ONLY)
    assert (outcome(finding), finding.deciding_name) == (Outcome.REFUSED, f"ipv6only.{SUITE}")


@pytest.mark.parametrize("case", caa_suite.SIGNATURE_CASES, ids=lambda case: case.name)
def test_signatures_that_do_not_hold_are_a_failure(world: Internet, case: Case) -> None:
    finding = check(world.resolver(), case)
    assert (outcome(finding), finding.deciding_name) == (case.outcome, case.at), finding
    assert finding.dnssec is DnssecStatus.BOGUS
    assert case.at in finding.detail


def test_without_their_faults_the_same_zones_permit(world: Internet) -> None:
    """What the cases above are refused for is their signatures, and nothing else."""
    valid = Case(name=f"valid.{SIGNED}", outcome=Outcome.PERMITTED, why="")
    finding = check(world.resolver(), valid)
    assert (outcome(finding), finding.dnssec) == (Outcome.PERMITTED, DnssecStatus.SECURE)


def test_a_record_that_cannot_be_read_is_a_failure(world: Internet) -> None:
    """A tag said to be longer than the record, at both servers."""
    both = (world.first, world.second)
    kept = [one.manner for one in both]

    def garbling(wire: bytes, tcp: bool) -> bytes | None:
        whole = respond([world.first_zone], wire, tcp=tcp) or b""
        return whole.replace(b"\x00\x05issue", b"\x00\xffissue")

    for one in both:
        one.manner = garbling
    try:
        finding = check(world.resolver(), Case(name=f"both.{MORE}", outcome=Outcome.FAILED, why=""))
    finally:
        for one, manner in zip(both, kept, strict=True):
            one.manner = manner
    assert outcome(finding) is Outcome.FAILED
    assert "a record in the reply cannot be read" in finding.detail


def test_the_lab_speaks_udp_and_tcp_for_the_big_set(world: Internet) -> None:
    """The 1001 records really take TCP: the datagram says that it was cut."""
    query = dns.message.make_query(f"big.basic.{SUITE}", "CAA", use_edns=0, payload=1232)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(2)
        asking.sendto(query.to_wire(), (f"{NET}{SUITE_SERVER}", world.servers.port))
        reply = dns.message.from_wire(asking.recv(65535))
    assert reply.flags & dns.flags.TC
