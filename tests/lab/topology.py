"""Which lab server stands where, and what the lab's internet looks like from its root."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import dns.name

from tests.lab.signing import Key, Signer, anchor_of, sign, vouch
from tests.lab.zones import Zone

ROOT = "127.20.53.1"
REGISTRIES = "127.20.53.2"  # com, net and org
FIRST = "127.20.53.3"  # both serve all lab zones, from the same data
SECOND = "127.20.53.4"
WEB = "127.20.53.80"

DNS_ADDRESSES = (ROOT, REGISTRIES, FIRST, SECOND)

#: Zones whose names can be proven and served; all below names reserved by RFC 2606.
LAB_ZONES = ("lab.example.com", "shop.example.net", "lab.example.org")
_PARENTS = ("example.com", "example.net", "example.org")
#: All but shop.example.net, whose parent proves by NSEC3 that it is not signed, and what is below
#: org, which the root proves not to be by NSEC.
_SIGNED = (".", "com", "net", "example.com", "example.net", "lab.example.com")
_BY_NSEC3 = ("com", "example.net")


def servers(web: str = WEB) -> Mapping[str, Sequence[Zone]]:
    """What each address is authoritative for. The two lab servers share their zones."""
    registries = [_zone(tld, {"ns": REGISTRIES}) for tld in ("com", "net", "org")]
    parents = [_zone(name, {"ns1": FIRST, "ns2": SECOND}) for name in _PARENTS]
    labs = [_zone(name, {"ns1": FIRST, "ns2": SECOND}, host=web) for name in LAB_ZONES]
    root = _zone(".", {"a.root-servers": ROOT})
    for child in registries:
        _delegate(root, child)
    for child in parents:
        _delegate(_holding(registries, child), child)
    for child in labs:
        _delegate(_holding(parents, child), child)
    for parent, child in _cuts([root, *registries, *parents, *labs]):
        if child.signer and parent.signer:
            vouch(parent, child)
    shared = [*parents, *labs]
    return {ROOT: [root], REGISTRIES: registries, FIRST: shared, SECOND: shared}


def trust_anchor() -> str:
    """The lab's root key, as a parameter names it."""
    return anchor_of(servers()[ROOT][0])


def _cuts(zones: Sequence[Zone]) -> list[tuple[Zone, Zone]]:
    """Each zone with the one above it."""
    return [
        (_holding(zones[:place][::-1], child), child) for place, child in enumerate(zones) if place
    ]


def _zone(origin: str, name_servers: Mapping[str, str], host: str = "") -> Zone:
    """A zone with its SOA, its name servers and their addresses."""
    zone = Zone(dns.name.from_text(origin), host=host)
    first = next(iter(name_servers))
    zone.add("@", "SOA", f"{_below(first, zone)} hostmaster.example.com. 1 3600 600 86400 5")
    for label, address in name_servers.items():
        zone.add("@", "NS", _below(label, zone))
        zone.add(label, "A", address)
    if origin in _SIGNED:
        sign(zone, Signer(key=Key.known(zone.origin), nsec3=origin in _BY_NSEC3))
    return zone


def _below(label: str, zone: Zone) -> str:
    return dns.name.from_text(label, zone.origin).to_text()


def _holding(zones: Sequence[Zone], child: Zone) -> Zone:
    return next(zone for zone in zones if child.origin.is_subdomain(zone.origin))


def _delegate(parent: Zone, child: Zone) -> None:
    """Put the child's NS records and their addresses (glue) into its parent."""
    apex = child.nodes[child.origin]
    for rdtype, rdataset in apex.items():
        if rdtype.name == "NS":
            parent.merge(child.origin, rdataset)
    for owner, node in child.nodes.items():
        for rdtype, rdataset in node.items():
            if rdtype.name == "A":
                parent.merge(owner, rdataset)
