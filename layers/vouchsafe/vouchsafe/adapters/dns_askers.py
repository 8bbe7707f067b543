"""Who is asked: the servers of the zone in charge, or in a lab one server about everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import dns.name
from dns.rdatatype import RdataType

from ..domain.dnssec import UNVALIDATED, Verdict
from ..domain.resolution import ANSWERS, Said, ServerSaid, Status
from .delegation import Delegations
from .dns_inquiry import Heard, Inquiry
from .dns_servers import Server
from .dns_wire import Question
from .dns_zones import Undelegated
from .dnssec_chain import Chain

_REFERRALS = 8


@dataclass(frozen=True, slots=True)
class Answered:
    """What each server said, and how it stands to DNSSEC."""

    said: list[ServerSaid]
    verdict: Verdict = UNVALIDATED


class Asker(Protocol):
    """Puts a question to whoever is in charge."""

    def ask(self, question: Question, until: float) -> Answered:
        """What every server in charge says. Raises Undelegated."""


@dataclass(slots=True)
class Authoritative:
    """Follows delegations, then asks all servers of the zone. `chain`: validates, if given."""

    delegations: Delegations
    chain: Chain | None = None

    def ask(self, question: Question, until: float) -> Answered:
        """Raises Undelegated, also when no place in the chain of trust could be found."""
        try:
            return self._ask(question, until)
        except Undelegated as end:
            if end.denied is None:
                raise
            asked, heard = end.denied
            verdict = self._verdict(asked, [heard], until)
            raise Undelegated(end.status, end.detail, end.said, verdict=verdict) from end

    def _ask(self, question: Question, until: float) -> Answered:
        zone = self.delegations.enclosing(question.name, until)
        for _ in range(_REFERRALS):
            heard = self.delegations.inquiry.ask_all(zone.servers, question, zone.name, until)
            answers = [one for one in heard if one.said.said in ANSWERS]
            if not answers or any(one.said.said is not Said.REFERRAL for one in answers):
                said = [one.said for one in heard] + list(zone.missing)
                return Answered(said, self._verdict(question, heard, until))
            zone = self.delegations.descend(answers[0], question, zone, until)
        raise Undelegated(Status.SERVFAIL, f"more than {_REFERRALS} delegations in a row")

    def _verdict(self, question: Question, heard: Sequence[Heard], until: float) -> Verdict:
        return self.chain.judge(question, heard, until) if self.chain else UNVALIDATED


@dataclass(slots=True)
class Direct:
    """Sends everything to one server, which may be a resolver: for a lab."""

    server: Server
    inquiry: Inquiry

    def ask(self, question: Question, until: float) -> Answered:
        """One answer; nobody validates it."""
        said = self._once(question, until)
        if said.said not in ANSWERS or said.said is Said.REFERRAL:
            said = self._once(replace(question, recursion=True), until)
        if question.rdtype == RdataType.CAA and said.said is Said.LAME:
            # Climbing leaves the zones this one server knows; above them nothing is set.
            said = replace(said, said=Said.NODATA, detail="the only server asked does not know it")
        return Answered([said])

    def _once(self, question: Question, until: float) -> ServerSaid:
        return self.inquiry.ask_all([self.server], question, dns.name.root, until)[0].said
