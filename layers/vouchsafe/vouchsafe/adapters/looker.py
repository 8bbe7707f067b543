"""One place's look: every name of a request at once, answered by the authoritative servers."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from ..domain.authorization import Observation
from ..domain.caa import climb, ends_climb, judge_caa
from ..domain.causes import CauseCode, tell
from ..domain.dcv import settles
from ..domain.looking import (
    CaaAnswer,
    CaaQuestion,
    DcvAnswer,
    DcvQuestion,
    LookReport,
    LookRequest,
)
from ..domain.records import ENGINES
from ..domain.resolution import Resolution
from ..domain.sightings import doubled_name, judge_dcv, nothing_near
from .dns_servers import DNS_PORT, ROOTS, Server
from .resolver import AuthoritativeResolver

_WORKERS = 96  # names looked at side by side; almost all of their time is waiting
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
    def lab_dns_port(self) -> int | None: ...
    @property
    def lab_dns_direct(self) -> tuple[str, int] | None: ...
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
        workers: int = _WORKERS,
        seconds: float = _SECONDS,
    ) -> None:
        self._resolver = resolver
        self._perspective = perspective
        self._rir = rir
        self._workers = workers
        self._seconds = seconds

    def look(self, request: LookRequest) -> LookReport:
        """Answers in the order asked; trouble with one name is that name's answer."""
        session = self._resolver.session(self._seconds)
        return LookReport(
            perspective=self._perspective,
            rir=self._rir,
            dcv=self._all(lambda question: _look_dcv(session, question), request.dcv),
            caa=self._all(lambda question: _look_caa(session, question), request.caa),
        )

    def _all[Q, A](self, look: Callable[[Q], A], questions: Sequence[Q]) -> tuple[A, ...]:
        if len(questions) <= 1:
            return tuple(look(question) for question in questions)
        # A random order, so that where time runs out it is not always the same names that wait.
        order = random.sample(range(len(questions)), len(questions))
        with ThreadPoolExecutor(min(self._workers, len(questions))) as pool:
            answers = dict(zip(order, pool.map(look, [questions[n] for n in order]), strict=True))
        return tuple(answers[n] for n in range(len(questions)))


def network_looker(settings: LookerSettings) -> NetworkLooker:
    """The looker of a container, from its settings."""
    port = settings.lab_dns_port or DNS_PORT
    lab_roots = tuple(Server("", address, port) for address in settings.lab_dns_roots)
    direct = settings.lab_dns_direct
    resolver = AuthoritativeResolver(
        roots=lab_roots or ROOTS,
        port=port,
        special_addresses=settings.lab_loopback,
        direct=Server("", *direct) if direct else None,
    )
    return NetworkLooker(
        resolver, perspective=settings.perspective_name, rir=settings.perspective_rir
    )


def _look_dcv(session: _Session, question: DcvQuestion) -> DcvAnswer:
    if question.method not in ENGINES:
        return _cannot(question)
    seen: list[Resolution] = []
    for owner in question.authorization_domains:
        seen.append(session.ask(owner, "TXT"))
        if settles(question, seen[-1]):
            return judge_dcv(question, seen)
    doubled = doubled_name(question) if nothing_near(question, seen) else None
    return judge_dcv(question, seen, session.ask(doubled, "TXT") if doubled else None)


def _cannot(question: DcvQuestion) -> DcvAnswer:
    detail = f"this place does not know the method {question.method}"
    telling = tell(CauseCode.OWN_TROUBLE, name=question.name, detail=detail)
    return DcvAnswer(
        name=question.name,
        completed=False,
        passed=False,
        cause=telling.cause,
        explanation=telling.explanation,
        advice=telling.advice,
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
