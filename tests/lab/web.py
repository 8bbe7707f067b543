"""The lab's web server: one directory of files, served for every name of the lab zones.

    python -m tests.lab.web ADDRESS PORT WEBROOT

A directory `@NAME` in it holds the files of that name alone. `manners.json` in it says which names
are treated otherwise, and how: {"NAME": ["redirect", "http://…"]}; see `manners`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import mimetypes
import signal
import socketserver
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.lab.manners import treat

MANNERS_FILE = "manners.json"


def file_at(webroot: Path, target: str) -> Path | None:
    """The file a request target names, or None: nothing there, a directory, or outside."""
    path = unquote(urlsplit(target).path, errors="replace")
    if "\0" in path:
        return None
    root = webroot.resolve()
    found = (root / path.lstrip("/")).resolve()
    return found if found.is_relative_to(root) and found.is_file() else None


def file_of(webroot: Path, host: str, target: str) -> Path | None:
    """The host's own file where it has one, else everybody's."""
    own = webroot / f"@{host}"
    return (file_at(own, target) if own.is_dir() else None) or file_at(webroot, target)


def behave(webroot: Path, host: str, manner: str, text: str = "") -> None:
    """Treat `host` in that manner from now on."""
    known = _manners(webroot)
    (webroot / MANNERS_FILE).write_text(json.dumps(known | {host: [manner, text]}))


def _manners(webroot: Path) -> dict[str, list[str]]:
    with contextlib.suppress(FileNotFoundError):
        return json.loads((webroot / MANNERS_FILE).read_text())  # type: ignore[no-any-return]
    return {}


class Handler(BaseHTTPRequestHandler):
    """GET and HEAD of files; everything else is refused by the base class."""

    protocol_version = "HTTP/1.1"
    server_version = "lab"
    timeout = 30
    webroot: Path

    def do_GET(self) -> None:
        self._send(with_body=True)

    def do_HEAD(self) -> None:
        self._send(with_body=False)

    def do_POST(self) -> None:
        """Taken by hosts that are treated in some manner; there is nothing to post to else."""
        manner = _manners(self.webroot).get(self._host())
        if manner is None:
            self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)
        else:
            treat(self, *manner)

    def _host(self) -> str:
        return (self.headers.get("Host") or "").partition(":")[0].lower()

    def _send(self, *, with_body: bool) -> None:
        host = self._host()
        manner = _manners(self.webroot).get(host)
        if manner is not None:
            treat(self, *manner)
            return
        found = file_of(self.webroot, host, self.path)
        body = found.read_bytes() if found else b"There is no such file.\n"
        kind = mimetypes.guess_type(found.name)[0] if found else "text/plain"
        self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", kind or "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)


class LabWeb(ThreadingHTTPServer):
    """The server; files are read at each request, so they may come and go."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: str, port: int, webroot: Path) -> None:
        handler = type("WebrootHandler", (Handler,), {"webroot": webroot})
        super().__init__((address, port), handler)

    def server_bind(self) -> None:
        """Without looking up the name of our own address, which takes seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description="The lab's web server")
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("webroot", type=Path)
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"Serving {chosen.webroot} on {chosen.address}:{chosen.port}.", flush=True)
    LabWeb(chosen.address, chosen.port, chosen.webroot).serve_forever()


if __name__ == "__main__":
    main()
