"""Zones on the way from the root to a name, and how that way may end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import dns.name

from ..domain.dnssec import UNVALIDATED, Verdict
from ..domain.resolution import Said, ServerSaid, Status
from .dns_inquiry import Heard
from .dns_message import Message
from .dns_reading import text_of
from .dns_servers import Server, ipv6_usable
from .dns_wire import Question


class Undelegated(Exception):
    """The way to a zone's servers ends: why, and what was heard last.

    `denied`: the question, and the answer by which the parent denies that the zone is there;
    `verdict`: how that answer stands to DNSSEC.
    """

    def __init__(
        self,
        status: Status,
        detail: str,
        said: tuple[ServerSaid, ...] = (),
        denied: tuple[Question, Heard] | None = None,
        verdict: Verdict = UNVALIDATED,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.said = said
        self.denied = denied
        self.verdict = verdict


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone and all servers its parent names; `missing`: those whose address cannot be asked.

    `referral`: the message in which the parent named them.
    """

    name: dns.name.Name
    servers: tuple[Server, ...]
    missing: tuple[ServerSaid, ...] = ()
    referral: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Where to start and what may be asked."""

    roots: tuple[Server, ...]
    port: int
    special_addresses: bool = False  # only a lab asks loopback
    ipv6: Callable[[], bool] = ipv6_usable


def unanswered(what: str, parent: Zone, said: tuple[ServerSaid, ...]) -> Undelegated:
    """No server of the parent zone could be heard: the network's trouble, or ours."""
    kinds = {one.said for one in said}
    where = text_of(parent.name) or "the root zone"
    detail = f"no server of {where} answered when asked for {what}"
    if not kinds or kinds == {Said.OWN_TROUBLE}:
        return Undelegated(Status.OWN_TROUBLE, said[0].detail if said else detail, said)
    if kinds == {Said.TIME_OUT}:
        return Undelegated(Status.TIME_OUT, detail, said)
    return Undelegated(Status.SERVFAIL, detail, said)
