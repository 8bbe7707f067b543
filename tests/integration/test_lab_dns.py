"""The lab's internet as the functions of a stack see it: from its root and its trust anchor."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest
from pytest_socket import socket_allow_hosts

from tests.lab import topology
from tests.lab.dns import LabDns
from vouchsafe.adapters.dns_servers import Server
from vouchsafe.adapters.dnssec_anchors import anchor
from vouchsafe.adapters.resolver import AuthoritativeResolver


async def _ended(lab: LabDns) -> None:
    """The servers stopped, and their sockets closed, which takes another turn of the loop."""
    lab.stop()
    await asyncio.sleep(0.05)


@pytest.fixture(scope="module")
def resolver() -> Iterator[AuthoritativeResolver]:
    socket_allow_hosts(["127.0.0.0/8"], allow_unix_socket=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((topology.ROOT, 0))
        port = probe.getsockname()[1]
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    lab = LabDns(topology.servers(), port)
    asyncio.run_coroutine_threadsafe(lab.start(), loop).result(5)
    yield AuthoritativeResolver(
        roots=[Server("", topology.ROOT, port)],
        port=port,
        special_addresses=True,
        ipv6=lambda: False,
        anchors=[anchor(topology.trust_anchor())],
    )
    asyncio.run_coroutine_threadsafe(_ended(lab), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.mark.parametrize(
    ("name", "rdtype", "dnssec"),
    [
        ("www.lab.example.com", "A", "secure"),
        ("www.lab.example.com", "CAA", "secure"),
        ("_dnsauth.www.lab.example.com", "TXT", "secure"),
        ("example.net", "CAA", "secure"),
        ("com", "CAA", "secure"),
        ("www.shop.example.net", "A", "insecure"),
        ("_dnsauth.shop.example.net", "TXT", "insecure"),
        ("www.lab.example.org", "CAA", "insecure"),
        ("unregistered.com", "CAA", "secure"),
    ],
)
def test_the_labs_zones_are_signed_or_proven_not_to_be(
    resolver: AuthoritativeResolver, name: str, rdtype: str, dnssec: str
) -> None:
    found = resolver.session(10).ask(name, rdtype)
    assert found.dnssec == dnssec, found
