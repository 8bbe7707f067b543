"""What a fetch of a file showed, hop by hop: plain data, judged elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from .authorization import Observation

_SHOWN = 120  # characters of a body kept as evidence


class Ended(StrEnum):
    """How a fetch ended."""

    ANSWERED = "answered"  # with a status that is no redirect
    NO_ADDRESS = "no_address"
    SPECIAL_ADDRESS = "special_address"
    BAD_REDIRECT = "bad_redirect"
    REFUSED = "refused"  # the connection was refused or broken off
    TLS_FAILED = "tls_failed"
    TIME_OUT = "time_out"
    MALFORMED = "malformed"  # no HTTP, or too much of it
    DNS_FAILED = "dns_failed"
    DNS_BOGUS = "dns_bogus"  # signatures of the host's zone do not hold
    OWN_TROUBLE = "own_trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request: where to, and what came of it in a few words."""

    url: str
    address: str = ""
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One fetch with all its hops; `detail` says why it ended as it did.

    `body` are the first bytes of an answer, `whole` whether that is all of it.
    """

    url: str
    ended: Ended
    hops: tuple[Hop, ...] = ()
    status: int = 0
    body: bytes = b""
    whole: bool = True
    media_type: str = ""
    detail: str = ""
    lookups: tuple[Observation, ...] = field(default=())

    @property
    def succeeded(self) -> bool:
        """Whether it ended with a 2xx status (BR 3.2.2.4.18)."""
        return self.ended is Ended.ANSWERED and 200 <= self.status <= 299  # noqa: PLR2004

    @property
    def last(self) -> str:
        """The URL at which it ended."""
        return self.hops[-1].url if self.hops else self.url

    @property
    def shown(self) -> str:
        """The beginning of the body, as a person may see it: no control characters."""
        text = self.body[:_SHOWN].decode("utf-8", "replace")
        return "".join(one if one.isprintable() else " " for one in text).strip()

    def observations(self, limit: int) -> tuple[Observation, ...]:
        """What happened as evidence, at most `limit` lines: newest hops, then their look-ups."""
        lines = [
            Observation(question=f"GET {hop.url}"[:300], server=hop.address or "-", answer=hop.told)
            for hop in self.hops
        ]
        return (*lines[-limit:], *self.lookups)[:limit]
