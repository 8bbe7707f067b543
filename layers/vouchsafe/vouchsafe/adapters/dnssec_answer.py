"""One message held against the keys of the zone that signed it (RFC 4035 5)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import dns.name
import dns.rcode
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DS import DS
from dns.rdtypes.ANY.NSEC import NSEC
from dns.rdtypes.ANY.NSEC3 import NSEC3

from ..domain.authorization import DnssecStatus
from ..domain.dnssec import Flaw
from .dns_message import Labels, Message, Record
from .dns_reading import folded
from .dns_wire import Question
from .dnssec_denial import Cut, Denial, NsecDenial, Proof
from .dnssec_nsec3 import Nsec3Denial
from .dnssec_records import Bogus, SignedSet, signatures, signed_set
from .dnssec_signatures import Keys, Work, understood, verify

_DENIALS = (RdataType.NSEC, RdataType.NSEC3)
_MOST_DENIALS = 8  # records looked at in one message; proofs take three

_STATUS = {Proof.PROVEN: DnssecStatus.SECURE, Proof.INSECURE: DnssecStatus.INSECURE}


class Delegated(StrEnum):
    """How a name stands to its parent's zone."""

    SIGNED = "signed"
    UNSIGNED = "unsigned"
    NOT = "not"  # no zone begins there


def signer_in(message: Message, question: Question) -> dns.name.Name | None:
    """The zone that claims to have signed what answers the question; None for no signature.

    Nothing is checked here: it only says whose keys to look for. Raises ValueError.
    """
    decisive = _decisive(message, question)
    if decisive is not None:
        claimed = signatures(message, message.answer, decisive[0], (decisive[1],))
    else:
        claimed = signatures(message, message.authority, None, (*_DENIALS, RdataType.SOA))
    above = [one.signer for one in claimed if question.name.is_subdomain(one.signer)]
    return max(above, key=lambda name: len(name.labels), default=None)


def judge_message(message: Message, question: Question, keys: Keys, now: float) -> DnssecStatus:
    """SECURE, or INSECURE where the zone itself leaves it open. Raises Bogus, ValueError.

    `keys`: those of the zone in charge of the name, or of the zone that signed the answer.
    """
    work = Work()
    decisive = _decisive(message, question)
    if decisive is None:
        denial = _denial(message, keys, now, work)
        if message.rcode == dns.rcode.NXDOMAIN:
            return _proven(denial.no_name(question.name), f"{_text(question.name)} does not exist")
        what = f"{_text(question.name)} has no {question.rdtype.name}"
        return _proven(denial.no_data(question.name, question.rdtype), what)
    signed = signed_set(message, message.answer, *decisive)
    assert signed is not None
    encloser = verify(signed, keys, now, work)
    if encloser is None:
        return DnssecStatus.SECURE
    proof = _denial(message, keys, now, work).no_closer(signed.rrset.name, encloser)
    return _proven(proof, f"{_text(signed.rrset.name)} is made from a wildcard")


def delegation_in(
    message: Message, child: dns.name.Name, keys: Keys, now: float
) -> tuple[Delegated, tuple[DS, ...]]:
    """What the parent's message, a referral or an answer to the question for DS, says of `child`.

    The DS are those we understand: a zone with none of them counts as unsigned (RFC 4035 5.2).
    Raises Bogus, ValueError.
    """
    work = Work()
    owner = folded(child)
    for section in (message.answer, message.authority):
        signed = signed_set(message, section, owner, RdataType.DS)
        if signed is not None:
            if verify(signed, keys, now, work) is not None:
                raise Bogus(Flaw.INVALID, f"the DS of {_text(child)} is made from a wildcard")
            known = understood(one for one in signed.rrset if isinstance(one, DS))
            return (Delegated.SIGNED if known else Delegated.UNSIGNED), known
    alias = signed_set(message, message.answer, owner, RdataType.CNAME)
    if alias is not None:
        verify(alias, keys, now, work)
        return Delegated.NOT, ()
    cut = _denial(message, keys, now, work).cut(child)
    if cut is None:
        raise Bogus(Flaw.UNPROVEN, f"it is not proven that {_text(child)} has no DS")
    return (Delegated.UNSIGNED if cut is Cut.UNSIGNED else Delegated.NOT), ()


def _decisive(message: Message, question: Question) -> tuple[Labels, int] | None:
    """Owner and type of the set that is read as the answer; see `dns_reading`.

    A CNAME that a DNAME made is not signed (RFC 6672 5.3.1): then the DNAME is what counts.
    """
    answer, labels = message.answer, question.labels
    if _has(answer, labels, question.rdtype):
        return labels, question.rdtype
    moved = next(
        (
            one.owner
            for one in answer
            if one.holds(RdataType.DNAME)
            and len(labels) > len(one.owner)
            and labels[-len(one.owner) :] == one.owner
        ),
        None,
    )
    if not _has(answer, labels, RdataType.CNAME):
        return None if moved is None else (moved, RdataType.DNAME)
    if moved is not None and _made_by(message, labels, moved):
        return moved, RdataType.DNAME
    return labels, RdataType.CNAME


def _has(records: Sequence[Record], owner: Labels, rdtype: int) -> bool:
    return any(one.owner == owner and one.holds(rdtype) for one in records)


def _made_by(message: Message, labels: Labels, moved: Labels) -> bool:
    """Whether all CNAMEs at the name are what the DNAME above makes of it (RFC 6672 2.2)."""
    kept = dns.name.Name(labels[: -len(moved)])
    targets = {
        kind: {
            message.target(one) for one in message.answer if one.owner == owner and one.holds(kind)
        }
        for kind, owner in ((RdataType.CNAME, labels), (RdataType.DNAME, moved))
    }
    return targets[RdataType.CNAME] == {kept.concatenate(to) for to in targets[RdataType.DNAME]}


def _denial(message: Message, keys: Keys, now: float, work: Work) -> Denial:
    """The verified NSEC or NSEC3 records of a message. Raises Bogus when there are none."""
    flaw: Bogus | None = None
    verified: list[SignedSet] = []
    for owner, rdtype in _denials_listed(message):
        signed = signed_set(message, message.authority, owner, rdtype)
        assert signed is not None
        try:
            if verify(signed, keys, now, work) is None:
                verified.append(signed)
        except Bogus as found:
            if found.flaw is Flaw.TOO_MUCH_WORK:
                raise
            flaw = flaw or found
    hashed = [(s.rrset.name, r) for s in verified for r in s.rrset if isinstance(r, NSEC3)]
    plain = [(s.rrset.name, r) for s in verified for r in s.rrset if isinstance(r, NSEC)]
    if flaw is not None and not verified:
        raise flaw
    if not verified:
        _signed_soa(message, keys, now, work)
        detail = f"a server of {_text(keys.zone)} sends no proof (NSEC, NSEC3) of what is not there"
        raise Bogus(Flaw.UNPROVEN, detail)
    return Nsec3Denial(keys.zone, hashed) if hashed else NsecDenial(keys.zone, plain)


def _signed_soa(message: Message, keys: Keys, now: float, work: Work) -> None:
    """Tell an answer without any signature from one whose proof alone is missing."""
    if not any(one.holds(RdataType.RRSIG) for one in (*message.answer, *message.authority)):
        detail = f"a server of {_text(keys.zone)} sends no signatures (RRSIG), but it is signed"
        raise Bogus(Flaw.UNSIGNED, detail)
    signed = signed_set(message, message.authority, folded(keys.zone), RdataType.SOA)
    if signed is not None:
        verify(signed, keys, now, work)


def _denials_listed(message: Message) -> list[tuple[Labels, int]]:
    listed: list[tuple[Labels, int]] = [
        (one.owner, kind) for one in message.authority for kind in _DENIALS if one.holds(kind)
    ]
    return list(dict.fromkeys(listed))[:_MOST_DENIALS]


def _proven(proof: Proof | None, what: str) -> DnssecStatus:
    if proof is None:
        raise Bogus(Flaw.UNPROVEN, f"the records sent along do not prove that {what}")
    return _STATUS[proof]


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True) if len(name.labels) > 1 else "the root zone"
