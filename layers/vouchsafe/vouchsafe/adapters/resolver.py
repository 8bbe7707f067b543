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

import dns.exception
import dns.name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DS import DS

from ..domain.authorization import DnssecStatus
from ..domain.resolution import ANSWERS, Resolution, Said, ServerSaid, Status, weakest
from .clock import SystemClock
from .delegation import Delegations
from .dns_askers import Answered, Asker, Authoritative, Direct
from .dns_exchange import Timings
from .dns_inquiry import Inquiry
from .dns_servers import DNS_PORT, ROOTS, Server, ipv6_usable
from .dns_wire import Question
from .dns_zones import Network, Undelegated
from .dnssec_chain import Chain, Clock, Trust

_PLAIN = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_MOST_ALIASES = 8  # CNAMEs in a row
_BUDGET_SECONDS = 12.0  # for one question with all its referrals and aliases

_STATUS: dict[Said, Status] = {
    Said.ANSWER: Status.ANSWER,
    Said.NODATA: Status.NODATA,
    Said.NXDOMAIN: Status.NXDOMAIN,
}


@dataclass(slots=True)
class Session:
    """One look. Equal questions are asked once. Safe to use from several threads."""

    asker: Asker
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
        statuses: list[DnssecStatus] = []
        target = name
        for _ in range(_MOST_ALIASES + 1):
            resolution = self._one(target, rdtype, until)
            statuses.append(resolution.dnssec)
            target = _agreed_alias(resolution)
            if not target:
                found = _nowhere(resolution) if aliases else resolution
                weakened = weakest(statuses)
                return replace(found, name=name, aliases=tuple(aliases), dnssec=weakened)
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
            answered = self.asker.ask(question, until)
            status = _status(answered.said)
            detail = ""
        except Undelegated as end:
            answered = Answered(list(end.said), end.verdict)
            status, detail = end.status, end.detail
        return Resolution(
            name=name,
            rdtype=rdtype,
            status=status,
            said=tuple(sorted(answered.said, key=lambda one: one.server)),
            detail=answered.verdict.detail or detail,
            dnssec=answered.verdict.status,
            flaw=answered.verdict.flaw,
        )


class AuthoritativeResolver:
    """Makes sessions. `direct`: ask this server alone and follow no delegation (lab).

    `anchors`: the DS records of the root zone's keys, from which answers are validated; without
    any, and in direct mode, nobody validates.
    """

    def __init__(
        self,
        *,
        roots: Sequence[Server] = ROOTS,
        port: int = DNS_PORT,
        special_addresses: bool = False,
        direct: Server | None = None,
        timings: Timings | None = None,
        ipv6: Callable[[], bool] = ipv6_usable,
        anchors: Sequence[DS] = (),
        clock: Clock | None = None,
    ) -> None:
        self._network = Network(
            roots=tuple(roots), port=port, special_addresses=special_addresses, ipv6=ipv6
        )
        self._direct = direct
        self._timings = timings or Timings()
        self._trust = Trust(tuple(anchors), clock or SystemClock()) if anchors else None

    def session(self, seconds: float) -> Session:
        """A look that may take `seconds`; later questions of it are answered with OWN_TROUBLE."""
        until = time.monotonic() + seconds
        if self._direct is not None:
            inquiry = Inquiry(self._timings, any_server=True)
            return Session(Direct(self._direct, inquiry), until)
        inquiry = Inquiry(self._timings, dnssec=self._trust is not None)
        delegations = Delegations(self._network, inquiry)
        chain = Chain(delegations, self._trust) if self._trust is not None else None
        return Session(Authoritative(delegations, chain), until)


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
