"""Zone data of the lab's name servers and the answer to one question (RFC 1034 4.3.2, RFC 4592)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import dns.name
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rrset
from dns.name import Name
from dns.rcode import Rcode
from dns.rdataset import Rdataset
from dns.rdatatype import RdataType
from dns.rrset import RRset

if TYPE_CHECKING:
    from tests.lab.signing import Signer

TTL = 5  # seconds: short, because people change records and look again
_LONGEST_CHAIN = 8


class Nodes(dict[Name, dict[RdataType, Rdataset]]):
    """RRsets by owner. `there`: the owners and all names above them, kept until owners change."""

    _there: set[Name] | None = None

    @property
    def there(self) -> set[Name]:
        if self._there is None:
            self._there = {owner.split(n)[1] for owner in self for n in range(1, len(owner) + 1)}
        return self._there

    def __setitem__(self, owner: Name, node: dict[RdataType, Rdataset]) -> None:
        self._there = None
        super().__setitem__(owner, node)

    def __delitem__(self, owner: Name) -> None:
        self._there = None
        super().__delitem__(owner)


@dataclass(slots=True)
class Zone:
    """One zone: owner names with their RRsets.

    `host` is an address that every name of the zone has which owns no address itself, as under a
    hosting provider that serves all names of its customers; names with an underscore have none.
    """

    origin: Name
    host: str = ""
    nodes: Nodes = field(default_factory=Nodes)
    signer: Signer | None = None  # of a signed zone; see `signing`

    def add(self, name: str | Name, rdtype: str, *texts: str, ttl: int = TTL) -> None:
        """Add records in presentation form; relative names hang below the origin."""
        owner = dns.name.from_text(name, self.origin) if isinstance(name, str) else name
        new = dns.rdataset.from_text("IN", rdtype, ttl, *texts)
        self.merge(owner, new)

    def merge(self, owner: Name, new: Rdataset) -> None:
        """Add the records of `new` to what stands at `owner`."""
        if owner not in self.nodes:
            self.nodes[owner] = {}
        node = self.nodes[owner]
        old = node.get(new.rdtype)
        if old is None:
            node[new.rdtype] = new.copy()
        else:
            old.update(new)
            old.ttl = new.ttl

    def rrset(self, owner: Name, rdtype: RdataType, shown_as: Name | None = None) -> RRset | None:
        """The RRset at `owner`, named `shown_as` where a wildcard made it."""
        found = self.nodes.get(owner, {}).get(rdtype)
        return dns.rrset.from_rdata_list(shown_as or owner, found.ttl, found) if found else None

    def soa(self) -> list[RRset]:
        """The SOA as it belongs into the authority section of a negative answer (RFC 2308 3)."""
        found = self.rrset(self.origin, RdataType.SOA)
        return [found] if found else []

    def exists(self, name: Name) -> bool:
        """Whether the name is there, if only because something stands below it (RFC 4592 2.2.2)."""
        return name in self.nodes.there

    def cut(self, name: Name) -> Name | None:
        """The delegation at or above `name` inside this zone."""
        return next(
            (
                above
                for above in _from_top(name, self.origin)
                if above != self.origin and RdataType.NS in self.nodes.get(above, {})
            ),
            None,
        )

    def dname(self, name: Name) -> tuple[RRset, Name] | None:
        """The DNAME above `name` and where it moves that name (RFC 6672 2.2), if there is one."""
        for above in _from_top(name, self.origin)[:-1]:
            found = self.rrset(above, RdataType.DNAME)
            if found is not None:
                return found, name.relativize(above).concatenate(found[0].target)
        return None

    def source(self, name: Name) -> Name | None:
        """The owner whose records answer for `name`: itself, a wildcard, or nobody."""
        if self.exists(name):
            return name
        encloser = name
        while not self.exists(encloser):
            encloser = encloser.parent()
        wildcard = dns.name.Name((b"*", *encloser.labels))
        return wildcard if wildcard in self.nodes else None

    def hosts(self, name: Name) -> bool:
        """Whether the hosting provider's address answers for this name."""
        below = name.relativize(self.origin).labels
        return bool(self.host) and not any(label.startswith(b"_") for label in below)


@dataclass(slots=True)
class Answer:
    """What goes into a response besides the question."""

    rcode: Rcode = Rcode.NOERROR
    authoritative: bool = True
    answer: list[RRset] = field(default_factory=list)
    authority: list[RRset] = field(default_factory=list)
    additional: list[RRset] = field(default_factory=list)


def _from_top(name: Name, origin: Name) -> list[Name]:
    """The names from `origin` down to `name`."""
    return [name.split(depth)[1] for depth in range(len(origin), len(name) + 1)]


def zone_of(zones: Sequence[Zone], name: Name, rdtype: RdataType | None = None) -> Zone | None:
    """The deepest zone that holds `name`; for DS the one above the cut (RFC 4035 3.1.4.1)."""
    holding = [zone for zone in zones if name.is_subdomain(zone.origin)]
    if rdtype == RdataType.DS:
        holding = [zone for zone in holding if zone.origin != name] or holding
    return max(holding, key=lambda zone: len(zone.origin), default=None)


def answer(zones: Sequence[Zone], name: Name, rdtype: RdataType) -> Answer:
    """Answer one question from these zones, following CNAMEs that stay inside them."""
    result = Answer()
    for _ in range(_LONGEST_CHAIN):
        zone = zone_of(zones, name, rdtype)
        if zone is None:
            result.rcode = result.rcode if result.answer else Rcode.REFUSED
            result.authoritative = bool(result.answer)
            return result
        target = _step(zone, name, rdtype, result)
        if target is None:
            return result
        name = target
    return result


def _step(zone: Zone, name: Name, rdtype: RdataType, result: Answer) -> Name | None:
    """Answer from one zone into `result`; the CNAME's target when the answer lies elsewhere."""
    cut = zone.cut(name)
    if cut is not None and not (cut == name and rdtype == RdataType.DS):
        _refer(zone, cut, result)
        return None
    moved = zone.dname(name)
    if moved is not None:
        owner, new = moved
        result.answer += [owner, dns.rrset.from_text(name, TTL, "IN", "CNAME", new.to_text())]
        return new
    source = zone.source(name)
    if source is not None:
        found = _matching(zone, source, name, rdtype)
        if found:
            result.answer += found
            return None
        alias = zone.rrset(source, RdataType.CNAME, name)
        if alias is not None:
            result.answer.append(alias)
            return alias[0].target  # type: ignore[no-any-return]
    if zone.hosts(name):
        if rdtype == RdataType.A:
            result.answer.append(dns.rrset.from_text(name, TTL, "IN", "A", zone.host))
            return None
    elif source is None:
        result.rcode = Rcode.NXDOMAIN
    result.authority += zone.soa()
    return None


def _matching(zone: Zone, source: Name, name: Name, rdtype: RdataType) -> list[RRset]:
    """The RRsets at `source` that answer the question, shown under the name asked for."""
    types = list(zone.nodes.get(source, {})) if rdtype == RdataType.ANY else [rdtype]
    found = (zone.rrset(source, one, name) for one in types)
    return [rrset for rrset in found if rrset is not None]


def _refer(zone: Zone, cut: Name, result: Answer) -> None:
    """A referral: the child's name servers and their addresses (RFC 1034 4.3.2 step 3b)."""
    servers = zone.rrset(cut, RdataType.NS)
    if servers is None:
        return
    result.authoritative = bool(result.answer)
    result.authority.append(servers)
    for server in servers:
        for rdtype in (RdataType.A, RdataType.AAAA):
            glue = zone.rrset(server.target, rdtype)
            if glue is not None:
                result.additional.append(glue)
