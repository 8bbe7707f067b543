"""The one address of the local stack: a reverse proxy on loopback.

    python -m tests.lab.front PORT CONFIG

/services/v2/…  the API        /crl/… /ca/…  what the CA publishes (through the stack's CloudFront)
/mail           messages sent  /             what is here
CONFIG is a JSON file, read at each request: {"gateway_port", "api_id", "distribution"}.
"""

from __future__ import annotations

import argparse
import http.client
import json
import signal
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_UPSTREAM_SECONDS = 120
_LARGEST_BODY = 10 * 1024 * 1024  # API Gateway's own limit
#: Headers that belong to one connection, not to the message (RFC 9110 7.6.1), and what we set.
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer"}
    | {"transfer-encoding", "upgrade", "host", "content-length"}
)

ABOUT = """Vouchsafe, local stack

/services/v2/...  the API (header X-DC-DEVKEY)
/ca/...           certificates of the CAs
/crl/...          certificate revocation lists
/mail             messages sent, as JSON

The whole description of this stack is in .local/stack.json.
"""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: the path at the gateway and the Host it is served by."""

    path: str
    host: str


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


def target_of(path: str, config: dict[str, Any]) -> Target | None:
    """Where this path is served in the stack; None for a path this front does not know."""
    plain = path.partition("?")[0]
    if plain == "/services/v2" or plain.startswith("/services/v2/"):
        return Target(f"/_aws/execute-api/{config['api_id']}{path}", "localhost")
    if plain.startswith(("/crl/", "/ca/", "/numbers")):
        return Target(path, config["distribution"])
    return None


def messages(answer: bytes) -> list[dict[str, Any]]:
    """The stack's record of sent mail, as from, to, subject, text and html; oldest first."""
    accounts = json.loads(answer)["messages"]
    found = sorted((mail for box in accounts.values() for mail in box), key=_sent_at)
    return [
        {
            "from": mail["Source"],
            "to": [*mail["To"], *mail["CC"], *mail["BCC"]],
            "subject": mail["Subject"],
            "text": mail["BodyText"],
            "html": mail["BodyHtml"] or "",
        }
        for mail in found
    ]


def _sent_at(mail: dict[str, Any]) -> float:
    return float(mail["Timestamp"])


def ask(
    port: int, method: str, target: Target, headers: Iterable[tuple[str, str]], body: bytes
) -> Reply:
    """Send one request to the gateway. Raises OSError or HTTPException when it does not answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_UPSTREAM_SECONDS)
    try:
        connection.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", target.host)
        for name, value in headers:
            connection.putheader(name, value)
        if body or method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        response = connection.getresponse()
        return Reply(response.status, response.getheaders(), response.read())
    finally:
        connection.close()


def forwarded(headers: Message) -> list[tuple[str, str]]:
    """The client's headers as the gateway gets them. API Gateway decodes a binary answer only for a
    client that says what it accepts; most HTTP clients do, and for the others we do."""
    passed = [(name, value) for name, value in headers.items() if name.lower() not in _HOP_BY_HOP]
    if "accept" not in headers:
        passed.append(("Accept", "*/*"))
    return passed


class Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    server_version = "vouchsafe-local"
    sys_version = ""
    timeout = 75
    config: Path

    def _serve(self) -> None:
        body = self._body()
        if body is None:
            return
        path = self.path.partition("?")[0]
        try:
            config = json.loads(self.config.read_text())
            if path == "/mail":
                reply = _mail(config)
            elif target := target_of(self.path, config):
                port = int(config["gateway_port"])
                reply = ask(port, self.command, target, forwarded(self.headers), body)
            else:
                reply = _text(200 if path == "/" else 404, ABOUT)
        except (OSError, http.client.HTTPException, KeyError, ValueError) as trouble:
            self.log_error("%s %s: %r", self.command, path, trouble)
            reply = _text(502, "The stack behind this front does not answer (yet).\n")
        self._send(reply)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _serve

    def _body(self) -> bytes | None:
        """The request's body; None when it was refused."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _LARGEST_BODY:
            self.close_connection = True
            self._send(_text(413, "This body is longer than the API takes.\n"))
            return None
        return self.rfile.read(int(length))

    def _chunks(self) -> bytes:
        """A chunked body put together (RFC 9112 7.1)."""
        body = b""
        while len(body) <= _LARGEST_BODY:
            size = int(self.rfile.readline(100).partition(b";")[0], 16)
            body += self.rfile.read(size)
            self.rfile.readline(100)
            if size == 0:
                break
        return body

    def _send(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        bodyless = self.command == "HEAD" or reply.status in (204, 304)
        if not bodyless:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if not bodyless:
            self.wfile.write(reply.body)

    def handle(self) -> None:
        """Serve this connection; a client that goes away is nobody's fault."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError, ValueError) as gone:
            self.log_error("connection closed: %r", gone)

    def log_message(self, format: str, *args: Any) -> None:
        sys.stderr.write(f"{self.log_date_time_string()} {format % args}\n")


def _mail(config: dict[str, Any]) -> Reply:
    target = Target("/_ministack/ses/messages", "localhost")
    answer = ask(int(config["gateway_port"]), "GET", target, [], b"")
    body = json.dumps(messages(answer.body), ensure_ascii=False, indent=2).encode()
    return Reply(200, [("Content-Type", "application/json")], body)


def _text(status: int, text: str) -> Reply:
    return Reply(status, [("Content-Type", "text/plain; charset=utf-8")], text.encode())


class Front(ThreadingHTTPServer):
    """The front's server: a thread for each connection."""

    daemon_threads = True
    request_queue_size = 1024

    def __init__(self, port: int, config: Path) -> None:
        super().__init__(("127.0.0.1", port), type("Front", (Handler,), {"config": config}))


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description="The local stack's front")
    parser.add_argument("port", type=int)
    parser.add_argument("config", type=Path)
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Front(chosen.port, chosen.config).serve_forever()


if __name__ == "__main__":
    main()
