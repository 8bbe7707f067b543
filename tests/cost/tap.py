"""Stands between the local stack's functions and the emulator, and meters what passes."""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.cost.meter import Item, Meter
from tests.lab.front import Reply, Target, ask
from tests.lab.stack import Stack

_SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
_SERVICES = {"ses": "sesv2", "states": "stepfunctions"}


class Tap:
    """A server on loopback. `meter` adds up what went through since `reset`. Without a `port` it
    takes a free one."""

    def __init__(self, port: int = 0) -> None:
        handler = type("TapHandler", (_Handler,), {"tap": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self._turn = threading.Lock()
        self._stack: Stack | None = None
        self.meter = Meter(self._peek)
        self.last = time.monotonic()
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def watch(self, stack: Stack) -> None:
        """The stack behind this; before that only its port is known."""
        self._stack = stack

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def reset(self) -> None:
        """Forget what was counted."""
        with self._turn:
            self.meter = Meter(self._peek)

    def until_quiet(self, seconds: float) -> None:
        """Wait until nothing passed for so long."""
        while time.monotonic() - self.last < seconds:
            time.sleep(0.2)

    def passed(self, service: str, operation: str, sent: bytes, send: Callable[[], Any]) -> Any:
        """Pass one call on, metered. Calls take turns, or what one writes were another's before."""
        self.last = time.monotonic()
        if service == "lambda":  # waits for others, and writes nothing itself
            self.meter.calls[f"{service} {operation}"] += 1
            return send()
        with self._turn:
            before = self.meter.begin(service, operation, sent)
            reply = send()
            answer = reply.body if service == "dynamodb" else b""
            self.meter.end(service, operation, sent, answer, before)
        self.last = time.monotonic()
        return reply

    def port(self) -> int:
        assert self._stack is not None
        return int(self._stack.ports["gateway"])

    def _peek(self, table: str, key: Item) -> Item | None:
        assert self._stack is not None
        client = self._stack.emulator.client("dynamodb")
        found = client.get_item(TableName=table, Key=dict(key), ConsistentRead=True)
        item = found.get("Item")
        return None if item is None else json.loads(json.dumps(item, default=lambda _: ""))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    tap: Tap

    def _serve(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        scope = _SCOPE.search(self.headers.get("Authorization", ""))
        service = _SERVICES.get(scope[1], scope[1]) if scope else "unsigned"
        operation = self._operation(service)
        target = Target(self.path, self.headers["Host"])
        kept = [(n, v) for n, v in self.headers.items() if n.lower() not in _OURS]

        def send() -> Any:
            return ask(self.tap.port(), self.command, target, kept, sent)

        reply = self.tap.passed(service, operation, sent, send)
        with contextlib.suppress(ConnectionError):  # who asked may have lost patience
            self._give(reply)

    def _give(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            if name.lower() not in _OURS:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _serve

    def _operation(self, service: str) -> str:
        """The call's name: in a header, or told by method and path."""
        if target := self.headers.get("X-Amz-Target", ""):
            return target.rpartition(".")[2]
        if service == "s3":
            return f"{self.command.title()}Object"
        return {"lambda": "Invoke", "sesv2": "SendEmail"}.get(service, self.command)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the stack keeps its own logs."""


_OURS = frozenset({"host", "connection", "content-length", "transfer-encoding", "expect"})
