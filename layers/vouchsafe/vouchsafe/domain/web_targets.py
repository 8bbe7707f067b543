"""Where a redirect may lead: names, never addresses; two ports; nothing that hides another target.

BR 3.2.2.4.18: redirects 301, 302, 307 and 308 at the HTTP layer, to http or https on an Authorized
Port; of these we take 80 and 443.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin, urlsplit

from .identifiers import parse_identifier

REDIRECTS = frozenset({301, 302, 307, 308})
MOST_REDIRECTS = 10
HTTPS_PORT = 443
_PORTS = {"http": 80, "https": HTTPS_PORT}
_LONGEST = 2000  # characters of a Location
_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
#: What a request target may hold as it is (RFC 3986 2); everything else is percent-encoded.
_AS_IT_IS = "!#$%&'()*+,-./:;=?@[]_~"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebTarget:
    """One place to fetch: `target` is path and query as they go into the request."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        """The target as a URL; the port only where it is not the scheme's own."""
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.target}"

    @property
    def authority(self) -> str:
        """What the Host field says (RFC 9110 7.2)."""
        return self.host if self.port == _PORTS[self.scheme] else f"{self.host}:{self.port}"


def web_target(url: str) -> WebTarget:
    """The place an absolute URL names. Raises ValueError with a plain reason for a forbidden one.

    `url` may come from anybody: what other software reads differently is refused, not repaired.
    """
    if len(url) > _LONGEST:
        raise ValueError(f"it is longer than {_LONGEST} characters")
    if _CONTROL.search(url):
        raise ValueError("it holds blanks, control characters or backslashes")
    parts = urlsplit(url)
    if parts.scheme not in _PORTS:
        raise ValueError(f"its scheme is {parts.scheme or 'missing'!s}, not http or https")
    if not re.match(r"[A-Za-z]+://[^/?#]", url):
        raise ValueError("it has no host")
    if "@" in parts.netloc:
        raise ValueError("it holds a user name")
    host, port = _host_and_port(parts.netloc, _PORTS[parts.scheme])
    if port not in _PORTS.values():
        raise ValueError(f"it leads to port {port}; allowed are 80 and 443")
    path = quote(parts.path or "/", safe=_AS_IT_IS, encoding="latin-1", errors="replace")
    query = quote(parts.query, safe=_AS_IT_IS, encoding="latin-1", errors="replace")
    return WebTarget(
        scheme=parts.scheme, host=host, port=port, target=f"{path}?{query}" if query else path
    )


def https_target(url: str) -> WebTarget:
    """The place that a URL to post to names. Raises ValueError with a plain reason.

    Also for those who take such URLs: what is refused here is never posted to.
    """
    target = web_target(url)
    if target.scheme != "https":
        raise ValueError("its scheme is http, not https")
    if target.port != HTTPS_PORT:
        raise ValueError(f"it leads to port {target.port}; allowed is {HTTPS_PORT}")
    return target


def redirected(from_: WebTarget, status: int, location: str | None, secret: str) -> WebTarget:
    """Where an answer with `status` and `location` leads. Raises ValueError with a plain reason.

    The request must not hold the value (BR 3.2.2.4.18): a server could just repeat it.
    """
    if status not in REDIRECTS:
        raise ValueError(f"it uses status {status}; allowed are 301, 302, 307 and 308")
    if not location:
        raise ValueError("it says nothing of where to")
    if _CONTROL.search(location.strip(" \t")):
        raise ValueError("it holds blanks, control characters or backslashes")
    target = web_target(_absolute(from_, location.strip(" \t")))
    if secret and secret.lower() in unquote(target.url).lower():
        raise ValueError("its URL holds the value itself")
    return target


def _absolute(from_: WebTarget, location: str) -> str:
    """`location` against its page; one with a scheme is left as it is, `http:/x` included."""
    if location.startswith("///"):
        raise ValueError("it has no host")
    return location if _SCHEME.match(location) else urljoin(from_.url, location)


def _host_and_port(netloc: str, default: int) -> tuple[str, int]:
    if netloc.startswith("[") or netloc.count(":") > 1:
        raise ValueError("it leads to an IP address; only names are followed")
    name, colon, digits = netloc.partition(":")
    if colon and not (digits.isascii() and digits.isdecimal()):
        raise ValueError("its port is no number")
    try:
        host = parse_identifier(name).value
    except ValueError as error:
        if re.fullmatch(r"[0-9.]+|(0[xX][0-9a-fA-F]*\.?)+", name):
            raise ValueError("it leads to an IP address; only names are followed") from error
        raise ValueError(f"its host cannot be followed: {error}") from error
    if host.startswith("*."):
        raise ValueError("its host is a wildcard")
    return host, int(digits) if digits else default
