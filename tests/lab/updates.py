"""Dynamic updates of a zone, unsigned, with prerequisites (RFC 2136 section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import dns.rdataset
from dns.name import Name
from dns.rcode import Rcode
from dns.rdataclass import RdataClass
from dns.rdataset import Rdataset
from dns.rdatatype import RdataType
from dns.rrset import RRset
from dns.update import UpdateMessage

from tests.lab.zones import Zone

#: What stays at the apex whatever an update deletes (RFC 2136 3.4.2.3, 3.4.2.4).
_APEX = frozenset({RdataType.SOA, RdataType.NS})


def apply(zone: Zone, message: UpdateMessage) -> Rcode:
    """Check the prerequisites, then change the zone; all of it or nothing."""
    for rrset in (*message.prerequisite, *message.update):
        if not rrset.name.is_subdomain(zone.origin):
            return Rcode.NOTZONE
    for rrset in _gathered(message.prerequisite):
        refused = _unmet(zone, rrset)
        if refused is not None:
            return refused
    for rrset in message.update:
        _change(zone, rrset)
    _raise_serial(zone)
    return Rcode.NOERROR


def _gathered(lines: Sequence[RRset]) -> Iterable[RRset]:
    """Prerequisite lines, the records of one RRset together: a message has one record a line."""
    together: dict[tuple[Name, RdataType, RdataClass | None], RRset] = {}
    for line in lines:
        first = together.setdefault((line.name, line.rdtype, line.deleting), line)
        if first is not line:
            first.update(line)
    return together.values()


def _unmet(zone: Zone, rrset: RRset) -> Rcode | None:
    """The code that says why a prerequisite does not hold (RFC 2136 3.2.5); None when it does."""
    node = zone.nodes.get(rrset.name, {})
    whole_name = rrset.rdtype == RdataType.ANY
    if rrset.deleting == RdataClass.ANY:
        if whole_name:
            return None if node else Rcode.NXDOMAIN
        return None if rrset.rdtype in node else Rcode.NXRRSET
    if rrset.deleting == RdataClass.NONE:
        if whole_name:
            return Rcode.YXDOMAIN if node else None
        return Rcode.YXRRSET if rrset.rdtype in node else None
    there = node.get(rrset.rdtype, ())
    return None if set(there) == set(rrset) else Rcode.NXRRSET


def _change(zone: Zone, rrset: RRset) -> None:
    """Add or delete as one line of the update section says (RFC 2136 3.4.2)."""
    if rrset.deleting is None:
        _add(zone, rrset)
    elif rrset.deleting == RdataClass.ANY:
        _delete_sets(zone, rrset.name, rrset.rdtype)
    else:
        _delete_records(zone, rrset)


def _add(zone: Zone, rrset: RRset) -> None:
    node = zone.nodes.get(rrset.name, {})
    is_alias = rrset.rdtype == RdataType.CNAME
    if is_alias and any(rdtype != RdataType.CNAME for rdtype in node):
        return  # RFC 2136 3.4.2.2: an alias does not join other data
    if not is_alias and RdataType.CNAME in node:
        return
    new = Rdataset(RdataClass.IN, rrset.rdtype, ttl=rrset.ttl)
    for rdata in rrset:
        new.add(rdata, rrset.ttl)
    if rrset.rdtype in (RdataType.SOA, RdataType.CNAME):
        node.pop(rrset.rdtype, None)  # there is one at most: replace it
    zone.merge(rrset.name, new)


def _delete_sets(zone: Zone, owner: Name, rdtype: RdataType) -> None:
    node = zone.nodes.get(owner, {})
    wanted = list(node) if rdtype == RdataType.ANY else [rdtype]
    for one in wanted:
        if owner != zone.origin or one not in _APEX:
            node.pop(one, None)
    _drop_if_empty(zone, owner)


def _delete_records(zone: Zone, rrset: RRset) -> None:
    found = zone.nodes.get(rrset.name, {}).get(rrset.rdtype)
    if found is None or rrset.rdtype == RdataType.SOA:
        return
    left = [rdata for rdata in found if rdata not in set(rrset)]
    if rrset.name == zone.origin and rrset.rdtype == RdataType.NS and not left:
        return  # RFC 2136 3.4.2.4: never the last name server
    if left:
        zone.nodes[rrset.name][rrset.rdtype] = dns.rdataset.from_rdata_list(found.ttl, left)
    else:
        _delete_sets(zone, rrset.name, rrset.rdtype)


def _drop_if_empty(zone: Zone, owner: Name) -> None:
    if owner in zone.nodes and not zone.nodes[owner]:
        del zone.nodes[owner]


def _raise_serial(zone: Zone) -> None:
    """Every change moves the zone's serial (RFC 2136 3.6)."""
    apex = zone.nodes[zone.origin]
    soa = apex[RdataType.SOA]
    newer = soa[0].replace(serial=(soa[0].serial + 1) % 2**32)
    apex[RdataType.SOA] = dns.rdataset.from_rdata(soa.ttl, newer)
