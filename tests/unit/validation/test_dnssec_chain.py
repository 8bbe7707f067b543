"""The validating resolver against real name servers: from the trust anchor to the answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import dns.message
import dns.name
import pytest

from tests.builders import TOKEN
from tests.lab.dns import respond
from tests.lab.signing import Key, Signer, anchor_of, ds_of, sign, vouch
from tests.lab.zones import Zone
from tests.unit.validation.internet import FIRST, Internet, a_zone, delegate
from tests.unit.validation.name_servers import NET, Manner, silent
from vouchsafe.adapters.dns_exchange import Timings
from vouchsafe.adapters.dnssec_anchors import IANA_ANCHORS, anchor
from vouchsafe.adapters.looker import NetworkLooker, network_looker
from vouchsafe.adapters.resolver import AuthoritativeResolver
from vouchsafe.adapters.resolving import trust_anchors
from vouchsafe.domain.authorization import DcvMethodName, DnssecStatus
from vouchsafe.domain.caa_causes import caa_telling
from vouchsafe.domain.causes import CauseCode
from vouchsafe.domain.dcv import question_for
from vouchsafe.domain.dnssec import Flaw
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.looking import CaaQuestion, ContactQuestion, LookRequest
from vouchsafe.domain.resolution import Resolution, Status
from vouchsafe.domain.wire import report_from_json, to_json
from vouchsafe.settings import Settings, SettingsError

NAME = "www.example.com"
SECURE, INSECURE, BOGUS = DnssecStatus.SECURE, DnssecStatus.INSECURE, DnssecStatus.BOGUS


def ask(internet: Internet, name: str = NAME, rdtype: str = "TXT") -> Resolution:
    return internet.resolver().session(10).ask(name, rdtype)


def asked(internet: Internet) -> int:
    """Questions put to all servers so far."""
    return sum(server.asked for server in internet.servers.servers.values())


@pytest.mark.parametrize("nsec3", [False, True])
def test_an_answer_is_secure_when_every_zone_on_its_way_is_signed(
    internet: Internet, nsec3: bool
) -> None:
    internet.publish("www", "TXT", '"value"')
    internet.publish("*.wild", "TXT", '"anything"')
    internet.sign(com=Signer(nsec3=nsec3), example=Signer(nsec3=nsec3))
    session = internet.resolver().session(10)
    for name, rdtype, status in (
        (NAME, "TXT", Status.ANSWER),
        ("x.wild.example.com", "TXT", Status.ANSWER),
        (NAME, "CAA", Status.NODATA),
        ("nowhere.example.com", "CAA", Status.NXDOMAIN),
        ("com", "CAA", Status.NODATA),
        ("unregistered.com", "CAA", Status.NO_DELEGATION),
    ):
        found = session.ask(name, rdtype)
        assert (found.status, found.dnssec, found.detail) == (status, SECURE, found.detail), found
    assert {line.dnssec for line in session.ask(NAME, "TXT").observations(9)} == {SECURE}


@pytest.mark.parametrize(
    "com",
    [Signer(), Signer(nsec3=True), Signer(nsec3=True, opt_out=True)],
    ids=["nsec", "nsec3", "opt-out"],
)
def test_what_lies_below_a_proven_unsigned_delegation_is_insecure(
    internet: Internet, com: Signer
) -> None:
    internet.publish("www", "TXT", '"value"')
    internet.sign(com=com)
    del internet.com.nodes[dns.name.from_text("example.com")][dns.rdatatype.DS]
    internet.first_zone.signer = internet.second_zone.signer = None
    found = ask(internet)
    assert (found.status, found.dnssec) == (Status.ANSWER, INSECURE)
    assert ask(internet, "nowhere.example.com", "CAA").dnssec is INSECURE


def test_a_zone_without_signatures_costs_no_question_of_its_own(internet: Internet) -> None:
    """The parent's proof comes with its referral; only keys of root and com are asked for, once."""
    internet.publish("www", "TXT", '"value"')
    resolver = internet.resolver()
    resolver.session(10).ask(NAME, "TXT")
    plain = asked(internet)
    internet.sign()
    del internet.com.nodes[dns.name.from_text("example.com")][dns.rdatatype.DS]
    internet.first_zone.signer = internet.second_zone.signer = None
    validating = internet.resolver()
    assert validating.session(10).ask(NAME, "TXT").dnssec is INSECURE
    assert asked(internet) - plain == plain + 2
    before = asked(internet)
    assert validating.session(10).ask(NAME, "TXT").dnssec is INSECURE
    assert asked(internet) - before == plain


def test_a_signed_zone_costs_one_question_for_its_keys_in_each_look(internet: Internet) -> None:
    internet.publish("www", "TXT", '"value"')
    internet.sign()
    resolver = internet.resolver()
    resolver.session(10).ask(NAME, "TXT")
    before = asked(internet)
    session = resolver.session(10)
    assert session.ask(NAME, "TXT").dnssec is SECURE
    assert asked(internet) - before == 5  # NS of com and example.com, TXT twice, DNSKEY
    session.ask(NAME, "CAA")
    assert asked(internet) - before == 7


class Fixed:
    """A clock that stands."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def test_keys_of_the_root_are_asked_for_again_after_their_time(internet: Internet) -> None:
    internet.sign()
    clock = Fixed(datetime.now(UTC))
    resolver = internet.resolver(clock=clock)
    root = internet.servers.servers[f"{NET}1"]

    def cost() -> int:
        before = root.asked
        assert resolver.session(10).ask(NAME, "CAA").dnssec is SECURE
        return root.asked - before

    assert [cost(), cost()] == [2, 1]
    clock.moment += timedelta(seconds=6)  # the lab's TTL is five
    assert [cost(), cost()] == [2, 1]


def _other_key(internet: Internet) -> None:
    """The DS names a key that the zone does not have, as after a move without handing it over."""
    internet.com.nodes[dns.name.from_text("example.com")].pop(dns.rdatatype.DS)
    vouch(internet.com, internet.first_zone, ds_of(internet.first_zone, Key.make()))


def _no_keys(internet: Internet) -> None:
    """The zone was moved to servers that do not sign."""
    for zone in (internet.first_zone, internet.second_zone):
        zone.signer = None
        zone.nodes[zone.origin].pop(dns.rdatatype.DNSKEY)


def _expired(internet: Internet) -> None:
    internet.first_zone.signer.ends = -60  # type: ignore[union-attr]


def _stripped(internet: Internet) -> None:
    internet.first_zone.signer.signs = False  # type: ignore[union-attr]


def _no_proof_of_no_ds(internet: Internet) -> None:
    """An attacker takes away the DS, and cannot prove that there is none."""
    internet.com.nodes[dns.name.from_text("example.com")].pop(dns.rdatatype.DS)
    internet.com.signer.proofs = False  # type: ignore[union-attr]
    _no_keys(internet)


def _spoiled_above(internet: Internet) -> None:
    internet.com.signer.spoil = lambda one: one[:-1] + bytes((one[-1] ^ 1,))  # type: ignore[union-attr]


FAULTS: tuple[tuple[Callable[[Internet], None], Flaw, str], ...] = (
    (_other_key, Flaw.NO_KEY, "no DNSKEY of example.com is the one that its parent's DS names"),
    (_no_keys, Flaw.NO_KEY, "example.com has no DNSKEY, but its parent's DS names"),
    (_expired, Flaw.EXPIRED, "expired at"),
    (_stripped, Flaw.UNSIGNED, "has no signature"),
    (_no_proof_of_no_ds, Flaw.UNPROVEN, "of com sends no proof"),
    (_spoiled_above, Flaw.INVALID, "DNSKEY com by key"),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[0].__name__)
@pytest.mark.parametrize("rdtype", ["CAA", "TXT"])
def test_what_does_not_hold_is_bogus_and_says_why(
    internet: Internet, fault: tuple[Callable[[Internet], None], Flaw, str], rdtype: str
) -> None:
    internet.publish("www", "TXT", '"value"')
    internet.sign()
    fault[0](internet)
    found = ask(internet, NAME, rdtype)
    assert (found.dnssec, found.flaw) == (BOGUS, fault[1]), found.detail
    assert fault[2] in found.detail
    assert not found.looked_up
    assert not found.answered


def test_one_server_whose_signatures_ran_out_is_enough(internet: Internet) -> None:
    internet.publish("www", "TXT", '"value"')
    internet.sign()
    key = internet.first_zone.signer.key  # type: ignore[union-attr]
    sign(internet.second_zone, Signer(key=key, ends=-60))
    found = ask(internet)
    assert (found.dnssec, found.flaw) == (BOGUS, Flaw.EXPIRED)
    assert "127.40.0.4" in found.detail


def test_an_alias_is_as_secure_as_the_weakest_of_its_links(internet: Internet) -> None:
    internet.publish("here", "CNAME", "www.example.com.")
    internet.publish("there", "CNAME", "www.example.net.")
    internet.publish("www", "TXT", '"value"')
    net = a_zone("net", {"ns.net.": 7})
    plain = a_zone("example.net", {"ns": 8})
    plain.add("www", "TXT", '"value"')
    plain.add("back", "CNAME", "www.example.com.")
    delegate(internet.root, "net", {"ns.net.": 7})
    delegate(net, "example.net", {"ns": 8})
    internet.servers.add(7, [net])
    internet.servers.add(8, [plain])
    internet.sign()
    sign(net)
    vouch(internet.root, net)
    assert ask(internet, "here.example.com").dnssec is SECURE
    for name in ("there.example.com", "back.example.net"):
        found = ask(internet, name)
        assert (found.status, found.dnssec) == (Status.ANSWER, INSECURE), found.detail


def serving(*zones: Zone) -> Manner:
    return lambda wire, tcp: respond(zones, wire, tcp=tcp)


def test_a_child_at_its_parents_own_servers_is_found_without_a_referral(
    internet: Internet,
) -> None:
    """Its answer comes at once; its signer says that there is a zone of its own."""
    child = a_zone("shop.example.com", {"ns1.example.com.": FIRST})
    child.add("www", "TXT", '"value"')
    unsigned = a_zone("plain.example.com", {"ns1.example.com.": FIRST})
    unsigned.add("www", "TXT", '"value"')
    for zone in (internet.first_zone, internet.second_zone):
        delegate(zone, "shop.example.com", {"ns1.example.com.": FIRST})
        delegate(zone, "plain.example.com", {"ns1.example.com.": FIRST})
    internet.sign()
    sign(child)
    vouch(internet.first_zone, child)
    vouch(internet.second_zone, child)
    for server, zone in (
        (internet.first, internet.first_zone),
        (internet.second, internet.second_zone),
    ):
        server.manner = serving(zone, child, unsigned)
    assert ask(internet, "www.shop.example.com").dnssec is SECURE
    assert ask(internet, "www.shop.example.com", "CAA").dnssec is SECURE
    assert ask(internet, "www.plain.example.com").dnssec is INSECURE
    assert ask(internet, "nowhere.plain.example.com").dnssec is INSECURE


def test_keys_that_cannot_be_asked_for_are_a_failure_not_a_fault_of_the_zone(
    internet: Internet,
) -> None:
    internet.publish("www", "TXT", '"value"')
    internet.sign()

    def without_keys(wire: bytes, tcp: bool) -> bytes | None:
        asked_for = dns.message.from_wire(wire).question[0].rdtype
        silence = asked_for == dns.rdatatype.DNSKEY
        return silent(wire, tcp) if silence else respond([internet.first_zone], wire, tcp=tcp)

    internet.first.manner = internet.second.manner = without_keys
    found = ask(internet)
    assert (found.status, found.dnssec) == (Status.TIME_OUT, DnssecStatus.UNKNOWN)
    assert not found.looked_up
    assert found.detail.endswith("answered when asked for the DNSKEY of example.com")


def test_a_forged_denial_of_a_domain_is_bogus(internet: Internet) -> None:
    """Where a CNAME leads to a domain that is said not to exist, CAA would go on above it."""
    internet.publish("away", "CNAME", "www.gone.com.")
    internet.sign()
    internet.com.signer.proofs = False  # type: ignore[union-attr]
    found = ask(internet, "away.example.com", "CAA")
    assert found.dnssec is BOGUS
    assert not found.looked_up


def test_another_anchor_makes_everything_bogus(internet: Internet) -> None:
    internet.sign()
    resolver = AuthoritativeResolver(
        roots=[internet.servers.servers[f"{NET}1"].at],
        port=internet.servers.port,
        special_addresses=True,
        ipv6=lambda: False,
        anchors=IANA_ANCHORS,
    )
    found = resolver.session(10).ask(NAME, "CAA")
    assert (found.dnssec, found.flaw) == (BOGUS, Flaw.NO_KEY)
    assert "no DNSKEY of the root zone" in found.detail


def test_the_settings_of_a_lab_name_its_anchor(internet: Internet) -> None:
    internet.sign()
    lab = {
        "STAGE": "local",
        "LAB_DNS_ROOTS": f"{NET}1",
        "LAB_DNS_PORT": str(internet.servers.port),
        "LAB_LOOPBACK": "true",
    }
    request = LookRequest(caa=(CaaQuestion(name=NAME, wildcard=False, issuer_domains=("x.y",)),))

    def status(env: dict[str, str]) -> DnssecStatus:
        looker = network_looker(Settings.from_environment(env))
        return looker.look(request).caa[0].finding.dnssec

    assert status(lab) is DnssecStatus.UNKNOWN
    assert status({**lab, "LAB_TRUST_ANCHORS": anchor_of(internet.root)}) is SECURE


@pytest.mark.parametrize("stage", ["local", "production", "staging"])
def test_where_the_real_root_is_asked_validation_begins_at_ianas_keys(stage: str) -> None:
    tags = [one.key_tag for one in trust_anchors(Settings.from_environment({"STAGE": stage}))]
    assert tags == [20326, 38696]


@pytest.mark.parametrize("stage", ["production", "staging"])
@pytest.mark.parametrize("variable", ["LAB_DNS_DIRECT", "LAB_DNS_ROOTS", "LAB_TRUST_ANCHORS"])
def test_outside_of_a_lab_nothing_switches_validation_off(stage: str, variable: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        Settings.from_environment({"STAGE": stage, variable: "127.0.0.1:53"})


def test_anchors_of_a_lab_do_not_count_for_the_real_root() -> None:
    settings = Settings.from_environment({"STAGE": "local", "LAB_TRUST_ANCHORS": "1:13:2:00"})
    assert trust_anchors(settings) == IANA_ANCHORS


@pytest.mark.parametrize("text", ["20326:8:2", "20326:8:2:xyz", "nothing"])
def test_an_anchor_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no trust anchor"):
        anchor(text)


def test_the_time_of_signatures_is_the_clocks(internet: Internet) -> None:
    internet.sign()
    late = Fixed(datetime.now(UTC) + timedelta(days=2))
    found = internet.resolver(clock=late).session(10).ask(NAME, "CAA")
    assert (found.dnssec, found.flaw) == (BOGUS, Flaw.EXPIRED)


def test_many_names_of_one_signed_zone_are_checked_in_little_time(internet: Internet) -> None:
    internet.sign()
    session = internet.resolver().session(20)
    session.ask(NAME, "CAA")
    began = time.process_time()
    for number in range(50):
        assert session.ask(f"host{number}.example.com", "CAA").dnssec is SECURE
    spent = (time.process_time() - began) / 50
    assert spent < 0.05  # loose: the lab's own servers sign in this process, too


def looker(internet: Internet) -> NetworkLooker:
    return NetworkLooker(internet.resolver(), perspective="primary", rir="ARIN")


def about(name: str = NAME) -> LookRequest:
    """Every kind of question about one name."""
    return LookRequest(
        dcv=(question_for(Identifier(name), DcvMethodName.DNS_TXT, TOKEN, "ca.example.net"),),
        caa=(CaaQuestion(name=name, wildcard=False, issuer_domains=("ca.example.net",)),),
        contacts=(ContactQuestion(name=name),),
    )


def test_proofs_permissions_and_contacts_keep_their_status(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{TOKEN}"')
    internet.publish("www", "CAA", '0 contactemail "hostmaster@example.com"')
    internet.publish("_validation-contactemail.www", "TXT", '"admin@example.com"')
    internet.sign(com=Signer(nsec3=True))
    report = looker(internet).look(about())
    assert report.dcv[0].passed
    assert report.dcv[0].dnssec is SECURE
    assert {line.dnssec for line in report.dcv[0].observations} == {SECURE}
    assert report.caa[0].finding.dnssec is SECURE
    assert [one.dnssec for one in report.contacts[0].contacts] == [SECURE, SECURE]
    assert report_from_json(to_json(report)) == report


def test_in_a_bogus_zone_nothing_is_proven_permitted_or_found(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{TOKEN}"')
    internet.publish("www", "CAA", '0 issue "ca.example.net"', '0 contactemail "a@example.com"')
    internet.publish("_validation-contactemail.www", "TXT", '"admin@example.com"')
    internet.sign(example=Signer(ends=-60))
    report = looker(internet).look(about())
    assert not report.dcv[0].passed
    assert not report.dcv[0].completed
    assert report.dcv[0].cause == CauseCode.DNSSEC_EXPIRED
    finding = report.caa[0].finding
    assert (finding.completed, finding.permitted, finding.dnssec) == (False, False, BOGUS)
    telling = caa_telling(finding)
    assert telling is not None
    assert telling.cause is CauseCode.CAA_BOGUS
    assert "expired at" in telling.explanation
    assert report.contacts[0].contacts == ()
    assert "expired at" in report.contacts[0].detail


@pytest.mark.long
def test_250_names_of_signed_zones_at_slow_servers_take_less_than_fifteen_seconds(
    internet: Internet,
) -> None:
    """The servers answer after 50 ms and sign each answer in this very process."""
    internet.publish("*.shop", "TXT", f'"{TOKEN}"')
    internet.sign()
    for server in internet.servers.servers.values():
        server.delay = 0.05
    names = [f"n{number}.shop.example.com" for number in range(250)]
    request = LookRequest(dcv=tuple(about(name).dcv[0] for name in names))
    began = time.monotonic()
    patient = NetworkLooker(internet.resolver(Timings()), perspective="primary", rir="ARIN")
    answers = patient.look(request).dcv
    assert {(one.passed, one.dnssec) for one in answers} == {(True, SECURE)}
    assert time.monotonic() - began < 15
