"""Real name servers on loopback addresses, each as good or as bad as a test wants it."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import dns.message

from tests.lab.dns import respond
from tests.lab.zones import Zone
from vouchsafe.adapters.dns_servers import Server

#: From the query and its transport to the response; None stays silent.
type Manner = Callable[[bytes, bool], bytes | None]

NET = "127.40.0."


@dataclass(slots=True)
class NameServer:
    """One server. `delay` in seconds before each answer; `asked` counts the queries taken.

    `heard` keeps each datagram with the port it came from.
    """

    address: str
    port: int
    manner: Manner
    delay: float = 0.0
    asked: int = 0
    heard: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def at(self) -> Server:
        return Server("", self.address, self.port)


class NameServers:
    """Servers of one port (any free one, unless it is given) on an event loop of their own."""

    def __init__(self, port: int = 0) -> None:
        self.loop = asyncio.new_event_loop()
        self.servers: dict[str, NameServer] = {}
        self.has_ipv6 = False
        self._closing: list[Callable[[], object]] = []
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((f"{NET}1", port))
            self.port: int = probe.getsockname()[1]

    def add(self, last: int, zones: Sequence[Zone], manner: Manner | None = None) -> NameServer:
        """Serve `zones` at 127.40.0.`last`, in a manner of its own if one is given."""

        def honest(wire: bytes, tcp: bool) -> bytes | None:
            return respond(zones, wire, tcp=tcp)

        server = NameServer(f"{NET}{last}", self.port, manner or honest)
        self.servers[server.address] = server
        asyncio.run_coroutine_threadsafe(self._start(server), self.loop).result(5)
        return server

    def try_ipv6(self, zones: Sequence[Zone]) -> None:
        """Serve `zones` at ::1 where this machine has it; `has_ipv6` says so."""
        server = NameServer("::1", self.port, lambda wire, tcp: respond(zones, wire, tcp=tcp))
        try:
            asyncio.run_coroutine_threadsafe(self._start(server), self.loop).result(5)
        except OSError:
            return
        self.servers[server.address] = server
        self.has_ipv6 = True

    async def _start(self, server: NameServer) -> None:
        transport, _ = await self.loop.create_datagram_endpoint(
            lambda: _Udp(server), (server.address, server.port)
        )
        listener = await asyncio.start_server(
            lambda reader, writer: _serve(server, reader, writer), server.address, server.port
        )
        self._closing += [transport.close, listener.close]

    async def _stop(self) -> None:
        for close in self._closing:
            close()
        await asyncio.sleep(0)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def close(self) -> None:
        """Stop serving."""
        asyncio.run_coroutine_threadsafe(self._stop(), self.loop).result(5)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._server.asked += 1
        self._server.heard.append((addr[1], data))
        reply = self._server.manner(data, False)
        if reply is None:
            return
        send = self._transport.sendto  # type: ignore[attr-defined]
        if self._server.delay:
            asyncio.get_running_loop().call_later(self._server.delay, send, reply, addr)
        else:
            send(reply, addr)


async def _serve(
    server: NameServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    server.asked += 1
    (length,) = struct.unpack("!H", await reader.readexactly(2))
    reply = server.manner(await reader.readexactly(length), True)
    if reply is not None:
        writer.write(struct.pack("!H", len(reply)) + reply)
        await writer.drain()
    writer.close()


def silent(wire: bytes, tcp: bool) -> bytes | None:
    """Never answers."""
    return None


def refusing(wire: bytes, tcp: bool) -> bytes | None:
    """REFUSED, as a server does that does not serve the zone."""
    return respond([], wire, tcp=tcp)


def lowering(zones: Sequence[Zone]) -> Manner:
    """Answers with the question in lower case, as some load balancers do."""

    def manner(wire: bytes, tcp: bool) -> bytes | None:
        return respond(zones, _lowered(wire), tcp=tcp)

    return manner


def _lowered(wire: bytes) -> bytes:
    query = dns.message.from_wire(wire)
    query.question[0].name = dns.name.Name([part.lower() for part in query.question[0].name])
    return query.to_wire()


def lower_case_only(zones: Sequence[Zone]) -> Manner:
    """Refuses names with a capital letter, as servers do that compare names byte by byte."""

    def manner(wire: bytes, tcp: bool) -> bytes | None:
        asked = dns.message.from_wire(wire).question[0].name
        known = asked.to_text() == asked.to_text().lower()
        return respond(zones if known else [], wire, tcp=tcp)

    return manner


def forgetful(zones: Sequence[Zone]) -> Manner:
    """Loses every first datagram of a question, as a busy network does."""
    taken: set[str] = set()

    def manner(wire: bytes, tcp: bool) -> bytes | None:
        asked = dns.message.from_wire(wire).question[0].name.to_text().lower()
        if asked not in taken:
            taken.add(asked)
            return None
        return respond(zones, wire, tcp=tcp)

    return manner


def without_edns(zones: Sequence[Zone]) -> Manner:
    """Answers FORMERR to every query with EDNS, as old servers do (RFC 6891 7)."""

    def manner(wire: bytes, tcp: bool) -> bytes | None:
        query = dns.message.from_wire(wire)
        if query.edns >= 0:
            return wire[:2] + struct.pack("!HHHHH", 0x8001, 0, 0, 0, 0)
        return respond(zones, wire, tcp=tcp)

    return manner
