"""The lab's WHOIS servers: one line in, text out, close (RFC 3912)."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable

type Says = Callable[[str], bytes]


class LabWhois(socketserver.ThreadingTCPServer):
    """A server at one address; `asked` keeps the questions. `says` gives the bytes sent back."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: str, port: int, says: Says) -> None:
        self.asked: list[str] = []
        self._says = says
        super().__init__((address, port), _Handler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, question: str) -> bytes:
        self.asked.append(question)
        return self._says(question)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is nobody's fault."""


class _Handler(socketserver.StreamRequestHandler):
    server: LabWhois

    def handle(self) -> None:
        question = self.rfile.readline(1000).decode("ascii").strip()
        self.wfile.write(self.server.answer(question))
