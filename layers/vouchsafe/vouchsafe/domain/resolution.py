"""What the authoritative servers said to one question: plain data, judged elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .authorization import DnssecStatus, Observation
from .dnssec import Flaw

#: One record's data as text: the strings of a TXT record, (flags, tag, value) of a CAA record.
type Rdata = tuple[str, ...]

_LONGEST_ANSWER = 200  # characters kept as evidence


class Said(StrEnum):
    """What one server answered."""

    ANSWER = "answer"
    NODATA = "nodata"  # the name exists, without such a record
    NXDOMAIN = "nxdomain"  # the name does not exist
    ALIAS = "alias"  # a CNAME
    REFERRAL = "referral"  # "ask the servers of that zone"
    SERVFAIL = "servfail"
    LAME = "lame"  # listed for the zone, but does not serve it
    TIME_OUT = "time_out"
    UNREACHABLE = "unreachable"  # the network refused, or the address may not be asked
    MALFORMED = "malformed"
    OWN_TROUBLE = "own_trouble"  # we could not even send


#: What counts as an answer about the name, rather than a failure to give one.
ANSWERS = frozenset({Said.ANSWER, Said.NODATA, Said.NXDOMAIN, Said.ALIAS, Said.REFERRAL})


class Status(StrEnum):
    """What all servers together answered."""

    ANSWER = "answer"
    NODATA = "nodata"
    NXDOMAIN = "nxdomain"
    DISAGREEMENT = "disagreement"
    SERVFAIL = "servfail"
    LAME = "lame"
    TIME_OUT = "time_out"
    NO_DELEGATION = "no_delegation"  # the parent zone knows no name servers for the domain
    OWN_TROUBLE = "own_trouble"


_LOOKED_UP = frozenset({Status.ANSWER, Status.NODATA, Status.NXDOMAIN, Status.DISAGREEMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSaid:
    """One server's answer. `records` is sorted; `target` is a CNAME's; `ttl` in seconds."""

    server: str  # "ns1.example.com (192.0.2.1)"
    said: Said
    records: tuple[Rdata, ...] = ()
    target: str = ""
    ttl: int = 0
    detail: str = ""

    @property
    def substance(self) -> tuple[Said, tuple[Rdata, ...], str]:
        """What must be equal for two servers to agree."""
        return self.said, self.records, self.target

    @property
    def text(self) -> str:
        """The answer in words."""
        match self.said:
            case Said.ANSWER:
                return "; ".join(quoted(record) for record in self.records)
            case Said.NODATA:
                return "nothing: the name has no such record"
            case Said.NXDOMAIN:
                return "nothing: the name does not exist (NXDOMAIN)"
            case Said.ALIAS:
                return f"CNAME {self.target}"
        return f"{self.said.replace('_', ' ')}: {self.detail}" if self.detail else str(self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The answer to one question, and who said what on the way.

    `aliases` are the names a CNAME led to, in order; `said` holds the servers of the last of them.
    `dnssec` is UNKNOWN where nobody validated; what is BOGUS is no answer, whatever was said.
    """

    name: str
    rdtype: str
    status: Status
    said: tuple[ServerSaid, ...] = ()
    aliases: tuple[str, ...] = ()
    detail: str = ""
    dnssec: DnssecStatus = DnssecStatus.UNKNOWN
    flaw: Flaw | None = None  # why it is bogus

    @property
    def looked_up(self) -> bool:
        """Whether the question was answered at all; a failure is not an empty answer."""
        return self.status in _LOOKED_UP and self.dnssec is not DnssecStatus.BOGUS

    @property
    def answered(self) -> tuple[ServerSaid, ...]:
        """The servers that gave an answer about the name; none when what they say is bogus."""
        if self.dnssec is DnssecStatus.BOGUS:
            return ()
        return tuple(one for one in self.said if one.said in ANSWERS)

    @property
    def variants(self) -> tuple[tuple[Rdata, ...], ...]:
        """The different record sets the servers gave, one when they agree."""
        return tuple(dict.fromkeys(one.records for one in self.answered))

    @property
    def ttl(self) -> int:
        """The smallest TTL among the records seen, 0 for none (seconds)."""
        return min((one.ttl for one in self.answered if one.records), default=0)

    def observations(self, limit: int) -> tuple[Observation, ...]:
        """What each server said as evidence, at most `limit` lines."""
        question = f"{self.rdtype} {self.name}"
        if self.aliases:
            question += f" (by CNAME to {self.aliases[-1]})"
        if not self.said:
            detail = self.detail[:_LONGEST_ANSWER]
            line = Observation(question=question, server="-", answer=detail, dnssec=self.dnssec)
            return (line,)
        return tuple(
            Observation(
                question=question,
                server=one.server,
                answer=one.text[:_LONGEST_ANSWER],
                dnssec=self.dnssec,
            )
            for one in self.said[:limit]
        )


_STRENGTH = (
    DnssecStatus.BOGUS,
    DnssecStatus.UNKNOWN,
    DnssecStatus.INSECURE,
    DnssecStatus.SECURE,
)


def weakest(statuses: Iterable[DnssecStatus]) -> DnssecStatus:
    """What holds of a conclusion from answers of these statuses; UNKNOWN for none."""
    return min(statuses, key=_STRENGTH.index, default=DnssecStatus.UNKNOWN)


def quoted(record: Rdata) -> str:
    """A record's strings as a zone file shows them."""
    return " ".join(f'"{part}"' for part in record)
