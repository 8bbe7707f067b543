"""How one place looks for one value: in the DNS or on a web server, and why it is not there."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Protocol

from ..domain.authorization import DcvMethodName
from ..domain.causes import CauseCode, tell
from ..domain.dcv import places_after_alias, settles
from ..domain.identifiers import parents_to_registrable
from ..domain.looking import DcvAnswer, DcvQuestion
from ..domain.methods import LOOKED_UP, METHODS
from ..domain.resolution import Resolution, weakest
from ..domain.sightings import judge_dcv, nothing_near
from ..domain.sightings_web import holds_value, judge_file, settled
from ..domain.suspicions import suspicions
from ..domain.web import Ended, Fetched

_MOST_ALIASES = 8  # CNAMEs in a row
_PARENTS = 2  # at which a file is looked for to explain that it is not at the name


class Session(Protocol):
    """The look whose answers are used."""

    def ask(self, name: str, rdtype: str) -> Resolution: ...


class Probe(Protocol):
    """Fetches files, like HttpProbe."""

    def fetch(self, url: str, *, session: Session, until: float, secret: str) -> Fetched: ...


def look_dcv(question: DcvQuestion, *, session: Session, probe: Probe, until: float) -> DcvAnswer:
    """Look for the value of `question`; over at `until` (monotonic). Trouble is an answer, too."""
    if question.method not in LOOKED_UP:
        return _cannot(question)
    if question.method is DcvMethodName.HTTP_FILE:
        return _look_for_file(question, session, probe, until)
    return _look_for_record(question, session)


def _look_for_record(question: DcvQuestion, session: Session) -> DcvAnswer:
    """At the name and its parents, then at what its CNAME leads to (BR 3.2.2.4, SC-101)."""
    rdtype = METHODS[question.method].looked_up
    seen: list[Resolution] = []
    for owner in question.authorization_domains:
        seen.append(session.ask(owner, rdtype))
        if settles(question, seen[-1]):
            return judge_dcv(question, seen)
    further: list[Resolution] = []
    for followed in _aliases(question, session):
        for place in places_after_alias(question, followed):
            further.append(session.ask(place.owner, rdtype))
            if settles(question, further[-1]):
                answer = judge_dcv(question, [*seen, further[-1]], None, followed)
                links = (question.name, *followed[:-1])  # asked before: within a look that is free
                led = [session.ask(name, "CNAME").dnssec for name in links]
                return replace(answer, dnssec=weakest((answer.dnssec, *led)))
    if _narrowed(question) or not nothing_near(question, seen):
        return judge_dcv(question, seen)
    elsewhere = {what: session.ask(*ask) for what, ask in suspicions(question).items()}
    return judge_dcv(question, [*seen, *further], elsewhere)


def _aliases(question: DcvQuestion, session: Session) -> list[tuple[str, ...]]:
    """The ways the name may be replaced by its CNAME's target, again and again; nearest first."""
    if question.wildcard or _narrowed(question):
        return []
    ways: list[tuple[str, ...]] = []
    at = question.name
    for _ in range(_MOST_ALIASES):
        records = session.ask(at, "CNAME").variants
        if len(records) != 1 or len(records[0]) != 1:
            break  # none, or one on which the servers do not agree
        at = records[0][0][0].rstrip(".").lower()
        ways.append((*(ways[-1] if ways else ()), at))
    return ways


def _narrowed(question: DcvQuestion) -> bool:
    """Whether only the one place is asked about at which another perspective saw the value."""
    return len(question.authorization_domains) == 1


def _look_for_file(
    question: DcvQuestion, session: Session, probe: Probe, until: float
) -> DcvAnswer:
    """On port 80, and where that comes to nothing on port 443."""

    def fetch(url: str) -> Fetched:
        if time.monotonic() >= until:
            detail = "the time for this look was used up"
            return Fetched(url=url, ended=Ended.OWN_TROUBLE, detail=detail)
        return probe.fetch(url, session=session, until=until, secret=question.value)

    seen: list[Fetched] = []
    for url in question.authorization_domains:
        if any(hop.url == url for one in seen for hop in one.hops):
            continue  # a redirect led there already
        seen.append(fetch(url))
        if settled(seen[-1]):
            break
    told = any(holds_value(question, one) or one.ended is Ended.TIME_OUT for one in seen)
    if told or _narrowed(question):
        return judge_file(question, seen)  # more waiting would explain nothing
    printed = METHODS[question.method].records
    parents = parents_to_registrable(question.name)[1 : 1 + _PARENTS]
    elsewhere = [fetch(printed(parent, question.value)[0].name) for parent in parents]
    return judge_file(question, seen, elsewhere)


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
