"""Where zones begin and who serves them, followed from the root during one look (RFC 1034 4.3)."""

from __future__ import annotations

import threading
from collections import defaultdict
from contextlib import nullcontext
from dataclasses import dataclass, field, replace

import dns.name
from dns.rdatatype import RdataType

from ..domain.identifiers import registrable_domain
from ..domain.resolution import ANSWERS, Said, ServerSaid, Status
from .dns_inquiry import Heard, Inquiry
from .dns_message import Message
from .dns_reading import Referral, name_servers_in, referral_in, text_of
from .dns_servers import Server, is_public
from .dns_wire import Question
from .dns_zones import Network, Undelegated, Zone, unanswered

_MOST_ADDRESSES = 16  # of one zone; the largest real ones have 13 servers
#: Name servers without glue whose addresses are looked up: for the zone in question, and for a zone
#: that is only on the way to such an address. Bounds what a hostile delegation costs (NXNS).
_LOOKED_UP = 13
_LOOKED_UP_ON_THE_WAY = 2
_DEEPEST = 4  # name servers of name servers of …
_REFERRALS = 8


#: Cuts being followed, outermost first; empty for the question of the look itself.
type _Path = tuple[dns.name.Name, ...]


@dataclass(slots=True)
class Delegations:
    """What one look learned about zones. Safe to use from several threads."""

    network: Network
    inquiry: Inquiry
    _cuts: dict[dns.name.Name, Zone | Undelegated] = field(default_factory=dict)
    _cuts_on_the_way: dict[dns.name.Name, Zone | Undelegated] = field(default_factory=dict)
    _locks: dict[dns.name.Name, threading.Lock] = field(
        default_factory=lambda: defaultdict(threading.Lock)
    )

    def enclosing(self, name: dns.name.Name, until: float, path: _Path = ()) -> Zone:
        """The closest zone at or above `name` that is known after following the delegations down to
        its registrable domain. Raises Undelegated."""
        zone = self.root()
        way = _way_to(name)
        for step in way:
            zone = self._cut(step, zone, until, path, last=step == way[-1])
        for depth in range(len(name), len(zone.name), -1):
            known = self._cuts.get(dns.name.Name(name.labels[-depth:]))
            if isinstance(known, Zone):
                return known
        return zone

    def descend(self, heard: Heard, question: Question, zone: Zone, until: float) -> Zone:
        """The child zone to which `zone`'s server referred the question. Raises Undelegated."""
        assert heard.message is not None
        referral = referral_in(heard.message, question, zone.name)
        assert referral is not None
        known = self._cuts.get(referral.zone)
        if not isinstance(known, Zone):
            found = replace(self._zone(referral, until, ()), referral=heard.message)
            known = self._cuts[referral.zone] = found
        return known

    def root(self) -> Zone:
        """The root zone with those of its servers that can be asked from here."""
        roots = (server for server in self.network.roots if self._objection(server) is None)
        return Zone(dns.name.root, tuple(roots))

    def child(self, name: dns.name.Name, parent: Zone, until: float) -> Zone:
        """The zone that begins at `name`; its parent where no other servers are named for it.
        Raises Undelegated."""
        return self._cut(name, parent, until, (), last=False)

    def referral_to(self, name: dns.name.Name) -> Message | None:
        """The referral to the zone `name`, if this look got one."""
        known = self._cuts.get(name)
        return known.referral if isinstance(known, Zone) and known.name == name else None

    def _cut(
        self, name: dns.name.Name, parent: Zone, until: float, path: _Path, *, last: bool
    ) -> Zone:
        """The zone that begins at `name`, or its parent where none does."""
        if name in path or len(path) > _DEEPEST:
            raise Undelegated(Status.LAME, "its name servers can only be found through themselves")
        known = self._cuts_on_the_way if path else self._cuts
        # Only the look's own questions wait for each other: waiting inside would lock in a circle.
        with nullcontext() if path else self._locks[name]:
            found = self._cuts.get(name) or known.get(name)
            if found is None:
                found = known[name] = self._find_cut(name, parent, until, path, last=last)
        if isinstance(found, Undelegated):
            raise found
        return found

    def _find_cut(
        self, name: dns.name.Name, parent: Zone, until: float, path: _Path, *, last: bool
    ) -> Zone | Undelegated:
        question = Question(name, RdataType.NS)
        heard = self.inquiry.ask_any(parent.servers, question, parent.name, until)
        newest = heard[-1] if heard else None
        if newest is None or newest.said.said not in ANSWERS or newest.message is None:
            what = f"the name servers of {text_of(name)}"
            return unanswered(what, parent, tuple(one.said for one in heard))
        if newest.said.said is Said.NXDOMAIN and last:
            where = text_of(parent.name) or "the root zone"
            detail = f"the servers of {where} say that {text_of(name)} does not exist"
            said, denied = (newest.said,), (question, newest)
            return Undelegated(Status.NO_DELEGATION, detail, said, denied)
        referral = referral_in(newest.message, question, parent.name) or name_servers_in(
            newest.message, question, parent.name
        )
        if referral is None:
            return parent
        try:
            zone = self._zone(referral, until, (*path, name))
            return replace(zone, referral=newest.message)
        except Undelegated as failure:
            return failure

    def _zone(self, referral: Referral, until: float, path: _Path) -> Zone:
        """The zone with the addresses of its servers, looked up where no glue came along."""
        servers: list[Server] = []
        missing: list[ServerSaid] = []
        on_the_way = len(path) > 1
        lookups = _LOOKED_UP_ON_THE_WAY if on_the_way else _LOOKED_UP
        for host in referral.servers:
            addresses = referral.glue.get(host, ())
            if not addresses and lookups > 0 and not (on_the_way and servers):
                lookups -= 1
                addresses = self._addresses(host, until, path)
            usable, refused = self._usable(host, addresses)
            servers += usable
            missing += refused
        if not servers:
            detail = f"none of the name servers of {text_of(referral.zone)} can be asked"
            raise Undelegated(Status.LAME, detail, tuple(missing))
        return Zone(referral.zone, tuple(servers[:_MOST_ADDRESSES]), tuple(missing))

    def _usable(
        self, host: dns.name.Name, addresses: tuple[str, ...]
    ) -> tuple[list[Server], list[ServerSaid]]:
        name = text_of(host)
        if not addresses:
            detail = "has no address"
            if not self.network.ipv6():
                detail = "has no IPv4 address, and IPv6 is out of reach here"
            return [], [ServerSaid(server=name, said=Said.UNREACHABLE, detail=detail)]
        servers = [Server(name, address, self.network.port) for address in sorted(set(addresses))]
        objections = {server: self._objection(server) for server in servers}
        usable = [server for server in servers if objections[server] is None]
        refused = [
            ServerSaid(server=str(server), said=Said.UNREACHABLE, detail=objection)
            for server, objection in objections.items()
            if objection and not usable
        ]
        return usable, refused

    def _objection(self, server: Server) -> str | None:
        """Why an address is not asked."""
        if not self.network.special_addresses and not is_public(server.address):
            return "is not an address of the public internet"
        if ":" in server.address and not self.network.ipv6():
            return "is an IPv6 address, which cannot be reached from here"
        return None

    def _addresses(self, host: dns.name.Name, until: float, path: _Path) -> tuple[str, ...]:
        """A name server's addresses; none when they cannot be found."""
        found: list[str] = []
        for rdtype in (RdataType.A, RdataType.AAAA):
            if rdtype == RdataType.A or self.network.ipv6():
                found += self._addresses_of(Question(host, rdtype), until, path)
        return tuple(found)

    def _addresses_of(self, question: Question, until: float, path: _Path) -> list[str]:
        try:
            zone = self.enclosing(question.name, until, path)
            for _ in range(_REFERRALS):
                heard = self.inquiry.ask_any(zone.servers, question, zone.name, until)
                newest = heard[-1] if heard else None
                if newest is None or newest.message is None:
                    return []
                if newest.said.said is not Said.REFERRAL:
                    return [record[0] for record in newest.said.records]
                referral = referral_in(newest.message, question, zone.name)
                if referral is None or referral.zone in path or len(path) > _DEEPEST:
                    return []
                zone = self._zone(referral, until, (*path, referral.zone))
        except Undelegated:
            return []
        return []


def _way_to(name: dns.name.Name) -> tuple[dns.name.Name, ...]:
    """The names from the top-level domain down to the registrable domain of `name`."""
    try:
        depth = registrable_domain(text_of(name)).count(".") + 1
    except ValueError:
        depth = len(name.labels) - 1
    labels = name.labels
    return tuple(dns.name.Name(labels[-(n + 1) :]) for n in range(1, depth + 1))
