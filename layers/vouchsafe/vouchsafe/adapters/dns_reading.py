"""What a name server's message says about the question, in our own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.rcode
from dns.rdatatype import RdataType

from ..domain.resolution import Rdata, Said, ServerSaid
from .dns_exchange import Reply
from .dns_message import AA, Labels, Message, Record, ttl_of
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
    if message.rcode not in _PLAIN:
        said = Said.LAME if message.rcode in _REFUSALS else Said.SERVFAIL
        return _said(reply, said, detail=f"answers {dns.rcode.Rcode.to_text(message.rcode)}")
    try:
        found = _content(reply, message, question)
    except (ValueError, dns.exception.DNSException):
        return _said(reply, Said.MALFORMED, detail="a record in the reply cannot be read")
    if found is None and referral_in(message, question, zone) is not None:
        return _said(reply, Said.REFERRAL)
    if not any_server and not message.flags & AA:
        return _said(reply, Said.LAME, detail="not authoritative for the zone")
    return found or _said(
        reply, Said.NXDOMAIN if message.rcode == dns.rcode.NXDOMAIN else Said.NODATA
    )


def _content(reply: Reply, message: Message, question: Question) -> ServerSaid | None:
    """The records asked for, or the CNAME that stands in their place. Raises ValueError."""
    rrset = _find(message.answer, question.labels, question.rdtype)
    if rrset:
        records = tuple(sorted({message.data(record) for record in rrset}))
        return _said(reply, Said.ANSWER, records=records, ttl=ttl_of(rrset))
    alias = _find(message.answer, question.labels, RdataType.CNAME)
    if alias:
        target = text_of(message.target(alias[0]))
        return _said(reply, Said.ALIAS, target=target, ttl=ttl_of(alias))
    return _below_dname(reply, message, question)


def _below_dname(reply: Reply, message: Message, question: Question) -> ServerSaid | None:
    """The CNAME that follows from a DNAME above the name (RFC 6672 2.2), not sent along with it."""
    for record in message.answer:
        above = record.owner
        if record.holds(RdataType.DNAME) and _below(question.labels, above):
            kept = dns.name.Name(question.labels[: -len(above)])
            target = text_of(kept.concatenate(message.target(record)))
            return _said(reply, Said.ALIAS, target=target, ttl=ttl_of([record]))
    return None


def referral_in(message: Message, question: Question, zone: dns.name.Name) -> Referral | None:
    """The delegation by which `zone`'s server sends us to a child zone on the way to the name.

    Glue counts only for servers whose names lie within `zone` itself (bailiwick, RFC 2181 5.4.1).
    """
    if message.rcode != dns.rcode.NOERROR:
        return None
    parent = folded(zone)
    for record in message.authority:
        if record.holds(RdataType.NS) and _below(record.owner, parent):
            child = record.owner
            if question.labels == child or _below(question.labels, child):
                listed = _find(message.authority, child, RdataType.NS)
                return _referral(message, child, listed, parent)
    return None


def name_servers_in(message: Message, question: Question, zone: dns.name.Name) -> Referral | None:
    """The NS set of the name asked about, from a server that serves parent and child."""
    listed = _find(message.answer, question.labels, RdataType.NS)
    if not listed or not message.flags & AA:
        return None
    return _referral(message, question.labels, listed, folded(zone))


def text_of(name: dns.name.Name) -> str:
    """The name in lower case without the final dot."""
    return name.to_text(omit_final_dot=True).lower()


def folded(name: dns.name.Name) -> Labels:
    """A name as records' owners are compared with it."""
    return tuple(label.lower() for label in name.labels)


def _below(name: Labels, above: Labels) -> bool:
    """Whether `name` lies below `above`, and is not that name itself."""
    return len(name) > len(above) and name[-len(above) :] == above


def _referral(
    message: Message, zone: Labels, listed: Sequence[Record], parent: Labels
) -> Referral | None:
    """The delegation that these NS records make; None when they cannot be read."""
    try:
        return _read_referral(message, zone, listed, parent)
    except (ValueError, dns.exception.DNSException):
        return None


def _read_referral(
    message: Message, zone: Labels, listed: Sequence[Record], parent: Labels
) -> Referral:
    names = tuple(sorted({message.target(record) for record in listed}))
    wanted = {folded(name): name for name in names}
    glue: dict[dns.name.Name, tuple[str, ...]] = {}
    for extra in message.additional:
        address = extra.holds(RdataType.A) or extra.holds(RdataType.AAAA)
        name = wanted.get(extra.owner) if address else None
        if name is not None and (extra.owner == parent or _below(extra.owner, parent)):
            glue[name] = glue.get(name, ()) + message.data(extra)
    return Referral(dns.name.Name(zone), names, glue)


def _find(records: Sequence[Record], owner: Labels, rdtype: int) -> list[Record]:
    return [one for one in records if one.owner == owner and one.holds(rdtype)]


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
