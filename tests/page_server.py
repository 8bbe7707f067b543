"""The approval page on a port of this machine, over fakes: for browsers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.unit.email.world import World


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world: World
    asked: list[str]

    def _serve(self) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        self.asked.append(f"{self.command} {self.path}")
        seen = self.world.page(
            self.command,
            url.path.rpartition("/")[2],
            body=body or None,
            headers=dict(self.headers.items()),
            query=dict(parse_qsl(url.query)),
        )
        data = seen.html.encode()
        self.send_response(seen.status)
        for name, value in seen.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_HEAD = _serve

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests look at `asked`."""


@contextmanager
def serving(world: World) -> Iterator[tuple[str, list[str]]]:
    """The base address of the world's pages, and what was asked of it so far."""
    asked: list[str] = []
    handler = type("Handler", (_Handler,), {"world": world, "asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
