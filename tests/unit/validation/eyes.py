"""Eyes for tests: a Looker and Perspectives that see what the test publishes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tests.unit.validation.answers import agreed, alias_of, caa, nothing
from vouchsafe.adapters.dcv_looks import look_dcv
from vouchsafe.domain.authorization import Observation
from vouchsafe.domain.caa import climb, judge_caa
from vouchsafe.domain.corroboration import REGIONS, REMOTE_REGIONS
from vouchsafe.domain.looking import (
    CaaAnswer,
    DcvAnswer,
    DcvQuestion,
    LookReport,
    LookRequest,
)
from vouchsafe.domain.resolution import Resolution
from vouchsafe.domain.web import Ended, Fetched, Hop


@dataclass(slots=True)
class World:
    """What is published. `caa`: the set at a name, none by default, which permits everybody.

    `aliases`: CNAME records. `files`: bodies by URL; everything else answers 404.
    """

    txt: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    caa: dict[str, tuple[int, str, str]] = field(default_factory=dict)

    def publish(self, value: str, *names: str) -> None:
        for name in names:
            self.txt.setdefault(name, []).append(value)

    def report(self, place: str, rir: str, request: LookRequest) -> LookReport:
        answers = []
        for question in request.caa:
            sets = []
            for name in climb(question.name):
                sets.append(caa(name, self.caa[name]) if name in self.caa else caa(name))
                if name in self.caa:
                    break
            answers.append(CaaAnswer(finding=judge_caa(question, sets)))
        dcv = tuple(self._dcv(question) for question in request.dcv)
        return LookReport(perspective=place, rir=rir, dcv=dcv, caa=tuple(answers))

    def ask(self, name: str, rdtype: str) -> Resolution:
        """What all servers say. A CNAME is followed where another type is asked for."""
        if rdtype == "CNAME":
            target = self.aliases.get(name)
            return (
                agreed(name, (target,), rdtype=rdtype) if target else nothing(name, rdtype=rdtype)
            )
        if name in self.aliases:
            target = self.aliases[name]
            return alias_of(replace(self.ask(target, rdtype), name=name), target)
        texts = self.txt.get(name, []) if rdtype == "TXT" else []
        records = [(text,) for text in texts]
        return agreed(name, *records, rdtype=rdtype) if records else nothing(name, rdtype=rdtype)

    def fetch(self, url: str, **_: object) -> Fetched:
        """What the web server says."""
        body = self.files.get(url)
        status = 404 if body is None else 200
        hop = Hop(url=url, address="192.0.2.80", told=f"status {status}")
        text = (body or "").encode()
        return Fetched(url=url, ended=Ended.ANSWERED, hops=(hop,), status=status, body=text)

    def _dcv(self, question: DcvQuestion) -> DcvAnswer:
        return look_dcv(question, session=self, probe=self, until=math.inf)


@dataclass(slots=True)
class SeeingLooker:
    """Port Looker over a World. `requests` keeps what was asked; `meanwhile` runs during a look."""

    world: World
    requests: list[LookRequest] = field(default_factory=list)
    meanwhile: list[Callable[[], None]] = field(default_factory=list)

    def look(self, request: LookRequest) -> LookReport:
        self.requests.append(request)
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return self.world.report("primary", "ARIN", request)


@dataclass(slots=True)
class SeeingPerspectives:
    """Port Perspectives: six regions over the same World, but for those named `blind` or `down`."""

    world: World
    blind: set[str] = field(default_factory=set)
    down: set[str] = field(default_factory=set)
    requests: list[LookRequest] = field(default_factory=list)

    def ask(self, request: LookRequest) -> Sequence[LookReport]:
        self.requests.append(request)
        return tuple(self._one(place, request) for place in REMOTE_REGIONS)

    def _one(self, place: str, request: LookRequest) -> LookReport:
        rir = REGIONS[place].rir
        if place in self.down:
            return LookReport(perspective=place, rir=rir, error="ReadTimeoutError: 25 s")
        world = World() if place in self.blind else self.world
        return world.report(place, rir, request)


def long_answer(name: str) -> DcvAnswer:
    """A refusal as wordy as they come."""
    line = Observation(question=f"TXT {name}", server="n" * 280, answer="a" * 200)
    return DcvAnswer(
        name=name,
        completed=True,
        passed=False,
        cause="value_differs",
        explanation="e" * 900,
        advice="a" * 400,
        observations=(line,) * 12,
    )
