"""Name servers to ask: the root servers, and which addresses may be asked at all."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from functools import cache

from ..domain.special_addresses import objection_to

DNS_PORT = 53  # RFC 1035 4.2


@dataclass(frozen=True, slots=True)
class Server:
    """One address of one name server."""

    name: str  # without the final dot; "" when only the address is known
    address: str
    port: int = DNS_PORT

    def __str__(self) -> str:
        return f"{self.name} ({self.address})" if self.name else self.address


#: The root servers (root.hints of 2026; IANA).
_ROOT_ADDRESSES: dict[str, tuple[str, str]] = {
    "a.root-servers.net": ("198.41.0.4", "2001:503:ba3e::2:30"),
    "b.root-servers.net": ("170.247.170.2", "2801:1b8:10::b"),
    "c.root-servers.net": ("192.33.4.12", "2001:500:2::c"),
    "d.root-servers.net": ("199.7.91.13", "2001:500:2d::d"),
    "e.root-servers.net": ("192.203.230.10", "2001:500:a8::e"),
    "f.root-servers.net": ("192.5.5.241", "2001:500:2f::f"),
    "g.root-servers.net": ("192.112.36.4", "2001:500:12::d0d"),
    "h.root-servers.net": ("198.97.190.53", "2001:500:1::53"),
    "i.root-servers.net": ("192.36.148.17", "2001:7fe::53"),
    "j.root-servers.net": ("192.58.128.30", "2001:503:c27::2:30"),
    "k.root-servers.net": ("193.0.14.129", "2001:7fd::1"),
    "l.root-servers.net": ("199.7.83.42", "2001:500:9f::42"),
    "m.root-servers.net": ("202.12.27.33", "2001:dc3::35"),
}

ROOTS: tuple[Server, ...] = tuple(
    Server(name, address) for name, pair in _ROOT_ADDRESSES.items() for address in pair
)


def is_public(address: str) -> bool:
    """Whether `address` is a unicast address of the public internet (RFC 6890).

    Anything else could be a part of ourselves, to which a customer's zone points us.
    """
    return objection_to(address) is None


@cache
def ipv6_usable() -> bool:
    """Whether this place has a route to IPv6 (Lambda functions have none). Sends nothing."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.connect((_ROOT_ADDRESSES["k.root-servers.net"][1], DNS_PORT))
    except OSError:
        return False
    return True
