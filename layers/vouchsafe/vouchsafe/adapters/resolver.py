"""Questions answered by the authoritative servers themselves, all of them, starting at the root.

No cache outlives a look. What is learned within one look (delegations, answers) serves that look.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Protocol

import dns.exception
import dns.name
from dns.rdatatype import RdataType

from ..domain.resolution import ANSWERS, Resolution, Said, ServerSaid, Status
from .delegation import Delegations, Network, Undelegated
from .dns_exchange import Timings
from .dns_inquiry import Inquiry
from .dns_servers import DNS_PORT, ROOTS, Server, ipv6_usable
from .dns_wire import Question

_PLAIN = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_MOST_ALIASES = 8  # CNAMEs in a row
_REFERRALS = 8
_BUDGET_SECONDS = 12.0  # for one question with all its referrals and aliases

_STATUS: dict[Said, Status] = {
    Said.ANSWER: Status.ANSWER,
    Said.NODATA: Status.NODATA,
    Said.NXDOMAIN: Status.NXDOMAIN,
}


class _Asker(Protocol):
    def ask(self, question: Question, until: float) -> list[ServerSaid]:
        """What every server in charge says. Raises Undelegated."""


@dataclass(slots=True)
class _Authoritative:
    """Follows delegations, then asks all servers of the zone."""

    delegations: Delegations

    def ask(self, question: Question, until: float) -> list[ServerSaid]:
        zone = self.delegations.enclosing(question.name, until)
        for _ in range(_REFERRALS):
            heard = self.delegations.inquiry.ask_all(zone.servers, question, zone.name, until)
            answers = [one for one in heard if one.said.said in ANSWERS]
            if not answers or any(one.said.said is not Said.REFERRAL for one in answers):
                return [one.said for one in heard] + list(zone.missing)
            zone = self.delegations.descend(answers[0], question, zone, until)
        raise Undelegated(Status.SERVFAIL, f"more than {_REFERRALS} delegations in a row")


@dataclass(slots=True)
class _Direct:
    """Sends everything to one server, which may be a resolver: for a lab."""

    server: Server
    inquiry: Inquiry

    def ask(self, question: Question, until: float) -> list[ServerSaid]:
        said = self._once(question, until)
        if said.said not in ANSWERS or said.said is Said.REFERRAL:
            said = self._once(replace(question, recursion=True), until)
        if question.rdtype == RdataType.CAA and said.said is Said.LAME:
            # Climbing leaves the zones this one server knows; above them nothing is set.
            said = replace(said, said=Said.NODATA, detail="the only server asked does not know it")
        return [said]

    def _once(self, question: Question, until: float) -> ServerSaid:
        return self.inquiry.ask_all([self.server], question, dns.name.root, until)[0].said


@dataclass(slots=True)
class Session:
    """One look. Equal questions are asked once. Safe to use from several threads."""

    asker: _Asker
    until: float  # time.monotonic
    _answers: dict[tuple[str, str], Future[Resolution]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, name: str, rdtype: str) -> Resolution:
        """The records of type `rdtype` (TXT, CAA) at `name`; DNS trouble is an answer, too."""
        with self._lock:
            answer = self._answers.get((name, rdtype))
            if first := answer is None:
                answer = self._answers[name, rdtype] = Future()
        if first:
            try:
                answer.set_result(self._resolve(name, rdtype))
            except BaseException as error:
                answer.set_exception(error)
                raise
        return answer.result()

    def _resolve(self, name: str, rdtype: str) -> Resolution:
        until = min(self.until, time.monotonic() + _BUDGET_SECONDS)
        aliases: list[str] = []
        target = name
        for _ in range(_MOST_ALIASES + 1):
            resolution = self._one(target, rdtype, until)
            target = _agreed_alias(resolution)
            if not target:
                found = _nowhere(resolution) if aliases else resolution
                return replace(found, name=name, aliases=tuple(aliases))
            aliases.append(target)
        return Resolution(
            name=name,
            rdtype=rdtype,
            status=Status.SERVFAIL,
            detail=f"more than {_MOST_ALIASES} CNAMEs in a row, the last to {aliases[-1]}",
        )

    def _one(self, name: str, rdtype: str, until: float) -> Resolution:
        """One name without following its CNAME. What is too long for a name does not exist: labels
        were put in front of a long one, and whoever runs a zone decides where its CNAMEs lead.
        """
        try:
            question = Question(_name(name), RdataType.from_text(rdtype))
        except dns.name.NameTooLong:
            detail = "the name would be longer than DNS allows (RFC 1035 2.3.4)"
            return Resolution(name=name, rdtype=rdtype, status=Status.NXDOMAIN, detail=detail)
        except dns.exception.DNSException as flaw:
            return Resolution(
                name=name, rdtype=rdtype, status=Status.SERVFAIL, detail=f"is no name: {flaw}"
            )
        try:
            said = sorted(self.asker.ask(question, until), key=lambda one: one.server)
        except Undelegated as end:
            return Resolution(
                name=name, rdtype=rdtype, status=end.status, said=end.said, detail=end.detail
            )
        return Resolution(name=name, rdtype=rdtype, status=_status(said), said=tuple(said))


class AuthoritativeResolver:
    """Makes sessions. `direct`: ask this server alone and follow no delegation (lab)."""

    def __init__(
        self,
        *,
        roots: Sequence[Server] = ROOTS,
        port: int = DNS_PORT,
        special_addresses: bool = False,
        direct: Server | None = None,
        timings: Timings | None = None,
        ipv6: Callable[[], bool] = ipv6_usable,
    ) -> None:
        self._network = Network(
            roots=tuple(roots), port=port, special_addresses=special_addresses, ipv6=ipv6
        )
        self._direct = direct
        self._timings = timings or Timings()

    def session(self, seconds: float) -> Session:
        """A look that may take `seconds`; later questions of it are answered with OWN_TROUBLE."""
        inquiry = Inquiry(self._timings, any_server=self._direct is not None)
        asker: _Asker
        if self._direct is not None:
            asker = _Direct(self._direct, inquiry)
        else:
            asker = _Authoritative(Delegations(self._network, inquiry))
        return Session(asker, time.monotonic() + seconds)


def _name(text: str) -> dns.name.Name:
    """The name in `text`; the usual kind without the work that escapes and IDNA take."""
    if _PLAIN.fullmatch(text):
        return dns.name.Name((*text.encode("ascii").split(b"."), b""))
    return dns.name.from_text(text)


def _nowhere(resolution: Resolution) -> Resolution:
    """A CNAME's target below a domain that is not registered does not exist (RFC 6604 3)."""
    if resolution.status is Status.NO_DELEGATION:
        return replace(resolution, status=Status.NXDOMAIN)
    return resolution


def _agreed_alias(resolution: Resolution) -> str:
    """The CNAME target all answering servers give, else ""."""
    targets = {one.target for one in resolution.answered}
    return targets.pop() if len(targets) == 1 else ""


def _status(said: Sequence[ServerSaid]) -> Status:
    answered = [one for one in said if one.said in ANSWERS]
    if answered:
        same = len({one.substance for one in answered}) == 1
        return _STATUS.get(answered[0].said, Status.ANSWER) if same else Status.DISAGREEMENT
    kinds = {one.said for one in said}
    if kinds == {Said.OWN_TROUBLE}:
        return Status.OWN_TROUBLE
    if kinds == {Said.TIME_OUT}:
        return Status.TIME_OUT
    return Status.SERVFAIL if Said.SERVFAIL in kinds else Status.LAME
