"""The fenced fetch of a file: every hop's name looked up by us, checked, and connected to as is.

A customer's server chooses where we go. So addresses are looked up at the authoritative servers,
held against the special-purpose registries and then used; nothing looks them up a second time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ..domain.authorization import Observation
from ..domain.resolution import Resolution, Status
from ..domain.special_addresses import objection_to
from ..domain.web import Ended, Fetched, Hop
from ..domain.web_targets import MOST_REDIRECTS, REDIRECTS, WebTarget, redirected, web_target
from .dns_servers import ipv6_usable
from .http_exchange import Answer, Caps, exchange

HTTP_PORT = 80
_ADDRESSES_TRIED = 3
_ALIASES = 8  # in a row, where a name's servers each know a different next one
_LOOKUP_LINES = 2
_REDIRECTING = range(300, 400)
#: Worth another address of the same name: it never got as far as an answer.
_UNHEARD = frozenset({Ended.REFUSED, Ended.TIME_OUT})

type Exchange = Callable[..., Answer]


class Session(Protocol):
    """The look whose answers are used."""

    def ask(self, name: str, rdtype: str) -> Resolution: ...


@dataclass(frozen=True, slots=True)
class _Found:
    """A host's addresses that may be asked, or why there are none."""

    addresses: tuple[str, ...]
    ended: Ended = Ended.ANSWERED
    detail: str = ""
    lookups: tuple[Observation, ...] = ()


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
        found = self._addresses(target.host, way)
        way.lookups += found.lookups
        answer = Answer(ended=found.ended, detail=found.detail)
        port = self._ports.get(target.port, target.port)
        for address in found.addresses:
            answer = self._exchange(target, address, port, caps=self._caps, until=way.until)
            way.hops.append(Hop(url=target.url, address=address, told=_told(answer)))
            if answer.ended not in _UNHEARD:
                break
        if not found.addresses:
            way.hops.append(Hop(url=target.url, told=found.detail))
        return answer

    def _addresses(self, host: str, way: _Way) -> _Found:
        """IPv4 first: not every place has a route to IPv6."""
        types = ("A", "AAAA") if self._ipv6() else ("A",)
        seen = [_resolved(way.session, host, rdtype) for rdtype in types]
        given = tuple(dict.fromkeys(a for one in seen for a in _of(one)))
        lookups = tuple(line for one in seen for line in one.observations(_LOOKUP_LINES))
        if not given:
            return _nothing(host, seen, lookups)
        objections = {each: objection_to(each, loopback=self._loopback) for each in given}
        usable = tuple(each for each in given if objections[each] is None)
        if usable:
            return _Found(usable[:_ADDRESSES_TRIED], lookups=lookups)
        detail = f"{host} has the address {given[0]}, which {objections[given[0]]}"
        return _Found((), Ended.SPECIAL_ADDRESS, detail, lookups)


def _resolved(session: Session, host: str, rdtype: str) -> Resolution:
    """The addresses of a host, also where its servers lead to different places (geographic DNS)."""
    found = session.ask(host, rdtype)
    for _ in range(_ALIASES):
        targets = sorted({one.target for one in found.answered if one.target})
        if not targets or _of(found):
            break
        found = session.ask(targets[0], rdtype)
    return found


def _of(found: Resolution) -> tuple[str, ...]:
    """Every address any of the servers gave, in order."""
    return tuple(sorted({record[0] for one in found.answered for record in one.records}))


def _nothing(host: str, seen: list[Resolution], lookups: tuple[Observation, ...]) -> _Found:
    """Why a host has no address: it has none, or its servers do not say."""
    failed = next((one for one in seen if not one.looked_up), None)
    if failed is None:
        absent = all(one.status is Status.NXDOMAIN for one in seen)
        how = "does not exist (NXDOMAIN)" if absent else "has no address"
        return _Found((), Ended.NO_ADDRESS, f"{host} {how}", lookups)
    if failed.status is Status.OWN_TROUBLE:
        return _Found((), Ended.OWN_TROUBLE, failed.detail or "the look's time is up", lookups)
    said = "; ".join(f"{one.server}: {one.text}" for one in failed.said[:_LOOKUP_LINES])
    detail = f"the address of {host} cannot be looked up: {failed.detail or said}"
    return _Found((), Ended.DNS_BOGUS if failed.flaw else Ended.DNS_FAILED, detail, lookups)


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
        lookups=tuple(way.lookups[-2 * _LOOKUP_LINES :]),
    )
