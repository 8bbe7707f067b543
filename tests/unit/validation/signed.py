"""Signed messages to hold against keys: made by the lab's zones, without a network."""

from __future__ import annotations

import time
from collections.abc import Sequence

import dns.flags
import dns.message
import dns.name
from dns.rdatatype import RdataType

from tests.lab.dns import respond
from tests.lab.signing import Signer, sign
from tests.lab.zones import Zone
from tests.unit.validation.internet import a_zone
from vouchsafe.adapters.dns_message import Message, read_message
from vouchsafe.adapters.dns_wire import Question
from vouchsafe.adapters.dnssec_answer import judge_message
from vouchsafe.adapters.dnssec_signatures import Keys
from vouchsafe.domain.authorization import DnssecStatus

ZONE = "example.com"


def a_signed_zone(signer: Signer | None = None, origin: str = ZONE) -> Zone:
    """A zone with a text, a wildcard, an alias, a name between names, and delegations."""
    zone = a_zone(origin, {"ns1": 3})
    zone.add("www", "TXT", '"value"')
    zone.add("*.wild", "TXT", '"anything"')
    zone.add("a.between", "TXT", '"below"')
    zone.add("alias", "CNAME", "www.example.net.")
    zone.add("moved", "DNAME", "example.net.")
    zone.add("child", "NS", "ns.example.net.")
    sign(zone, signer)
    return zone


def question(name: str, rdtype: str = "TXT") -> Question:
    return Question(dns.name.from_text(name), RdataType.from_text(rdtype))


def wire_of(zones: Sequence[Zone], name: str, rdtype: str = "TXT") -> bytes:
    """What a server of these zones answers over TCP to a question with the DO bit."""
    query = dns.message.make_query(name, rdtype, want_dnssec=True)
    query.flags &= ~dns.flags.RD
    wire = respond(zones, query.to_wire(), tcp=True)
    assert wire is not None
    return wire


def message_of(zones: Sequence[Zone], name: str, rdtype: str = "TXT") -> Message:
    return read_message(wire_of(zones, name, rdtype))


def keys_of(zone: Zone) -> Keys:
    assert zone.signer is not None
    return Keys(zone.origin, (zone.signer.key.dnskey,))


def judged(zone: Zone, name: str, rdtype: str = "TXT") -> DnssecStatus:
    """The status of what the zone's server answers, by the zone's own keys."""
    message = message_of([zone], name, rdtype)
    return judge_message(message, question(name, rdtype), keys_of(zone), time.time())
