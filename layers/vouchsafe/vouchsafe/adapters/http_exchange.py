"""One HTTP request over one connection to one address, with a cap on everything.

The address is connected to as given and never looked up again; the name goes into Host and SNI.
Nothing is kept between requests: no cookies, no credentials, no proxy, no decompression.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.web import Ended

if TYPE_CHECKING:
    import ssl

    from ..domain.web_targets import WebTarget

_MOST_HEADER_BYTES = 32 * 1024
BODY_BYTES = 8 * 1024  # read of a body; a value has 27
_USER_AGENT = "Vouchsafe-DCV/1 (domain control validation)"


@dataclass(frozen=True, slots=True)
class Caps:
    """Seconds: for the connection, for silence while reading, and for a fetch with all hops."""

    connect: float = 4.0
    read: float = 4.0
    total: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response, or how the exchange failed."""

    ended: Ended = Ended.ANSWERED
    detail: str = ""
    status: int = 0
    location: str | None = None
    media_type: str = ""
    body: bytes = b""
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A body to post instead of a GET, to a server whose certificate must be good."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    trust: ssl.SSLContext


class _Overlong(Exception):
    """The server sends more than anybody reads."""


_FAILURES: tuple[tuple[type[Exception], Ended, str], ...] = (
    (_Overlong, Ended.MALFORMED, "the answer's head does not end"),
    (TimeoutError, Ended.TIME_OUT, "the server did not answer in time"),
    (http.client.RemoteDisconnected, Ended.REFUSED, "the connection was broken off"),
    (http.client.HTTPException, Ended.MALFORMED, "no HTTP answer"),
)


class _Wire(io.RawIOBase):
    """What comes in, until the deadline and up to a number of bytes."""

    def __init__(self, stream: socket.socket, until: float, silence: float) -> None:
        self._stream = stream
        self._until = until
        self._silence = silence
        self._left = _MOST_HEADER_BYTES + BODY_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if self._left <= 0:
            raise _Overlong
        self._stream.settimeout(min(left, self._silence))
        count = self._stream.recv_into(memoryview(buffer)[: self._left])
        self._left -= count
        return count


class _Stream:
    """The little of a socket that http.client reads a response from."""

    def __init__(self, wire: _Wire) -> None:
        self._wire = wire

    def makefile(self, mode: str) -> io.BufferedReader:
        assert mode == "rb"
        return io.BufferedReader(self._wire)


def exchange(
    target: WebTarget,
    address: str,
    port: int,
    *,
    caps: Caps,
    until: float,
    sending: Sending | None = None,
) -> Answer:
    """GET `target` from `address` at `port`, or post `sending` there.

    Over at `until` (monotonic). Never raises OSError.
    """
    context = sending.trust if sending else None
    try:
        with _connected(address, port, caps, until) as plain:
            secure = target.scheme == "https"
            stream = _encrypted(plain, target.host, context) if secure else plain
            with stream:
                stream.settimeout(_left(caps.read, until))
                stream.sendall(_posting(target, sending) if sending else _request(target))
                return _read(stream, caps, until, "POST" if sending else "GET")
    except (_Overlong, http.client.HTTPException, OSError) as error:
        return _failed(error)


def _failed(error: Exception) -> Answer:
    """How the exchange failed. The order matters: some errors are of two kinds."""
    if isinstance(error, OSError) and isinstance(error, _tls_errors()):
        reason = getattr(error, "reason", "") or type(error).__name__
        return Answer(ended=Ended.TLS_FAILED, detail=f"TLS: {reason}")
    for kind, ended, detail in _FAILURES:
        if isinstance(error, kind):
            return Answer(ended=ended, detail=detail)
    reason = getattr(error, "strerror", "") or str(error) or "the connection was broken off"
    return Answer(ended=Ended.REFUSED, detail=reason)


def _left(seconds: float, until: float) -> float:
    """Seconds a step may take. Raises TimeoutError when there are none."""
    left = min(seconds, until - time.monotonic())
    if left <= 0:
        raise TimeoutError
    return left


def _connected(address: str, port: int, caps: Caps, until: float) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.settimeout(_left(caps.connect, until))
        made.connect((address, port))
        made.settimeout(_left(caps.read, until))  # for a TLS handshake as a whole
    except BaseException:
        made.close()
        raise
    return made


def _encrypted(
    plain: socket.socket, host: str, context: ssl.SSLContext | None = None
) -> ssl.SSLSocket:
    """TLS by `context`; without one, with a server whose certificate proves nothing yet: it may be
    expired or its own."""
    import ssl

    if context is None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(plain, server_hostname=host)


def _tls_errors() -> type[OSError]:
    import ssl

    return ssl.SSLError


def _request(target: WebTarget) -> bytes:
    lines = (
        f"GET {target.target} HTTP/1.1",
        f"Host: {target.authority}",
        f"User-Agent: {_USER_AGENT}",
        "Accept: text/plain, */*;q=0.1",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode("ascii")


def _posting(target: WebTarget, sending: Sending) -> bytes:
    lines = (
        f"POST {target.target} HTTP/1.1",
        f"Host: {target.authority}",
        *(f"{name}: {value}" for name, value in sending.headers),
        f"Content-Length: {len(sending.body)}",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode("ascii") + sending.body


def _read(stream: socket.socket, caps: Caps, until: float, method: str) -> Answer:
    response = http.client.HTTPResponse(
        _Stream(_Wire(stream, until, caps.read)),  # type: ignore[arg-type]
        method=method,
    )
    response.begin()
    body, whole = _body(response)
    return Answer(
        status=response.status,
        location=response.getheader("Location"),
        media_type=(response.getheader("Content-Type") or "").partition(";")[0].strip().lower(),
        body=body,
        whole=whole,
    )


def _body(response: http.client.HTTPResponse) -> tuple[bytes, bool]:
    """The first bytes, and whether they are all; what breaks off counts as far as it came."""
    try:
        body = response.read(BODY_BYTES + 1)
    except http.client.IncompleteRead as error:
        return error.partial[:BODY_BYTES], False
    missing = len(body) <= BODY_BYTES and bool(response.length)  # it broke off before its end
    return body[:BODY_BYTES], len(body) <= BODY_BYTES and not missing
