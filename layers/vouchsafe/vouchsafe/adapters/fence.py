"""Which addresses of a host that outsiders named may be connected to.

They are looked up at the authoritative servers, held against the special-purpose registries, and
then connected to as they are; nothing looks them up a second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ..domain.authorization import Observation
from ..domain.resolution import Resolution, Status
from ..domain.special_addresses import objection_to
from ..domain.web import Ended

LOOKUP_LINES = 2
_ADDRESSES_TRIED = 3
_ALIASES = 8  # in a row, where a name's servers each know a different next one
#: Worth another address of the same name: it never got as far as an answer.
UNHEARD = frozenset({Ended.REFUSED, Ended.TIME_OUT})


class Session(Protocol):
    """The look whose answers are used."""

    def ask(self, name: str, rdtype: str) -> Resolution: ...


@dataclass(frozen=True, slots=True)
class Found:
    """A host's addresses that may be asked, or why there are none."""

    addresses: tuple[str, ...]
    ended: Ended = Ended.ANSWERED
    detail: str = ""
    lookups: tuple[Observation, ...] = ()


def usable_addresses(host: str, session: Session, *, loopback: bool, ipv6: bool) -> Found:
    """At most three addresses of `host`; IPv4 first: not every place has a route to IPv6.

    `loopback` lets a lab's addresses through, and nothing else that is special.
    """
    types = ("A", "AAAA") if ipv6 else ("A",)
    seen = [_resolved(session, host, rdtype) for rdtype in types]
    given = tuple(dict.fromkeys(a for one in seen for a in _of(one)))
    lookups = tuple(line for one in seen for line in one.observations(LOOKUP_LINES))
    if not given:
        return _nothing(host, seen, lookups)
    objections = {each: objection_to(each, loopback=loopback) for each in given}
    usable = tuple(each for each in given if objections[each] is None)
    if usable:
        return Found(usable[:_ADDRESSES_TRIED], lookups=lookups)
    detail = f"{host} has the address {given[0]}, which {objections[given[0]]}"
    return Found((), Ended.SPECIAL_ADDRESS, detail, lookups)


def _resolved(session: Session, host: str, rdtype: str) -> Resolution:
    """The addresses of a host, also where its servers lead to different places (geographic DNS)."""
    found = session.ask(host, rdtype)
    for _ in range(_ALIASES):
        targets = sorted({one.target for one in found.answered if one.target})
        if not targets or _of(found):
            break
        found = session.ask(targets[0], rdtype)
    return found


def _of(found: Resolution) -> tuple[str, ...]:
    """Every address any of the servers gave, in order."""
    return tuple(sorted({record[0] for one in found.answered for record in one.records}))


def _nothing(host: str, seen: list[Resolution], lookups: tuple[Observation, ...]) -> Found:
    """Why a host has no address: it has none, or its servers do not say."""
    failed = next((one for one in seen if not one.looked_up), None)
    if failed is None:
        absent = all(one.status is Status.NXDOMAIN for one in seen)
        how = "does not exist (NXDOMAIN)" if absent else "has no address"
        return Found((), Ended.NO_ADDRESS, f"{host} {how}", lookups)
    if failed.status is Status.OWN_TROUBLE:
        return Found((), Ended.OWN_TROUBLE, failed.detail or "the look's time is up", lookups)
    said = "; ".join(f"{one.server}: {one.text}" for one in failed.said[:LOOKUP_LINES])
    detail = f"the address of {host} cannot be looked up: {failed.detail or said}"
    return Found((), Ended.DNS_BOGUS if failed.flaw else Ended.DNS_FAILED, detail, lookups)
