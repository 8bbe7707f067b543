"""What messages of signed zones prove, and what those prove that are at fault (RFC 4035 5)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import dns.message
import dns.name
import dns.rrset
import pytest
from dns.dnssectypes import Algorithm, DSDigest
from dns.rcode import Rcode
from dns.rdatatype import RdataType
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.signing import Key, Signer, ds_of, proofs_about, sign, vouch
from tests.lab.zones import Zone
from tests.unit.validation.internet import a_zone
from tests.unit.validation.signed import (
    ZONE,
    a_signed_zone,
    judged,
    keys_of,
    message_of,
    question,
    wire_of,
)
from vouchsafe.adapters.dns_exchange import Reply
from vouchsafe.adapters.dns_message import Message, read_message
from vouchsafe.adapters.dns_reading import read_reply
from vouchsafe.adapters.dns_servers import Server
from vouchsafe.adapters.dnssec_answer import Delegated, delegation_in, judge_message, signer_in
from vouchsafe.adapters.dnssec_nsec3 import MOST_ITERATIONS
from vouchsafe.adapters.dnssec_records import Bogus, signed_set
from vouchsafe.adapters.dnssec_signatures import ALGORITHMS, Keys, Work, keys_from
from vouchsafe.domain.authorization import DnssecStatus
from vouchsafe.domain.dnssec import Flaw
from vouchsafe.domain.resolution import ANSWERS, Said

SECURE, INSECURE = DnssecStatus.SECURE, DnssecStatus.INSECURE
ORIGIN = dns.name.from_text(ZONE)

SIGNERS: dict[str, Callable[[], Signer]] = {
    "nsec": Signer,
    "nsec3": lambda: Signer(nsec3=True),
    "nsec3 with salt and rounds": lambda: Signer(nsec3=True, salt=b"\xaa\xbb", iterations=5),
}
#: Name, type, and what it is a case of.
PROVEN = (
    ("www", "TXT", "a record"),
    ("WWW", "TXT", "a record asked for in capitals"),
    ("x.wild", "TXT", "a wildcard's record"),
    ("y.x.wild", "TXT", "a wildcard's record two labels down"),
    ("alias", "TXT", "a CNAME"),
    ("x.moved", "TXT", "a DNAME"),
    ("www", "CAA", "no such record"),
    ("@", "CAA", "no such record at the apex"),
    ("between", "TXT", "a name with names below it alone"),
    ("x.wild", "CAA", "no such record at a wildcard"),
    ("nowhere", "TXT", "no such name"),
    ("zzz.a.between", "TXT", "no such name below another"),
    ("aaa", "CAA", "no such name before all others"),
)


def at(name: str) -> str:
    return ZONE if name == "@" else f"{name}.{ZONE}"


@pytest.mark.parametrize("case", PROVEN, ids=lambda case: case[2])
@pytest.mark.parametrize("kind", sorted(SIGNERS))
def test_what_a_zone_signs_is_secure(kind: str, case: tuple[str, str, str]) -> None:
    zone = a_signed_zone(SIGNERS[kind]())
    assert judged(zone, at(case[0]), case[1]) is SECURE


@pytest.mark.parametrize("algorithm", sorted(ALGORITHMS))
def test_every_algorithm_in_use_is_understood(algorithm: Algorithm) -> None:
    assert judged(a_signed_zone(Signer(key=Key.make(algorithm))), at("www")) is SECURE


def flaw_of(zone: Zone, name: str, rdtype: str = "TXT", keys: Keys | None = None) -> Flaw:
    message = message_of([zone], at(name), rdtype)
    with pytest.raises(Bogus) as caught:
        judge_message(message, question(at(name), rdtype), keys or keys_of(zone), time.time())
    assert caught.value.detail
    return caught.value.flaw


FAULTS: tuple[tuple[str, Callable[[], Signer], Flaw], ...] = (
    ("expired", lambda: Signer(begins=-7200, ends=-3600), Flaw.EXPIRED),
    ("not yet valid", lambda: Signer(begins=3600), Flaw.NOT_YET_VALID),
    ("spoiled", lambda: Signer(spoil=lambda one: one[:-1] + bytes((one[-1] ^ 1,))), Flaw.INVALID),
    ("cut", lambda: Signer(spoil=lambda one: one[:-1]), Flaw.INVALID),
    ("by another key", lambda: Signer(signs_with=Key.make()), Flaw.NO_KEY),
    ("missing", lambda: Signer(signs=False), Flaw.UNSIGNED),
)


@pytest.mark.parametrize("name", ["www", "nowhere", "x.wild", "alias"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[0])
def test_a_signature_at_fault_is_bogus(
    name: str, fault: tuple[str, Callable[[], Signer], Flaw]
) -> None:
    assert flaw_of(a_signed_zone(fault[1]()), name) is fault[2]


@pytest.mark.parametrize("nsec3", [False, True])
@pytest.mark.parametrize("name", ["nowhere", "x.wild", "between"])
def test_a_proof_that_is_stripped_leaves_it_bogus(name: str, nsec3: bool) -> None:
    assert flaw_of(a_signed_zone(Signer(nsec3=nsec3, proofs=False)), name) is Flaw.UNPROVEN


def test_a_signature_holds_from_its_first_to_its_last_second() -> None:
    zone = a_signed_zone(Signer(now=lambda: 10_000.0, begins=-10, ends=10))
    message = message_of([zone], at("www"))
    for now in (9_990, 10_010):
        assert judge_message(message, question(at("www")), keys_of(zone), now) is SECURE
    for now, flaw in ((9_989, Flaw.NOT_YET_VALID), (10_011, Flaw.EXPIRED)):
        with pytest.raises(Bogus) as caught:
            judge_message(message, question(at("www")), keys_of(zone), now)
        assert caught.value.flaw is flaw


def transplanted(
    zone: Zone, name: str, rdtype: str, donor: str, rcode: Rcode = Rcode.NOERROR
) -> Message:
    """An empty answer about a name with the proofs that belong to another, or to another type."""
    made = dns.message.make_response(dns.message.make_query(at(name), rdtype, want_dnssec=True))
    made.set_rcode(rcode)
    made.authority += proofs_about(zone, dns.name.from_text(at(donor)), rcode)
    return read_message(made.to_wire())


@pytest.mark.parametrize("kind", sorted(SIGNERS))
@pytest.mark.parametrize(
    ("name", "rdtype", "donor"),
    [
        ("www", "TXT", "nowhere"),
        ("www", "TXT", "www"),
        ("alias", "CAA", "alias"),
        ("child", "CAA", "child"),  # the parent's side of a cut (RFC 6840 4.1)
        ("x.child", "CAA", "child"),
        ("x.moved", "CAA", "moved"),
        ("x.wild", "TXT", "nowhere"),
        ("x.wild", "CAA", "nowhere"),
    ],
)
def test_proofs_of_other_names_prove_nothing(name: str, rdtype: str, donor: str, kind: str) -> None:
    zone = a_signed_zone(SIGNERS[kind]())
    message = transplanted(zone, name, rdtype, donor)
    with pytest.raises(Bogus) as caught:
        judge_message(message, question(at(name), rdtype), keys_of(zone), time.time())
    assert caught.value.flaw is Flaw.UNPROVEN


@pytest.mark.parametrize("kind", sorted(SIGNERS))
@pytest.mark.parametrize("name", ["x.child", "x.moved", "x.wild"])
def test_what_another_zone_a_dname_or_a_wildcard_may_answer_is_not_proven_absent(
    name: str, kind: str
) -> None:
    zone = a_signed_zone(SIGNERS[kind]())
    message = transplanted(zone, name, "CAA", name, Rcode.NXDOMAIN)
    with pytest.raises(Bogus) as caught:
        judge_message(message, question(at(name), "CAA"), keys_of(zone), time.time())
    assert caught.value.flaw is Flaw.UNPROVEN


@pytest.mark.parametrize("kind", sorted(SIGNERS))
def test_a_wildcard_does_not_reach_below_a_name_that_is_there(kind: str) -> None:
    zone = a_signed_zone(SIGNERS[kind]())
    zone.add("b.wild", "MX", "10 mail.example.com.")
    below = dns.name.from_text(at("x.b.wild"))
    made = dns.message.make_response(dns.message.make_query(below, "TXT", want_dnssec=True))
    for rrset in dns.message.from_wire(wire_of([zone], at("x.wild"))).answer:
        rrset.name = below
        made.answer.append(rrset)
    made.authority += proofs_about(zone, below, Rcode.NXDOMAIN)
    with pytest.raises(Bogus) as caught:
        judge_message(
            read_message(made.to_wire()), question(at("x.b.wild")), keys_of(zone), time.time()
        )
    assert caught.value.flaw is Flaw.UNPROVEN


def test_a_wildcards_record_is_not_one_of_a_name_that_has_records_itself() -> None:
    zone = a_signed_zone()
    answer = dns.message.from_wire(wire_of([zone], at("x.wild")))
    zone.add("x.wild", "MX", "10 mail.example.com.")
    forged = dns.message.make_response(dns.message.make_query(at("x.wild"), "TXT"))
    forged.answer = answer.answer
    forged.authority = dns.message.from_wire(wire_of([zone], at("x.wild"), "CAA")).authority
    with pytest.raises(Bogus):
        judge_message(
            read_message(forged.to_wire()), question(at("x.wild")), keys_of(zone), time.time()
        )


@pytest.mark.parametrize("name", ["nowhere", "x.wild"])
def test_what_lies_in_a_gap_with_opt_out_may_be_an_unsigned_delegation(name: str) -> None:
    assert judged(a_signed_zone(Signer(nsec3=True, opt_out=True)), at(name)) is INSECURE
    assert judged(a_signed_zone(Signer(nsec3=True, opt_out=True)), at("www"), "CAA") is SECURE


def test_too_many_rounds_of_hashing_make_what_is_not_there_insecure() -> None:
    few = Signer(nsec3=True, iterations=MOST_ITERATIONS)
    assert judged(a_signed_zone(few), at("nowhere")) is SECURE
    many = Signer(nsec3=True, iterations=MOST_ITERATIONS + 1)
    assert judged(a_signed_zone(many), at("nowhere")) is INSECURE
    assert judged(a_signed_zone(many), at("www")) is SECURE
    many.spoil = lambda one: one[:-1] + bytes((one[-1] ^ 1,))
    assert flaw_of(a_signed_zone(many), "nowhere") is Flaw.INVALID


def test_a_name_of_very_many_labels_does_not_cost_very_many_hashes() -> None:
    zone = a_signed_zone(Signer(nsec3=True))
    name = "a." * 100 + "nowhere"
    assert flaw_of(zone, name) is Flaw.TOO_MUCH_WORK


def delegation(parent: Zone, name: str) -> Delegated:
    message = message_of([parent], at(name), "DS")
    found, records = delegation_in(
        message, dns.name.from_text(at(name)), keys_of(parent), time.time()
    )
    assert bool(records) is (found is Delegated.SIGNED)
    return found


@pytest.mark.parametrize("kind", sorted(SIGNERS))
def test_a_parent_tells_signed_delegations_from_unsigned_ones_and_from_none(kind: str) -> None:
    parent = a_signed_zone(SIGNERS[kind]())
    child = a_zone(at("signed"), {"ns": 3})
    sign(child)
    parent.add("signed", "NS", "ns.signed.example.com.")
    vouch(parent, child)
    assert delegation(parent, "signed") is Delegated.SIGNED
    assert delegation(parent, "child") is Delegated.UNSIGNED
    for name in ("www", "between", "alias", "nowhere", "x.wild"):
        assert delegation(parent, name) is Delegated.NOT
    referral = message_of([parent], at("x.child"), "TXT")
    found = delegation_in(referral, dns.name.from_text(at("child")), keys_of(parent), time.time())
    assert found == (Delegated.UNSIGNED, ())


def test_an_unsigned_delegation_in_a_gap_with_opt_out_is_one() -> None:
    assert (
        delegation(a_signed_zone(Signer(nsec3=True, opt_out=True)), "child") is Delegated.UNSIGNED
    )


@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [(Algorithm.RSASHA1, DSDigest.SHA256), (Algorithm.ED25519, DSDigest.SHA1)],
)
def test_a_delegation_by_what_we_do_not_understand_counts_as_unsigned(
    algorithm: Algorithm, digest: DSDigest
) -> None:
    parent, child = a_signed_zone(), a_zone(at("child"), {"ns": 3})
    sign(child, Signer(key=Key.make(algorithm)))
    vouch(parent, child, ds_of(child, digest=digest))
    assert delegation(parent, "child") is Delegated.UNSIGNED


def test_a_parent_that_is_silent_about_ds_has_proven_nothing() -> None:
    parent = a_signed_zone(Signer(proofs=False))
    with pytest.raises(Bogus) as caught:
        delegation(parent, "child")
    assert caught.value.flaw is Flaw.UNPROVEN


def test_a_childs_own_word_that_it_has_no_ds_does_not_count() -> None:
    """A server that serves the child alone answers from its apex, whose NSEC has a SOA bit."""
    parent = a_signed_zone()
    apex = dns.message.from_wire(wire_of([parent], at("@"), "CAA"))
    made = dns.message.make_response(dns.message.make_query(at("@"), "DS"))
    made.authority = apex.authority
    with pytest.raises(Bogus) as caught:
        delegation_in(read_message(made.to_wire()), ORIGIN, keys_of(parent), time.time())
    assert caught.value.flaw is Flaw.UNPROVEN


def entered(zone: Zone, *anchors: object) -> Keys:
    message = message_of([zone], ZONE, "DNSKEY")
    signed = signed_set(message, message.answer, question(ZONE).labels, RdataType.DNSKEY)
    return keys_from(anchors, signed, ORIGIN, time.time(), Work())  # type: ignore[arg-type]


def test_a_zones_keys_are_those_that_its_parents_ds_vouches_for() -> None:
    zone = a_signed_zone()
    assert entered(zone, ds_of(zone)).keys == keys_of(zone).keys
    assert entered(zone, ds_of(zone, Key.make()), ds_of(zone, digest=DSDigest.SHA384))
    for stranger in (ds_of(zone, Key.make()), ds_of(zone, name=dns.name.from_text("example.net"))):
        with pytest.raises(Bogus) as caught:
            entered(zone, stranger)
        assert caught.value.flaw is Flaw.NO_KEY


@pytest.mark.parametrize("flags", [0, 1, 128 + 257])
def test_a_key_that_is_no_zone_key_or_is_revoked_opens_nothing(flags: int) -> None:
    zone = a_signed_zone(Signer(key=Key.make(flags=flags)))
    with pytest.raises(Bogus) as caught:
        entered(zone, ds_of(zone))
    assert caught.value.flaw is Flaw.NO_KEY


def test_colliding_keys_and_signatures_cost_a_bounded_number_of_checks() -> None:
    """CVE-2023-50387: many keys of one tag, many signatures that each of them might have made."""
    zone = a_signed_zone()
    message = message_of([zone], at("www"))
    signed = signed_set(message, message.answer, question(at("www")).labels, RdataType.TXT)
    assert signed is not None
    (good,) = signed.signatures
    bad = [good.replace(signature=bytes((n,)) + good.signature[1:]) for n in range(200)]
    forged = dns.message.make_response(dns.message.make_query(at("www"), "TXT"))
    forged.answer = [
        signed.rrset,
        dns.rrset.from_rdata_list(signed.rrset.name, 5, [one for one in bad if one != good]),
    ]
    keys = replace(keys_of(zone), keys=keys_of(zone).keys * 200)
    began = time.monotonic()
    with pytest.raises(Bogus) as caught:
        judge_message(read_message(forged.to_wire()), question(at("www")), keys, time.time())
    assert caught.value.flaw is Flaw.TOO_MUCH_WORK
    assert time.monotonic() - began < 1


def test_the_signer_is_looked_for_in_what_answers_the_question() -> None:
    zone = a_signed_zone()
    for name in ("www", "nowhere", "x.wild", "x.moved"):
        assert signer_in(message_of([zone], at(name)), question(at(name))) == ORIGIN
    zone.signer = None
    assert signer_in(message_of([zone], at("www")), question(at("www"))) is None


FIXED = a_signed_zone(Signer(nsec3=True, ends=10 * 365 * 86400))
WIRES = {name: wire_of([FIXED], at(name)) for name in ("nowhere", "www", "x.wild", "x.moved")}


@given(
    st.sampled_from(sorted(WIRES)),
    st.lists(st.tuples(st.integers(2, 4000), st.integers(1, 255)), min_size=1, max_size=3),
)
def test_a_message_changed_under_way_never_says_anything_else_securely(
    name: str, changes: list[tuple[int, int]]
) -> None:
    """Whatever bytes change: what is secure afterwards is what the zone said."""
    wire = bytearray(WIRES[name])
    for place, change in changes:
        wire[place % len(wire)] ^= change
    asked = question(at(name))
    server = Server("", "192.0.2.1")
    said = read_reply(Reply(server, read_message(WIRES[name])), asked, ORIGIN)
    try:
        message = read_message(bytes(wire))
        status = judge_message(message, asked, keys_of(FIXED), time.time())
    except (Bogus, ValueError):
        return
    heard = read_reply(Reply(server, message), asked, ORIGIN, any_server=True)
    if status is SECURE and heard.said in ANSWERS - {Said.REFERRAL}:
        assert heard.substance == said.substance
