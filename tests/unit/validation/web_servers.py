"""Real web servers on loopback addresses, as good or as bad as a test wants each host treated."""

from __future__ import annotations

import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.lab.web import LabWeb, behave
from tests.unit.validation.name_servers import NET
from vouchsafe.adapters.http_exchange import Caps
from vouchsafe.adapters.http_probe import HttpProbe
from vouchsafe.domain.methods import FILE_PATH

#: Plain on 80 and encrypted on 443; plain on 80 only; plain on both; nothing at all.
BOTH, PLAIN, CONFUSED, CLOSED = (f"{NET}{last}" for last in (80, 81, 82, 83))
QUICK_CAPS = Caps(connect=1.0, read=1.0, total=2.5)  # room for a busy machine


class WebServers:
    """Servers at four addresses, over one webroot. `ports` is what stands for 80 and 443."""

    def __init__(self, folder: Path) -> None:
        self.webroot = folder
        self._running: list[ThreadingHTTPServer] = []
        self.ports = {80: self._begin(BOTH, 0), 443: 0}
        self.ports[443] = self._begin(BOTH, 0, encrypted=_context(folder))
        self._begin(PLAIN, self.ports[80])
        self._begin(CONFUSED, self.ports[80])
        self._begin(CONFUSED, self.ports[443])
        self.good = folder / "good.pem"
        self.good_port = self._begin(BOTH, 0, encrypted=_good_context(self.good))

    def _begin(self, address: str, port: int, *, encrypted: ssl.SSLContext | None = None) -> int:
        server = LabWeb(address, port, self.webroot)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if encrypted:
            server.socket = encrypted.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self._running.append(server)
        return int(server.server_address[1])

    def put(self, host: str, text: str) -> None:
        """A file for that host alone."""
        path = self.webroot / f"@{host}" / FILE_PATH.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def treat(self, host: str, manner: str, text: str = "") -> None:
        behave(self.webroot, host, manner, text)

    def probe(self) -> HttpProbe:
        """A probe that finds these servers where others have 80 and 443."""
        return HttpProbe(loopback=True, ports=self.ports, caps=QUICK_CAPS, ipv6=lambda: False)

    def close(self) -> None:
        for server in self._running:
            server.shutdown()
            server.server_close()


def _context(folder: Path) -> ssl.SSLContext:
    """A server's side with a certificate that is expired, its own, and for another name."""
    return _own_context(folder / "server.pem", "somebody.else", datetime(2020, 1, 1, tzinfo=UTC))


def _good_context(file: Path) -> ssl.SSLContext:
    """A server's side with a certificate for www.example.com, good for who trusts that file."""
    return _own_context(file, "www.example.com", datetime.now(UTC) - timedelta(hours=1))


def _own_context(file: Path, host: str, begin: datetime) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
