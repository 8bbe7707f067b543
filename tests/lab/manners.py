"""How the lab's web server treats a host: well, or as badly as servers of the world do.

Each manner takes the request under way and one text of its own: a URL, a status, a body.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

type Manner = Callable[[BaseHTTPRequestHandler, str], None]

_STALL_SECONDS = 30.0
_LOGIN = b"""<!doctype html><title>Sign in</title><h1>Sign in to go on</h1>
<form method=post action=/session><input name=user><input type="password" name=word></form>"""


def say(request: BaseHTTPRequestHandler, text: str) -> None:
    """The text as a plain file."""
    _answer(request, 200, "text/plain", text.encode())


def refuse(request: BaseHTTPRequestHandler, status: str) -> None:
    """A status without a file."""
    _answer(request, int(status), "text/plain", b"No.\n")


def redirect(request: BaseHTTPRequestHandler, where: str) -> None:
    """`where` is a URL, or a status, a blank and a URL; `{path}` in it is the path asked for."""
    status, _, url = where.rpartition(" ")
    request.send_response_only(int(status or "302"))
    request.send_header("Location", url.replace("{path}", request.path))
    request.send_header("Content-Length", "0")
    request.end_headers()


def count(request: BaseHTTPRequestHandler, most: str) -> None:
    """Redirects to itself, one number higher each time, up to `most` or for ever."""
    number = int(request.path.partition("?")[2] or "0") + 1
    if most and number > int(most):
        say(request, request.headers["Host"])
    else:
        redirect(request, f"{request.path.partition('?')[0]}?{number}")


def login(request: BaseHTTPRequestHandler, _: str) -> None:
    """A page that asks for a password."""
    _answer(request, 200, "text/html", _LOGIN)


def stall(request: BaseHTTPRequestHandler, _: str) -> None:
    """Takes the request and says nothing."""
    time.sleep(_STALL_SECONDS)


def drip(request: BaseHTTPRequestHandler, _: str) -> None:
    """One byte of the head at a time, for longer than anybody waits."""
    for _ in range(int(_STALL_SECONDS / 0.05)):
        request.wfile.write(b"H")
        time.sleep(0.05)


def flood(request: BaseHTTPRequestHandler, _: str) -> None:
    """A body without end."""
    request.send_response_only(200)
    request.end_headers()
    while True:
        request.wfile.write(b"x" * 65536)


def flood_head(request: BaseHTTPRequestHandler, _: str) -> None:
    """A head without end."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        request.wfile.write(b"X-More: " + b"x" * 1000 + b"\r\n")


def babble(request: BaseHTTPRequestHandler, text: str) -> None:
    """Something that is no HTTP."""
    request.wfile.write(text.encode())


def bomb(request: BaseHTTPRequestHandler, text: str) -> None:
    """A compressed answer nobody asked for."""
    import gzip

    body = gzip.compress(text.encode() * 1_000_000)
    request.send_response_only(200)
    request.send_header("Content-Encoding", "gzip")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def take(request: BaseHTTPRequestHandler, file: str) -> None:
    """Keeps what is posted, a line of its own for each, and says so."""
    length = int(request.headers.get("Content-Length") or "0")
    with Path(file).open("ab") as kept:
        kept.write(request.rfile.read(length).replace(b"\n", b" ") + b"\n")
    _answer(request, 202, "text/plain", b"Taken.\n")


def hear(request: BaseHTTPRequestHandler, file: str) -> None:
    """Keeps what is posted with its headers, a line of JSON for each, and says so."""
    length = int(request.headers.get("Content-Length") or "0")
    heard = {"headers": dict(request.headers), "body": request.rfile.read(length).decode()}
    with Path(file).open("a") as kept:
        kept.write(json.dumps(heard) + "\n")
    _answer(request, 202, "text/plain", b"Heard.\n")


MANNERS: dict[str, Manner] = {
    one.__name__: one
    for one in (
        *(say, refuse, redirect, count, login, stall, drip, flood, flood_head, babble, bomb),
        *(take, hear),
    )
}


def treat(request: BaseHTTPRequestHandler, manner: str, text: str) -> None:
    """Treat one request so, and close; a client that goes away is nobody's fault."""
    request.close_connection = True
    try:
        MANNERS[manner](request, text)
    except ConnectionError:
        return


def _answer(request: BaseHTTPRequestHandler, status: int, kind: str, body: bytes) -> None:
    request.send_response_only(status)
    request.send_header("Content-Type", kind)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
