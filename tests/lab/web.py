"""The lab's web server: one directory of files, served for every name of the lab zones.

    python -m tests.lab.web ADDRESS PORT WEBROOT [--https PORT --certificate FILE]

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
import ssl
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

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
    _keep(webroot, _manners(webroot) | {host: [manner, text]})


def mend(webroot: Path, *hosts: str) -> None:
    """Treat these hosts well from now on."""
    known = _manners(webroot)
    _keep(webroot, {host: how for host, how in known.items() if host not in hosts})


def _keep(webroot: Path, manners: dict[str, list[str]]) -> None:
    """All at once: a request under way reads the file as it was or as it is."""
    fresh = webroot / f"{MANNERS_FILE}.new"
    fresh.write_text(json.dumps(manners))
    fresh.replace(webroot / MANNERS_FILE)


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


def make_certificate(file: Path, names: Sequence[str]) -> None:
    """A key and a certificate of its own for these names, good for a month, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lab web server")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(own)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(list(map(x509.DNSName, names))), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + certificate.public_bytes(Encoding.PEM))


def encrypted(server: LabWeb, file: Path) -> LabWeb:
    """The same server, speaking TLS with the key and certificate in that file."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description="The lab's web server")
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("webroot", type=Path)
    parser.add_argument("--https", type=int)
    parser.add_argument("--certificate", type=Path)
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"Serving {chosen.webroot} on {chosen.address}:{chosen.port}.", flush=True)
    if chosen.https:
        secure = LabWeb(chosen.address, chosen.https, chosen.webroot)
        encrypted(secure, chosen.certificate)
        threading.Thread(target=secure.serve_forever, daemon=True).start()
    LabWeb(chosen.address, chosen.port, chosen.webroot).serve_forever()


if __name__ == "__main__":
    main()
