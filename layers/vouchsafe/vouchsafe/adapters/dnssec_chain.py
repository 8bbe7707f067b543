"""The chain of trust of one look, from the trust anchors down to the zone of an answer.

Each zone on the way is entered by the DS records that its parent signed (RFC 4035 5.2). Where the
parent proves that there are none, what lies below is not signed, and nothing more is asked.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import dns.name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DS import DS

from ..domain.authorization import DnssecStatus
from ..domain.dnssec import UNVALIDATED, Flaw, Verdict
from ..domain.resolution import ANSWERS, Said, ServerSaid, weakest
from .delegation import Delegations
from .dns_inquiry import Heard
from .dns_message import Message
from .dns_reading import folded, text_of
from .dns_wire import Question
from .dns_zones import Zone, unanswered
from .dnssec_answer import Delegated, delegation_in, judge_message, signer_in
from .dnssec_records import Bogus, SignedSet, signed_set
from .dnssec_signatures import Keys, Work, keys_from

_SERVERS = 3  # of a zone, asked in turn until one sends what holds
#: Keys of the root zone and of top-level domains are kept as long as their TTL allows, but no
#: longer than this (seconds); those of other zones for one look only.
_KEPT_AT_MOST = 3600
_TOP_LEVEL = 2  # labels of its name, the root's included

_JUDGED = ANSWERS - {Said.REFERRAL}
_UNREADABLE = Verdict(
    DnssecStatus.BOGUS, Flaw.INVALID, "a signature or key in the reply cannot be read"
)


class Clock(Protocol):
    """Tells the time by which signatures run out."""

    def now(self) -> datetime: ...


@dataclass(slots=True)
class Trust:
    """The anchors, and the keys of the topmost zones that are kept between looks.

    Safe to use from several threads.
    """

    anchors: tuple[DS, ...]
    clock: Clock
    _kept: dict[dns.name.Name, tuple[Keys, float]] = field(default_factory=dict)

    def now(self) -> float:
        """Seconds since 1970."""
        return self.clock.now().timestamp()

    def kept(self, zone: dns.name.Name) -> Keys | None:
        """The keys of a topmost zone, if they were seen not long ago."""
        keys, until = self._kept.get(zone, (None, 0.0))
        return keys if self.now() < until else None

    def keep(self, keys: Keys, signed: SignedSet) -> None:
        """Remember the keys of a topmost zone as long as their TTL and signature allow."""
        if len(keys.zone.labels) <= _TOP_LEVEL:
            now = self.now()
            ends = min(one.expiration for one in signed.signatures)
            self._kept[keys.zone] = (keys, min(now + min(signed.rrset.ttl, _KEPT_AT_MOST), ends))


@dataclass(frozen=True, slots=True)
class Link:
    """Where a name lies: the zone to ask, and the keys of that zone; none: it is not signed."""

    zone: Zone
    keys: Keys | None


class Chain:
    """What one look learned about keys. Safe to use from several threads."""

    def __init__(self, delegations: Delegations, trust: Trust) -> None:
        self._delegations = delegations
        self._trust = trust
        self._links: dict[dns.name.Name, Future[Link]] = {}
        self._judged: dict[tuple[Question, bytes], Verdict] = {}
        self._lock = threading.Lock()

    def judge(self, question: Question, heard: Sequence[Heard], until: float) -> Verdict:
        """What the servers' answers come to: the weakest of them counts.

        Raises Undelegated when the keys or DS on the way could not be asked for.
        """
        verdicts = [
            self._judge(question, one.said, one.message, until)
            for one in heard
            if one.message is not None and one.said.said in _JUDGED
        ]
        status = weakest(one.status for one in verdicts)
        return next((one for one in verdicts if one.status is status), UNVALIDATED)

    def _judge(
        self, question: Question, said: ServerSaid, message: Message, until: float
    ) -> Verdict:
        # Servers that agree send the same bytes, short of id and letter case.
        sent = message.wire[2:12] + message.wire[12 + len(message.asked) :]
        known = self._judged.get((question, sent))
        if known is None:
            try:
                known = Verdict(self._status(question, message, until))
            except Bogus as bogus:
                detail = f"{bogus.detail} ({said.server})"
                known = Verdict(DnssecStatus.BOGUS, bogus.flaw, detail)
            except ValueError:
                known = _UNREADABLE
            self._judged[question, sent] = known
        return known

    def _status(self, question: Question, message: Message, until: float) -> DnssecStatus:
        link = self.link(signer_in(message, question) or question.name, until)
        if link.keys is None:
            return DnssecStatus.INSECURE
        return judge_message(message, question, link.keys, self._trust.now())

    def link(self, name: dns.name.Name, until: float) -> Link:
        """The deepest zone at or above `name`. Raises Bogus, Undelegated."""
        with self._lock:
            found = self._links.get(name)
            if first := found is None:
                found = self._links[name] = Future()
        if first:
            try:
                found.set_result(self._find(name, until))
            except BaseException as error:
                found.set_exception(error)
                raise
        return found.result()

    def _find(self, name: dns.name.Name, until: float) -> Link:
        if name == dns.name.root:
            root = self._delegations.root()
            return Link(root, self._keys(name, root, self._trust.anchors, until))
        above = self.link(name.parent(), until)
        if above.keys is None:
            return above
        anchors: tuple[DS, ...] = ()
        if self._trust.kept(name) is None:
            delegated, anchors = self._delegated(name, above.zone, above.keys, until)
            if delegated is Delegated.NOT:
                return above
            if delegated is Delegated.UNSIGNED:
                return Link(above.zone, None)
        zone = self._delegations.child(name, above.zone, until)
        return Link(zone, self._keys(name, zone, anchors, until))

    def _delegated(
        self, name: dns.name.Name, zone: Zone, keys: Keys, until: float
    ) -> tuple[Delegated, tuple[DS, ...]]:
        """What the parent's zone says of `name`: in its referral, or else when asked for the DS."""

        def read(message: Message) -> tuple[Delegated, tuple[DS, ...]]:
            return delegation_in(message, name, keys, self._trust.now())

        referral = self._delegations.referral_to(name)
        if referral is not None:
            try:
                found = read(referral)
            except (Bogus, ValueError):
                found = Delegated.NOT, ()
            if found[0] is not Delegated.NOT:
                return found
        return self._ask(Question(name, RdataType.DS), zone, until, read)

    def _keys(self, name: dns.name.Name, zone: Zone, anchors: Sequence[DS], until: float) -> Keys:
        kept = self._trust.kept(name)
        if kept is not None:
            return kept

        def read(message: Message) -> Keys:
            signed = signed_set(message, message.answer, folded(name), RdataType.DNSKEY)
            keys = keys_from(anchors, signed, name, self._trust.now(), Work())
            assert signed is not None
            self._trust.keep(keys, signed)
            return keys

        return self._ask(Question(name, RdataType.DNSKEY), zone, until, read)

    def _ask[T](
        self, question: Question, zone: Zone, until: float, read: Callable[[Message], T]
    ) -> T:
        """What the first server says from which `read` gets something that holds."""
        flaw: Bogus | None = None
        said: list[ServerSaid] = []
        for server in random.sample(zone.servers, min(len(zone.servers), _SERVERS)):
            (heard,) = self._delegations.inquiry.ask_all([server], question, zone.name, until)
            said.append(heard.said)
            if heard.message is None or heard.said.said not in ANSWERS:
                continue
            try:
                return read(heard.message)
            except Bogus as bogus:
                flaw = flaw or bogus
            except ValueError:
                flaw = flaw or Bogus(Flaw.INVALID, _UNREADABLE.detail)
        if flaw is not None:
            raise flaw
        what = f"the {question.rdtype.name} of {text_of(question.name) or 'the root zone'}"
        raise unanswered(what, zone, tuple(said))
