"""Resolutions as a resolver would make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.builders import TOKEN
from vouchsafe.domain.resolution import Rdata, Resolution, Said, ServerSaid, Status

__all__ = ["TOKEN", "agreed", "alias_of", "caa", "failed", "mixed", "nothing"]

SERVERS = ("ns1 (192.0.2.1)", "ns2 (192.0.2.2)")
_NOTHING = {Status.NODATA: Said.NODATA, Status.NXDOMAIN: Said.NXDOMAIN}


def agreed(name: str, *records: Rdata, rdtype: str = "TXT", ttl: int = 300) -> Resolution:
    """Both servers show these records."""
    said = [
        ServerSaid(server=server, said=Said.ANSWER, records=records, ttl=ttl) for server in SERVERS
    ]
    return Resolution(name=name, rdtype=rdtype, status=Status.ANSWER, said=tuple(said))


def nothing(name: str, status: Status = Status.NODATA, rdtype: str = "TXT") -> Resolution:
    """Both servers have no such record, or no such name."""
    said = tuple(ServerSaid(server=server, said=_NOTHING[status]) for server in SERVERS)
    return Resolution(name=name, rdtype=rdtype, status=status, said=said)


def mixed(name: str, *sets: Sequence[Rdata], rdtype: str = "TXT") -> Resolution:
    """Each server shows a set of its own; an empty one is no data."""
    said = tuple(
        ServerSaid(
            server=server, said=Said.ANSWER if records else Said.NODATA, records=tuple(records)
        )
        for server, records in zip(SERVERS, sets, strict=True)
    )
    return Resolution(name=name, rdtype=rdtype, status=Status.DISAGREEMENT, said=said)


def failed(
    name: str, status: Status, said: Said | None = None, rdtype: str = "TXT", detail: str = ""
) -> Resolution:
    """No server gave an answer."""
    each = (
        tuple(ServerSaid(server=server, said=said, detail="x") for server in SERVERS)
        if said
        else ()
    )
    return Resolution(name=name, rdtype=rdtype, status=status, said=each, detail=detail)


def alias_of(resolution: Resolution, *targets: str) -> Resolution:
    """The same, reached by CNAMEs."""
    return replace(resolution, aliases=targets)


def caa(name: str, *records: tuple[int, str, str]) -> Resolution:
    """A CAA set both servers show; none for no records."""
    if not records:
        return nothing(name, rdtype="CAA")
    return agreed(name, *((str(flags), tag, value) for flags, tag, value in records), rdtype="CAA")
