"""The lab's name servers: UDP and TCP on several loopback addresses and one port.

    python -m tests.lab.dns PORT

Queries are answered by `zones`, unsigned updates (RFC 2136) by `updates`. Everything is in memory.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import struct
from collections.abc import Mapping, Sequence

import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
from dns.message import Message
from dns.rcode import Rcode
from dns.rdatatype import RdataType
from dns.update import UpdateMessage

from tests.lab import signing, topology, updates
from tests.lab.zones import Zone, answer, zone_of

UDP_WITHOUT_EDNS = 512  # RFC 1035 4.2.1
UDP_AT_MOST = 1232
TCP_AT_MOST = 65535
_HEADER = struct.Struct("!HH")
_HEADER_LENGTH = 12


def respond(zones: Sequence[Zone], wire: bytes, *, tcp: bool) -> bytes | None:
    """The response to one message in wire form; None for what deserves none."""
    try:
        query = dns.message.from_wire(wire)
    except dns.exception.DNSException:
        return _format_error(wire)
    if query.flags & dns.flags.QR:
        return None
    response = dns.message.make_response(query, recursion_available=False)
    if isinstance(query, UpdateMessage):
        response.set_rcode(_update(zones, query))
    elif query.opcode() == dns.opcode.QUERY and len(query.question) == 1:
        _fill(response, zones, query)
    else:
        response.set_rcode(Rcode.NOTIMP)
    return _to_wire(response, TCP_AT_MOST if tcp else _udp_limit(query))


def _format_error(wire: bytes) -> bytes | None:
    """FORMERR with the id of a message that could not be read (RFC 1035 4.1.1)."""
    if len(wire) < _HEADER_LENGTH or wire[2] & 0x80:
        return None
    (number, _) = _HEADER.unpack(wire[:4])
    return _HEADER.pack(number, 0x8000 | Rcode.FORMERR) + bytes(8)


def _update(zones: Sequence[Zone], message: UpdateMessage) -> Rcode:
    named = message.zone[0].name if message.zone else None
    zone = next((zone for zone in zones if zone.origin == named), None)
    return updates.apply(zone, message) if zone else Rcode.NOTAUTH


def _fill(response: Message, zones: Sequence[Zone], query: Message) -> None:
    asked = query.question[0]
    if asked.rdtype in (RdataType.AXFR, RdataType.IXFR):
        response.set_rcode(Rcode.REFUSED if zone_of(zones, asked.name) else Rcode.NOTAUTH)
        return
    found = answer(zones, asked.name, asked.rdtype)
    if query.ednsflags & dns.flags.DO:
        signing.dress(zones, found, asked.name, asked.rdtype)
    response.set_rcode(found.rcode)
    if found.authoritative:
        response.flags |= dns.flags.AA
    response.answer += found.answer
    response.authority += found.authority
    response.additional += found.additional


def _udp_limit(query: Message) -> int:
    if query.edns < 0:
        return UDP_WITHOUT_EDNS
    return min(max(query.payload, UDP_WITHOUT_EDNS), UDP_AT_MOST)


def _to_wire(response: Message, limit: int) -> bytes:
    """The response in wire form; cut to its question and marked TC where it is too long."""
    try:
        return response.to_wire(max_size=limit)
    except dns.exception.TooBig:
        for section in (response.answer, response.authority, response.additional):
            section.clear()
        response.flags |= dns.flags.TC
        return response.to_wire(max_size=limit)


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, zones: Sequence[Zone]) -> None:
        self._zones = zones

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = respond(self._zones, data, tcp=False)
        if reply is not None:
            self._transport.sendto(reply, addr)  # type: ignore[attr-defined]


async def _serve_tcp(
    zones: Sequence[Zone], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer the messages of one connection until the client goes away (RFC 7766)."""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, TimeoutError):
        while True:
            async with asyncio.timeout(30):
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                reply = respond(zones, await reader.readexactly(length), tcp=True)
            if reply is None:
                break
            writer.write(struct.pack("!H", len(reply)) + reply)
            await writer.drain()
    writer.close()


class LabDns:
    """All lab name servers of one port, on the running event loop."""

    def __init__(self, servers: Mapping[str, Sequence[Zone]], port: int) -> None:
        self._servers = servers
        self._port = port
        self._open: list[asyncio.BaseTransport | asyncio.Server] = []

    async def start(self) -> None:
        """Listen on every address. Raises OSError when the port is taken on one of them."""
        loop = asyncio.get_running_loop()
        for address, zones in self._servers.items():
            where = (address, self._port)

            def udp(zones: Sequence[Zone] = zones) -> _Udp:
                return _Udp(zones)

            async def tcp(
                reader: asyncio.StreamReader,
                writer: asyncio.StreamWriter,
                zones: Sequence[Zone] = zones,
            ) -> None:
                await _serve_tcp(zones, reader, writer)

            transport, _ = await loop.create_datagram_endpoint(udp, local_addr=where)
            self._open.append(transport)
            self._open.append(await asyncio.start_server(tcp, *where))

    def stop(self) -> None:
        """Stop listening."""
        for one in self._open:
            one.close()


async def _run(port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    lab = LabDns(topology.servers(), port)
    await lab.start()
    print(f"Answering on {', '.join(topology.DNS_ADDRESSES)}, port {port}.", flush=True)
    await stop.wait()
    lab.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The lab's name servers")
    parser.add_argument("port", type=int)
    asyncio.run(_run(parser.parse_args().port))
