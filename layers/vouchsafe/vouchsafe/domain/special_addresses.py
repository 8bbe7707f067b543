"""Addresses that are nobody's on the public internet: never asked, whoever points us there.

The special-purpose registries of IANA for IPv4 and IPv6 (RFC 6890, as of 2026), and what leads out
of IPv6 into IPv4 addresses of anybody's choice.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class SpecialRange:
    """One row of the registries."""

    network: Network
    purpose: str
    rfc: str


#: Network, what it is for, and where that is written.
_ROWS: tuple[tuple[str, str, str], ...] = (
    ("0.0.0.0/8", "this network", "RFC 791 3.2"),
    ("10.0.0.0/8", "private use", "RFC 1918"),
    ("100.64.0.0/10", "shared by a carrier's customers", "RFC 6598"),
    ("127.0.0.0/8", "loopback", "RFC 1122 3.2.1.3"),
    ("169.254.0.0/16", "link local", "RFC 3927"),
    ("172.16.0.0/12", "private use", "RFC 1918"),
    ("192.0.0.0/24", "protocol assignments", "RFC 6890 2.1"),
    ("192.0.2.0/24", "documentation", "RFC 5737"),
    ("192.88.99.0/24", "6to4 relays (deprecated)", "RFC 7526"),
    ("192.168.0.0/16", "private use", "RFC 1918"),
    ("198.18.0.0/15", "benchmarking", "RFC 2544"),
    ("198.51.100.0/24", "documentation", "RFC 5737"),
    ("203.0.113.0/24", "documentation", "RFC 5737"),
    ("224.0.0.0/4", "multicast", "RFC 1112"),
    ("240.0.0.0/4", "reserved and broadcast", "RFC 1112, RFC 919"),
    ("::/128", "unspecified", "RFC 4291"),
    ("::1/128", "loopback", "RFC 4291"),
    ("::ffff:0:0/96", "IPv4-mapped", "RFC 4291"),
    ("::/96", "IPv4-compatible (deprecated)", "RFC 4291"),
    ("64:ff9b::/96", "IPv4/IPv6 translation (NAT64)", "RFC 6052"),
    ("64:ff9b:1::/48", "local IPv4/IPv6 translation (NAT64)", "RFC 8215"),
    ("100::/64", "discard only", "RFC 6666"),
    ("100:0:0:1::/64", "dummy prefix", "RFC 9780"),
    ("2001::/32", "Teredo", "RFC 4380"),
    ("2001:2::/48", "benchmarking", "RFC 5180"),
    ("2001:10::/28", "ORCHID (deprecated)", "RFC 4843"),
    ("2001:20::/28", "ORCHIDv2", "RFC 7343"),
    ("2001::/23", "protocol assignments", "RFC 2928"),
    ("2001:db8::/32", "documentation", "RFC 3849"),
    ("2002::/16", "6to4", "RFC 3056"),
    ("3fff::/20", "documentation", "RFC 9637"),
    ("5f00::/16", "segment routing", "RFC 9602"),
    ("fc00::/7", "unique local", "RFC 4193"),
    ("fe80::/10", "link local", "RFC 4291"),
    ("fec0::/10", "site local (deprecated)", "RFC 3879"),
    ("ff00::/8", "multicast", "RFC 4291"),
)

SPECIAL_RANGES: tuple[SpecialRange, ...] = tuple(
    SpecialRange(ipaddress.ip_network(text), purpose, rfc) for text, purpose, rfc in _ROWS
)

_LOOPBACK = tuple(row for row in SPECIAL_RANGES if row.purpose == "loopback")

#: All that IANA has given out as global unicast (RFC 4291 2.4); the rest is reserved.
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")


def objection_to(address: str, *, loopback: bool = False) -> str | None:
    """Why `address` (as text of an IP address) may not be asked; None when it may.

    `loopback`: a lab's servers on loopback may be asked, and still nothing else that is special.
    Text that is no address is objected to, too, as is one with a zone (`%eth0`).
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "is no IP address"
    if "%" in address:
        return "names a network interface"
    if loopback and any(_within(parsed, row) for row in _LOOPBACK):
        return None
    return _special(parsed)


def _within(parsed: Address, row: SpecialRange) -> bool:
    return parsed.version == row.network.version and parsed in row.network


def _special(parsed: Address) -> str | None:
    for row in SPECIAL_RANGES:
        if _within(parsed, row):
            return f"is not of the public internet: {row.purpose} ({row.rfc})"
    outside = isinstance(parsed, ipaddress.IPv6Address) and parsed not in _GLOBAL_UNICAST
    if outside or not parsed.is_global or parsed.is_multicast:
        return "is not of the public internet: reserved (RFC 6890)"
    return None
