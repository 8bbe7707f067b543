"""The fenced POST: https, to a name of the public internet, to an address checked by us, once.

Outsiders name these URLs, as they do those of files; so the fence is the probe's, with less let
through: port 443 alone, no redirects, and only servers whose certificate is good. A report or a
notice is for the host that was named, not for whoever stands in between.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from ..domain.outgoing import check_message
from ..domain.web import Ended
from ..domain.web_targets import HTTPS_PORT, WebTarget, https_target
from ..outgoing_ports import PostCause, PostOutcome
from .dns_servers import ipv6_usable
from .fence import UNHEARD, Session, usable_addresses
from .http_exchange import Answer, Caps, Sending, exchange
from .resolving import ResolverSettings, resolver_of

FIRST_BYTES = 1024  # kept of an answer
_USER_AGENT = "Vouchsafe/1 (certificate authority)"
_REDIRECTING = range(300, 400)
_CAUSES = {
    Ended.ANSWERED: PostCause.ANSWERED,
    Ended.NO_ADDRESS: PostCause.NO_ADDRESS,
    Ended.SPECIAL_ADDRESS: PostCause.SPECIAL_ADDRESS,
    Ended.REFUSED: PostCause.REFUSED,
    Ended.TLS_FAILED: PostCause.TLS_FAILED,
    Ended.TIME_OUT: PostCause.TIME_OUT,
    Ended.MALFORMED: PostCause.MALFORMED,
    Ended.DNS_FAILED: PostCause.DNS_FAILED,
    Ended.OWN_TROUBLE: PostCause.OWN_TROUBLE,
}


class _Resolver(Protocol):
    def session(self, seconds: float) -> Session: ...


class FencedPost:
    """Port Outgoing. `port` and `loopback` are a lab's: where its servers listen in place of 443.

    `trust` says whose certificates are good; without it the system's list of authorities.
    """

    def __init__(
        self,
        resolver: _Resolver,
        *,
        loopback: bool = False,
        port: int = HTTPS_PORT,
        trust: ssl.SSLContext | None = None,
        ipv6: Callable[[], bool] = ipv6_usable,
        exchange: Callable[..., Answer] = exchange,
    ) -> None:
        self._resolver = resolver
        self._loopback = loopback
        self._port = port
        self._trust = trust or ssl.create_default_context()
        self._ipv6 = ipv6
        self._exchange = exchange

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, timeout: float
    ) -> PostOutcome:
        """One attempt; see the port. Raises ValueError for headers or a body of ours that cannot
        be sent, nothing for what the other side does."""
        check_message(body, headers)
        fields = (("User-Agent", _USER_AGENT), *headers.items())
        sending = Sending(body=body, headers=fields, trust=self._trust)
        try:
            target = https_target(url)
        except ValueError as reason:
            return PostOutcome(0, b"", PostCause.FORBIDDEN_URL, str(reason))
        until = time.monotonic() + timeout
        answer, address = self._post(target, sending, timeout, until)
        return _outcome(answer, address)

    def _post(
        self, target: WebTarget, sending: Sending, timeout: float, until: float
    ) -> tuple[Answer, str]:
        """The host's addresses one after the other, until one answers."""
        session = self._resolver.session(timeout)
        found = usable_addresses(target.host, session, loopback=self._loopback, ipv6=self._ipv6())
        answer, address = Answer(ended=found.ended, detail=found.detail), ""
        caps = Caps(read=timeout, total=timeout)
        for address in found.addresses:
            answer = self._exchange(
                target, address, self._port, caps=caps, until=until, sending=sending
            )
            if answer.ended not in UNHEARD or time.monotonic() >= until:
                break
        return answer, address


def _outcome(answer: Answer, address: str) -> PostOutcome:
    cause, detail = _CAUSES[answer.ended], answer.detail
    if answer.ended is Ended.ANSWERED and answer.status in _REDIRECTING:
        cause, detail = PostCause.REDIRECTED, "redirects are not followed"
    return PostOutcome(answer.status, answer.body[:FIRST_BYTES], cause, detail, address)


class PostSettings(ResolverSettings, Protocol):
    """What of the settings decides where a lab's posts go."""

    @property
    def lab_https_port(self) -> int | None: ...
    @property
    def lab_tls_roots(self) -> str | None: ...


def fenced_post(settings: PostSettings) -> FencedPost:
    """The sender of a container, from its settings."""
    return FencedPost(
        resolver_of(settings),
        loopback=settings.lab_loopback,
        port=settings.lab_https_port or HTTPS_PORT,
        trust=ssl.create_default_context(cafile=settings.lab_tls_roots),
    )
