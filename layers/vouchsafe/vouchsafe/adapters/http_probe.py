"""The fenced fetch of a file: every hop's name looked up by us, checked, and connected to as is.

A customer's server chooses where we go. So addresses are looked up at the authoritative servers,
held against the special-purpose registries and then used; nothing looks them up a second time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..domain.authorization import Observation
from ..domain.web import Ended, Fetched, Hop
from ..domain.web_targets import MOST_REDIRECTS, REDIRECTS, WebTarget, redirected, web_target
from .dns_servers import ipv6_usable
from .fence import LOOKUP_LINES, UNHEARD, Session, usable_addresses
from .http_exchange import Answer, Caps, exchange

HTTP_PORT = 80
_REDIRECTING = range(300, 400)

type Exchange = Callable[..., Answer]


@dataclass(slots=True)
class _Way:
    """One fetch under way."""

    session: Session
    until: float
    secret: str
    hops: list[Hop] = field(default_factory=list)
    lookups: list[Observation] = field(default_factory=list)


class HttpProbe:
    """Fetches. `ports`: where a lab's servers listen in place of 80 and 443."""

    def __init__(
        self,
        *,
        loopback: bool = False,
        ports: Mapping[int, int] | None = None,
        caps: Caps | None = None,
        ipv6: Callable[[], bool] = ipv6_usable,
        exchange: Exchange = exchange,
    ) -> None:
        self._loopback = loopback
        self._ports = dict(ports or {})
        self._caps = caps or Caps()
        self._ipv6 = ipv6
        self._exchange = exchange

    def fetch(self, url: str, *, session: Session, until: float, secret: str) -> Fetched:
        """Fetch `url`, following what may be followed; over at `until` (monotonic).

        `secret` is the value looked for, which no request may hold. Trouble is an answer, too.
        """
        until = min(until, time.monotonic() + self._caps.total)
        way = _Way(session, until, secret)
        target = web_target(url)
        for number in range(MOST_REDIRECTS + 1):
            answer = self._get(target, way)
            if answer.ended is not Ended.ANSWERED or answer.status not in _REDIRECTING:
                return _fetched(url, way, answer)
            try:
                if number == MOST_REDIRECTS:
                    raise ValueError(f"it is more than the {MOST_REDIRECTS}th in a row")
                target = redirected(target, answer.status, answer.location, secret)
            except ValueError as reason:
                return _fetched(url, way, answer, Ended.BAD_REDIRECT, _refusal(answer, reason))
        raise AssertionError("the loop ends with its last redirect")

    def _get(self, target: WebTarget, way: _Way) -> Answer:
        """One hop: the host's addresses one after the other, until one answers."""
        found = usable_addresses(
            target.host, way.session, loopback=self._loopback, ipv6=self._ipv6()
        )
        way.lookups += found.lookups
        answer = Answer(ended=found.ended, detail=found.detail)
        port = self._ports.get(target.port, target.port)
        for address in found.addresses:
            answer = self._exchange(target, address, port, caps=self._caps, until=way.until)
            way.hops.append(Hop(url=target.url, address=address, told=_told(answer)))
            if answer.ended not in UNHEARD:
                break
        if not found.addresses:
            way.hops.append(Hop(url=target.url, told=found.detail))
        return answer


def _told(answer: Answer) -> str:
    if answer.ended is not Ended.ANSWERED:
        return answer.detail
    if answer.status in REDIRECTS and answer.location:
        return f"status {answer.status} to {answer.location[:200]}"
    return f"status {answer.status}, {len(answer.body)} bytes{'' if answer.whole else ' and more'}"


def _refusal(answer: Answer, reason: ValueError) -> str:
    to = f" to {answer.location[:200]!a}" if answer.location else ""
    return f"the redirect{to} was not followed: {reason}"


def _fetched(
    url: str, way: _Way, answer: Answer, ended: Ended | None = None, detail: str = ""
) -> Fetched:
    return Fetched(
        url=url,
        ended=ended or answer.ended,
        hops=tuple(way.hops),
        status=answer.status,
        body=answer.body,
        whole=answer.whole,
        media_type=answer.media_type,
        detail=detail or answer.detail,
        lookups=tuple(way.lookups[-2 * LOOKUP_LINES :]),
    )
