"""One name server and one web server for measurements, in a process of their own.

    python -m tests.bench.server ADDRESS

Prints the DNS port and the HTTP port once both answer. The zone is bench.example.com: a TXT value
and an address at h0 to h49, CAA at the top alone, four labels below it for each of them.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket

import dns.name

from tests.lab.dns import LabDns
from tests.lab.zones import Zone

NAMES = 50
VALUE = "_abcdefghijklmnopqrstuvwxyz"
ISSUER = "ca.example.net"
PATH = "/.well-known/pki-validation/fileauth.txt"

_FILE = (
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
    f"Content-Length: {len(VALUE)}\r\nConnection: close\r\n\r\n{VALUE}"
).encode()


def the_zone(address: str) -> Zone:
    """bench.example.com."""
    zone = Zone(dns.name.from_text("bench.example.com"))
    zone.add("@", "SOA", "ns.bench.example.com. h.example.com. 1 3600 600 86400 5")
    zone.add("@", "NS", "ns")
    zone.add("@", "CAA", f'0 issue "{ISSUER}"')
    zone.add("ns", "A", address)
    for number in range(NAMES):
        zone.add(f"h{number}", "TXT", f'"{VALUE}"')
        zone.add(f"h{number}", "A", address)
        zone.add(f"a.b.c.h{number}", "A", address)
    return zone


async def _file(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(_FILE)
    await writer.drain()
    writer.close()


async def _run(address: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((address, 0))
        port = int(probe.getsockname()[1])
    lab = LabDns({address: [the_zone(address)]}, port)
    await lab.start()
    web = await asyncio.start_server(_file, address, 0)
    print(port, web.sockets[0].getsockname()[1], flush=True)
    await stop.wait()
    lab.stop()
    web.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Servers to measure against")
    parser.add_argument("address")
    asyncio.run(_run(parser.parse_args().address))
