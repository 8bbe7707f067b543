"""One place's look: every name of a request at once, answered by the authoritative servers."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

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
from .http_probe import HTTP_PORT, HttpProbe
from .question_budget import Budgeted
from .resolving import ResolverSettings, resolver_of

#: Names looked at side by side; nearly all of it is waiting. 250 names take two turns, and no name
#: server gets more questions at once than small ones take without losing some.
_WORKERS = 128
_SECONDS = 20.0  # for one look, within the 25 the caller of a perspective waits
_CAA_OBSERVATIONS = 4


class _Session(Protocol):
    def ask(self, name: str, rdtype: str) -> Resolution: ...


class _Resolver(Protocol):
    def session(self, seconds: float) -> _Session: ...


class LookerSettings(ResolverSettings, Protocol):
    """What of the settings decides how a place looks."""

    @property
    def perspective_name(self) -> str: ...
    @property
    def perspective_rir(self) -> str: ...
    @property
    def lab_http_port(self) -> int | None: ...


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
        session = Budgeted(self._resolver.session(self._seconds))
        until = time.monotonic() + self._seconds

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


def network_looker(settings: LookerSettings) -> NetworkLooker:
    """The looker of a container, from its settings. Raises ValueError for a broken anchor."""
    return NetworkLooker(
        resolver_of(settings),
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
