"""A small internet: a root, a registry, and the zones a test wants, on loopback."""

from __future__ import annotations

from collections.abc import Mapping

import dns.name

from tests.lab.signing import Signer, anchor_of, sign, vouch
from tests.lab.zones import Zone
from tests.unit.validation.name_servers import NET, NameServer, NameServers
from vouchsafe.adapters.dns_exchange import Timings
from vouchsafe.adapters.dnssec_anchors import anchor
from vouchsafe.adapters.dnssec_chain import Clock
from vouchsafe.adapters.resolver import AuthoritativeResolver

ROOT, REGISTRY, FIRST, SECOND = 1, 2, 3, 4
QUICK = Timings(tries=(0.15, 0.25), tcp=0.5)


def a_zone(origin: str, servers: Mapping[str, int], *, addresses: bool = True) -> Zone:
    """A zone with SOA, NS and the addresses of its name servers (names relative to the origin)."""
    zone = Zone(dns.name.from_text(origin))
    zone.add("@", "SOA", "ns.example.com. hostmaster.example.com. 1 3600 600 86400 5")
    for name, last in servers.items():
        host = dns.name.from_text(name, zone.origin)
        zone.add("@", "NS", host.to_text())
        if addresses and host.is_subdomain(zone.origin):
            zone.add(host, "A", f"{NET}{last}")
    return zone


def delegate(parent: Zone, child: str, servers: Mapping[str, int], *, glue: bool = True) -> None:
    """NS records of `child` in its parent, with the addresses of the servers within it."""
    origin = dns.name.from_text(child)
    for name, last in servers.items():
        host = dns.name.from_text(name, origin)
        parent.add(origin, "NS", host.to_text())
        if glue and host.is_subdomain(origin):
            parent.add(host, "A", f"{NET}{last}")


class Internet:
    """Root and registry stand; example.com is delegated to two servers with one zone each."""

    def __init__(self, servers: NameServers) -> None:
        self.servers = servers
        self.root = a_zone(".", {"a.root-servers.net.": ROOT})
        self.com = a_zone("com", {"ns.com.": REGISTRY})
        delegate(self.root, "com", {"ns.com.": REGISTRY})
        hosts = {"ns1": FIRST, "ns2": SECOND}
        delegate(self.com, "example.com", hosts)
        self.first_zone = a_zone("example.com", hosts)
        self.second_zone = a_zone("example.com", hosts)
        servers.add(ROOT, [self.root])
        servers.add(REGISTRY, [self.com])
        self.first: NameServer = servers.add(FIRST, [self.first_zone])
        self.second: NameServer = servers.add(SECOND, [self.second_zone])

    def publish(self, name: str, rdtype: str, *texts: str) -> None:
        """The same records at both servers of example.com."""
        for zone in (self.first_zone, self.second_zone):
            zone.add(name, rdtype, *texts)

    def sign(self, **signers: Signer) -> None:
        """Sign the root, com and example.com (`root`, `com`, `example`), each with its DS above.

        From then on resolvers validate.
        """
        sign(self.root, signers.get("root"))
        sign(self.com, signers.get("com"))
        vouch(self.root, self.com)
        both = sign(self.first_zone, signers.get("example"))
        sign(self.second_zone, both)
        vouch(self.com, self.first_zone)

    def resolver(
        self, timings: Timings = QUICK, clock: Clock | None = None
    ) -> AuthoritativeResolver:
        """A resolver that knows this internet's root alone, and its key if there is one."""
        return AuthoritativeResolver(
            roots=[self.servers.servers[f"{NET}{ROOT}"].at],
            port=self.servers.port,
            special_addresses=True,
            timings=timings,
            ipv6=lambda: False,
            anchors=[anchor(anchor_of(self.root))] if self.root.signer else [],
            clock=clock,
        )
