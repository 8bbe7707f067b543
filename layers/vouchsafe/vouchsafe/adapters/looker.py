"""One place's look: every name of a request at once, answered by the authoritative servers."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from dns.rdtypes.ANY.DS import DS

from ..domain.authorization import Observation
from ..domain.caa import climb, ends_climb, judge_caa
from ..domain.looking import (
    CaaAnswer,
    CaaQuestion,
    DcvAnswer,
    DcvQuestion,
    LookReport,
    LookRequest,
)
from ..domain.resolution import Resolution
from .contact_looks import look_for_contacts
from .dcv_looks import look_dcv
from .dns_servers import DNS_PORT, ROOTS, Server
from .dnssec_anchors import IANA_ANCHORS, anchor
from .http_probe import HTTP_PORT, HttpProbe
from .resolver import AuthoritativeResolver

#: Names looked at side by side; nearly all of it is waiting. 250 names take two turns, and no name
#: server gets more questions at once than small ones take without losing some.
_WORKERS = 128
_SECONDS = 20.0  # for one look, within the 25 the caller of a perspective waits
_CAA_OBSERVATIONS = 4


class _Session(Protocol):
    def ask(self, name: str, rdtype: str) -> Resolution: ...


class _Resolver(Protocol):
    def session(self, seconds: float) -> _Session: ...


class LookerSettings(Protocol):
    """What of the settings decides how a place looks."""

    @property
    def perspective_name(self) -> str: ...
    @property
    def perspective_rir(self) -> str: ...
    @property
    def lab_dns_roots(self) -> tuple[str, ...]: ...
    @property
    def lab_trust_anchors(self) -> tuple[str, ...]: ...
    @property
    def lab_dns_port(self) -> int | None: ...
    @property
    def lab_dns_direct(self) -> tuple[str, int] | None: ...
    @property
    def lab_http_port(self) -> int | None: ...
    @property
    def lab_loopback(self) -> bool: ...


class NetworkLooker:
    """Port Looker: looks from here."""

    def __init__(
        self,
        resolver: _Resolver,
        *,
        perspective: str,
        rir: str,
        probe: HttpProbe | None = None,
        workers: int = _WORKERS,
        seconds: float = _SECONDS,
    ) -> None:
        self._resolver = resolver
        self._probe = probe or HttpProbe()
        self._perspective = perspective
        self._rir = rir
        self._workers = workers
        self._seconds = seconds

    def look(self, request: LookRequest) -> LookReport:
        """Answers in the order asked; trouble with one name is that name's answer."""
        session, until = self._resolver.session(self._seconds), time.monotonic() + self._seconds

        def dcv(question: DcvQuestion) -> DcvAnswer:
            return look_dcv(question, session=session, probe=self._probe, until=until)

        return LookReport(
            perspective=self._perspective,
            rir=self._rir,
            dcv=self._all(dcv, request.dcv),
            caa=self._all(lambda question: _look_caa(session, question), request.caa),
            contacts=self._all(
                lambda question: look_for_contacts(session, question), request.contacts
            ),
        )

    def _all[Q, A](self, look: Callable[[Q], A], questions: Sequence[Q]) -> tuple[A, ...]:
        if len(questions) <= 1:
            return tuple(look(question) for question in questions)
        # A random order, so that where time runs out it is not always the same names that wait.
        order = random.sample(range(len(questions)), len(questions))
        with ThreadPoolExecutor(min(self._workers, len(questions))) as pool:
            answers = dict(zip(order, pool.map(look, [questions[n] for n in order]), strict=True))
        return tuple(answers[n] for n in range(len(questions)))


def trust_anchors(settings: LookerSettings) -> tuple[DS, ...]:
    """The keys from which answers are validated: IANA's, always, where the real root is asked.

    Only a lab with roots of its own has other anchors, or none; other stages refuse its settings
    (BR 4.2.2.2: no local policy may switch validation off). Raises ValueError for a broken one.
    """
    if not settings.lab_dns_roots:
        return IANA_ANCHORS
    return tuple(anchor(text) for text in settings.lab_trust_anchors)


def network_looker(settings: LookerSettings) -> NetworkLooker:
    """The looker of a container, from its settings. Raises ValueError for a broken anchor."""
    port = settings.lab_dns_port or DNS_PORT
    lab_roots = tuple(Server("", address, port) for address in settings.lab_dns_roots)
    direct = settings.lab_dns_direct
    resolver = AuthoritativeResolver(
        roots=lab_roots or ROOTS,
        port=port,
        special_addresses=settings.lab_loopback,
        direct=Server("", *direct) if direct else None,
        anchors=trust_anchors(settings),
    )
    return NetworkLooker(
        resolver,
        perspective=settings.perspective_name,
        rir=settings.perspective_rir,
        probe=HttpProbe(
            loopback=settings.lab_loopback,
            ports={HTTP_PORT: settings.lab_http_port} if settings.lab_http_port else {},
        ),
    )


def _look_caa(session: _Session, question: CaaQuestion) -> CaaAnswer:
    sets: list[Resolution] = []
    for name in climb(question.name):
        sets.append(session.ask(name, "CAA"))
        if ends_climb(sets[-1]):
            break
    evidence: list[Observation] = []
    for one in reversed(sets):  # the deciding set first
        evidence += one.observations(_CAA_OBSERVATIONS)
    return CaaAnswer(
        finding=judge_caa(question, sets), observations=tuple(evidence[:_CAA_OBSERVATIONS])
    )
