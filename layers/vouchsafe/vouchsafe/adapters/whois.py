"""Asking registries who a domain's contacts are: port 43, from IANA to registry to registrar.

Whoever answers decides where we go next, so the fence is the one of the file probe: host names
only, their addresses checked and connected to as they are, an end to size and time.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Protocol

from ..domain.whois import contact_addresses, referral
from .dns_servers import ipv6_usable
from .fence import Session, usable_addresses
from .resolving import ResolverSettings, resolver_of

WHOIS_PORT = 43  # RFC 3912
_ROOT = "whois.iana.org"
_HOPS = 3  # IANA, registry, registrar
_MOST_BYTES = 64 * 1024
_SECONDS, _SILENCE = 10.0, 4.0


class _Resolver(Protocol):
    def session(self, seconds: float) -> Session: ...


class WhoisClient:
    """Port Registries. `root`, `port` and `loopback` are a lab's."""

    def __init__(
        self,
        resolver: _Resolver,
        *,
        root: str = _ROOT,
        port: int = WHOIS_PORT,
        loopback: bool = False,
        seconds: float = _SECONDS,
        ipv6: Callable[[], bool] = ipv6_usable,
    ) -> None:
        self._resolver = resolver
        self._root = root
        self._port = port
        self._loopback = loopback
        self._seconds = seconds
        self._ipv6 = ipv6

    def contacts(self, domain: str) -> tuple[tuple[str, str], ...]:
        """Address and server for each contact of a registered domain; none where nobody answers.

        The last server that names any is believed: a registrar knows better than its registry.
        """
        session, until = self._resolver.session(self._seconds), time.monotonic() + self._seconds
        found: tuple[tuple[str, str], ...] = ()
        server, seen = self._root, set[str]()
        while server and server not in seen and len(seen) < _HOPS:
            seen.add(server)
            # IANA knows top-level domains; all others know what is below them.
            asked = domain.rpartition(".")[2] if server == self._root else domain
            text = self._ask(server, asked, session, until)
            named = contact_addresses(text) if server != self._root else ()
            found = tuple((address, server) for address in named) or found
            server = referral(text)
        return found

    def _ask(self, server: str, query: str, session: Session, until: float) -> str:
        """What one server says; "" for no answer."""
        usable = usable_addresses(server, session, loopback=self._loopback, ipv6=self._ipv6())
        for address in usable.addresses:
            try:
                return _exchange((address, self._port), query, until)
            except OSError:
                continue
        return ""


def _exchange(at: tuple[str, int], query: str, until: float) -> str:
    """One question over one connection. Raises OSError."""
    family = socket.AF_INET6 if ":" in at[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as stream:
        stream.settimeout(_left(until))
        stream.connect(at)
        stream.sendall(f"{query}\r\n".encode("ascii"))
        heard = bytearray()
        while len(heard) < _MOST_BYTES:
            stream.settimeout(_left(until))
            part = stream.recv(_MOST_BYTES - len(heard))
            if not part:
                break
            heard += part
    return heard.decode("utf-8", "replace").replace("\r", "")


def _left(until: float) -> float:
    left = min(_SILENCE, until - time.monotonic())
    if left <= 0:
        raise TimeoutError
    return left


def whois_client(settings: ResolverSettings) -> WhoisClient:
    """The client of a container, from its settings."""
    return WhoisClient(resolver_of(settings), loopback=settings.lab_loopback)
