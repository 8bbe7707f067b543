"""What a name server's message says about the question, in our own words."""

from __future__ import annotations

from dataclasses import dataclass

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rrset
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from ..domain.resolution import Rdata, Said, ServerSaid
from .dns_exchange import Reply
from .dns_wire import Question

_PLAIN = frozenset({dns.rcode.NOERROR, dns.rcode.NXDOMAIN})
_REFUSALS = frozenset({dns.rcode.REFUSED, dns.rcode.NOTAUTH})


@dataclass(frozen=True, slots=True)
class Referral:
    """A delegation: the zone's name, its servers' names, and the addresses given along (glue)."""

    zone: dns.name.Name
    servers: tuple[dns.name.Name, ...]
    glue: dict[dns.name.Name, tuple[str, ...]]


def read_reply(
    reply: Reply, question: Question, zone: dns.name.Name, *, any_server: bool = False
) -> ServerSaid:
    """What `reply` says to `question`, asked as the zone `zone`'s server.

    Without the AA bit it is no answer of an authoritative server, unless `any_server`.
    """
    message = reply.message
    if message is None:
        return _said(reply, reply.failure or Said.MALFORMED, detail=reply.detail)
    rcode = message.rcode()
    if rcode not in _PLAIN:
        said = Said.LAME if rcode in _REFUSALS else Said.SERVFAIL
        return _said(reply, said, detail=f"answers {dns.rcode.to_text(rcode)}")
    found = _content(reply, message, question)
    if found is None and referral_in(message, question, zone) is not None:
        return _said(reply, Said.REFERRAL)
    if not any_server and not message.flags & dns.flags.AA:
        return _said(reply, Said.LAME, detail="not authoritative for the zone")
    return found or _said(reply, Said.NXDOMAIN if rcode == dns.rcode.NXDOMAIN else Said.NODATA)


def _content(reply: Reply, message: dns.message.Message, question: Question) -> ServerSaid | None:
    """The records asked for, or the CNAME that stands in their place."""
    rrset = _find(message, question.name, question.rdtype)
    if rrset is not None:
        records = tuple(sorted(_data(rdata) for rdata in rrset))
        return _said(reply, Said.ANSWER, records=records, ttl=rrset.ttl)
    alias = _find(message, question.name, RdataType.CNAME)
    if alias is not None:
        return _said(reply, Said.ALIAS, target=text_of(alias[0].target), ttl=alias.ttl)
    return None


def referral_in(
    message: dns.message.Message, question: Question, zone: dns.name.Name
) -> Referral | None:
    """The delegation by which `zone`'s server sends us to a child zone on the way to the name.

    Glue counts only for servers whose names lie within `zone` itself (bailiwick, RFC 2181 5.4.1).
    """
    if message.rcode() != dns.rcode.NOERROR:
        return None
    for rrset in message.authority:
        below = rrset.name.is_subdomain(zone) and rrset.name != zone
        if _is(rrset, RdataType.NS) and below and question.name.is_subdomain(rrset.name):
            return Referral(rrset.name, *_servers(message, rrset, zone))
    return None


def name_servers_in(
    message: dns.message.Message, question: Question, zone: dns.name.Name
) -> Referral | None:
    """The NS set of the name asked about, from a server that serves parent and child."""
    rrset = _find(message, question.name, RdataType.NS)
    if rrset is None or not message.flags & dns.flags.AA:
        return None
    return Referral(rrset.name, *_servers(message, rrset, zone))


def text_of(name: dns.name.Name) -> str:
    """The name in lower case without the final dot."""
    return name.to_text(omit_final_dot=True).lower()


def _servers(
    message: dns.message.Message, rrset: dns.rrset.RRset, zone: dns.name.Name
) -> tuple[tuple[dns.name.Name, ...], dict[dns.name.Name, tuple[str, ...]]]:
    names = tuple(sorted(rdata.target for rdata in rrset))
    glue: dict[dns.name.Name, tuple[str, ...]] = {}
    for extra in message.additional:
        address = _is(extra, RdataType.A) or _is(extra, RdataType.AAAA)
        if address and extra.name in names and extra.name.is_subdomain(zone):
            glue[extra.name] = glue.get(extra.name, ()) + tuple(r.address for r in extra)
    return names, glue


def _find(
    message: dns.message.Message, name: dns.name.Name, rdtype: RdataType
) -> dns.rrset.RRset | None:
    for rrset in message.answer:
        if _is(rrset, rdtype) and rrset.name == name and len(rrset) > 0:
            return rrset
    return None


def _is(rrset: dns.rrset.RRset, rdtype: RdataType) -> bool:
    return rrset.rdtype == rdtype and rrset.rdclass == RdataClass.IN


def _data(rdata: dns.rdata.Rdata) -> Rdata:
    """A record's data as text; bytes outside ASCII come as escapes."""
    match rdata.rdtype:
        case RdataType.TXT:
            return tuple(_text(part) for part in rdata.strings)  # type: ignore[attr-defined]
        case RdataType.CAA:
            tag, value = _text(rdata.tag), _text(rdata.value)  # type: ignore[attr-defined]
            return str(rdata.flags), tag, value  # type: ignore[attr-defined]
    return (rdata.to_text(),)


def _text(data: bytes) -> str:
    return data.decode("ascii", "backslashreplace")


def _said(
    reply: Reply,
    said: Said,
    *,
    records: tuple[Rdata, ...] = (),
    target: str = "",
    ttl: int = 0,
    detail: str = "",
) -> ServerSaid:
    return ServerSaid(
        server=str(reply.server), said=said, records=records, target=target, ttl=ttl, detail=detail
    )
