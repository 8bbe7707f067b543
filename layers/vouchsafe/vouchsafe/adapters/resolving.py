"""The resolver of a function that looks up where it connects to, from its settings."""

from __future__ import annotations

from typing import Protocol

from .dns_servers import DNS_PORT, ROOTS, Server
from .resolver import AuthoritativeResolver


class ResolverSettings(Protocol):
    """What of the settings decides who is asked."""

    @property
    def lab_dns_roots(self) -> tuple[str, ...]: ...
    @property
    def lab_dns_port(self) -> int | None: ...
    @property
    def lab_dns_direct(self) -> tuple[str, int] | None: ...
    @property
    def lab_loopback(self) -> bool: ...


def resolver_of(settings: ResolverSettings) -> AuthoritativeResolver:
    """A resolver that starts at the root servers, or where a lab wants it to."""
    port = settings.lab_dns_port or DNS_PORT
    lab_roots = tuple(Server("", address, port) for address in settings.lab_dns_roots)
    direct = settings.lab_dns_direct
    return AuthoritativeResolver(
        roots=lab_roots or ROOTS,
        port=port,
        special_addresses=settings.lab_loopback,
        direct=Server("", *direct) if direct else None,
    )
