"""The resolver of a function that looks up where it connects to, from its settings."""

from __future__ import annotations

from typing import Protocol

from dns.rdtypes.ANY.DS import DS

from .dns_servers import DNS_PORT, ROOTS, Server
from .dnssec_anchors import IANA_ANCHORS, anchor
from .resolver import AuthoritativeResolver


class ResolverSettings(Protocol):
    """What of the settings decides who is asked."""

    @property
    def lab_dns_roots(self) -> tuple[str, ...]: ...
    @property
    def lab_trust_anchors(self) -> tuple[str, ...]: ...
    @property
    def lab_dns_port(self) -> int | None: ...
    @property
    def lab_dns_direct(self) -> tuple[str, int] | None: ...
    @property
    def lab_loopback(self) -> bool: ...


def trust_anchors(settings: ResolverSettings) -> tuple[DS, ...]:
    """The keys from which answers are validated: IANA's, always, where the real root is asked.

    Only a lab with roots of its own has other anchors, or none; other stages refuse its settings
    (BR 4.2.2.2: no local policy may switch validation off). Raises ValueError for a broken one.
    """
    if not settings.lab_dns_roots:
        return IANA_ANCHORS
    return tuple(anchor(text) for text in settings.lab_trust_anchors)


def resolver_of(settings: ResolverSettings) -> AuthoritativeResolver:
    """A resolver that starts at the root servers, or where a lab wants it to.

    Raises ValueError for a broken trust anchor.
    """
    port = settings.lab_dns_port or DNS_PORT
    lab_roots = tuple(Server("", address, port) for address in settings.lab_dns_roots)
    direct = settings.lab_dns_direct
    return AuthoritativeResolver(
        roots=lab_roots or ROOTS,
        port=port,
        special_addresses=settings.lab_loopback,
        direct=Server("", *direct) if direct else None,
        anchors=trust_anchors(settings),
    )
