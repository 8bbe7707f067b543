"""Free ports, kept in a stack's directory so that addresses stay the same from start to start."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Sequence
from pathlib import Path

from tests.lab import topology

_LOOPBACK = "127.0.0.1"

#: Name of each port and the addresses on which it must be free.
NEEDED: dict[str, Sequence[str]] = {
    "front": (_LOOPBACK,),
    "gateway": (_LOOPBACK,),
    "dns": topology.DNS_ADDRESSES,
    "web": (topology.WEB,),
    "https": (topology.WEB,),
}


def reserve(path: Path, wanted: dict[str, int] | None = None) -> dict[str, int]:
    """A free port for each name; those written in `path` or wanted again where they are free."""
    kept: dict[str, int] = wanted or {}
    with contextlib.suppress(FileNotFoundError, ValueError):
        kept = {**json.loads(path.read_text()), **kept}
    ports: dict[str, int] = {}
    for name, addresses in NEEDED.items():
        port = kept.get(name, 0)
        ports[name] = port if port and _free(port, addresses) else _any_free(addresses)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(ports))
    return ports


def _any_free(addresses: Sequence[str]) -> int:
    for _ in range(100):
        with socket.socket() as probe:
            probe.bind((addresses[0], 0))
            port = int(probe.getsockname()[1])
        if _free(port, addresses):
            return port
    raise OSError(f"no port is free on {', '.join(addresses)}")


def _free(port: int, addresses: Sequence[str]) -> bool:
    """Whether TCP and UDP can be bound on all addresses."""
    with contextlib.ExitStack() as opened:
        for address in addresses:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                probe = opened.enter_context(socket.socket(socket.AF_INET, kind))
                if kind == socket.SOCK_STREAM:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((address, port))
                except OSError:
                    return False
    return True
