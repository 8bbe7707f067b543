"""What CAA records, as looked up, say about issuing (RFC 8659, RFC 8657; BR 4.2.2.1).

RFC 8657's parameters are honoured at any date, though BR 4.2.2.1 makes them a MUST only from
2027-03-15. A failed look-up never is a permission, though BR 4.2.2.1 would allow it to be one where
the zone is proven to be unsigned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from .authorization import CaaFinding
from .looking import CaaQuestion
from .resolution import Rdata, Resolution, Said, weakest

#: How long a check is used: BR 4.2.2.1 allows max(TTL, 8 hours); we take the 8 hours always.
CAA_LIFE = timedelta(hours=8)

_CRITICAL = 128  # RFC 8659 4.1: bit 0 of the flags, the most significant one
#: Tags we understand, so that their being critical is no reason to refuse (RFC 8659 4.1;
#: issuemail RFC 9495; contactemail, contactphone BR App. A; issuevmc of the BIMI group).
_KNOWN_TAGS = frozenset(
    {"issue", "issuewild", "iodef", "contactemail", "contactphone", "issuemail", "issuevmc"}
)

_LABEL = r"[A-Za-z0-9](?:-*[A-Za-z0-9])*"
#: RFC 8659 4.2, issue-value: an issuer domain name, or none, then parameters.
_ISSUE_VALUE = re.compile(
    rf"[ \t]*(?P<issuer>{_LABEL}(?:\.{_LABEL})*)?[ \t]*(?:;[ \t]*(?P<parameters>.*?)[ \t]*)?"
)
_PARAMETER = re.compile(rf"(?P<tag>{_LABEL})[ \t]*=[ \t]*(?P<value>[\x21-\x3a\x3c-\x7e]*)")
_METHOD = re.compile(r"[A-Za-z0-9-]+")  # RFC 8657 4
_SHOWN_RECORDS = 3
IODEF_CHARACTERS = 200  # kept of each that a set wants to be told; longer ones are cut there
_IODEF_VALUES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ruling:
    permitted: bool
    record: str
    detail: str


def climb(name: str) -> tuple[str, ...]:
    """The names whose CAA set may decide, nearest first: the name, then its parents, TLD last.

    Never the parents of a CNAME's target (RFC 8659 3).
    """
    labels = name.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels)))


def ends_climb(at: Resolution) -> bool:
    """Whether no parent needs to be asked: every server shows records, or the look-up failed."""
    return not at.looked_up or _unclear(at) or all(at.variants)


def judge_caa(question: CaaQuestion, sets: Sequence[Resolution]) -> CaaFinding:
    """What the CAA look-ups of `climb(question.name)`, made until `ends_climb`, say.

    Where a zone's servers show different sets, all of them must permit. A failed look-up never is a
    permission. Raises ValueError for a climb that was not finished.
    """
    finding = _judge(question, sets)
    return replace(finding, dnssec=weakest(at.dnssec for at in sets))


def _judge(question: CaaQuestion, sets: Sequence[Resolution]) -> CaaFinding:
    permitting: tuple[Resolution, _Ruling] | None = None
    for at in sets:
        if not at.looked_up or _unclear(at):
            return _incomplete(question, at)
        for records in filter(None, at.variants):
            ruling = _judge_set(question, records)
            if not ruling.permitted:
                return _finding(question, at, ruling, iodef=_to_be_told(records))
            permitting = permitting or (at, ruling)
        if all(at.variants):
            break
    else:
        if len(sets) < len(climb(question.name)):
            raise ValueError(f"CAA of {question.name} was not followed to the top")
    if permitting is not None:
        return _finding(question, *permitting)
    return _about(question)(
        completed=True,
        permitted=True,
        deciding_name="",
        deciding_record="",
        ttl=0,
        detail="no CAA records at the name or above: anybody may issue",
    )


def _to_be_told(records: Sequence[Rdata]) -> tuple[str, ...]:
    """The values of a set's iodef properties."""
    values = [record[2] for record in records if record[1].lower() == "iodef"]
    return tuple(value[:IODEF_CHARACTERS] for value in values[:_IODEF_VALUES])


def _about(question: CaaQuestion) -> Callable[..., CaaFinding]:
    """A finding about what was asked, short of what was found."""
    issuer = next(iter(question.issuer_domains), "")
    return partial(CaaFinding, name=question.name, wildcard=question.wildcard, issuer=issuer)


def _unclear(at: Resolution) -> bool:
    """Servers that differ, some of them by a CNAME that was not followed."""
    return any(one.said in {Said.ALIAS, Said.REFERRAL} for one in at.answered)


def _incomplete(question: CaaQuestion, at: Resolution) -> CaaFinding:
    said = "; ".join(f"{one.server}: {one.text}" for one in at.said[:_SHOWN_RECORDS])
    return _about(question)(
        completed=False,
        permitted=False,
        deciding_name=at.name,
        deciding_record="",
        ttl=0,
        detail=f"CAA {at.name}: {'; '.join(filter(None, (at.detail, said)))}"[:300],
    )


def _finding(
    question: CaaQuestion, at: Resolution, ruling: _Ruling, *, iodef: tuple[str, ...] = ()
) -> CaaFinding:
    return _about(question)(
        completed=True,
        permitted=ruling.permitted,
        deciding_name=at.name,
        deciding_record=ruling.record[:300],
        ttl=at.ttl,
        detail=(ruling.detail + (f" (by CNAME to {at.aliases[-1]})" if at.aliases else ""))[:300],
        iodef=iodef,
    )


def _judge_set(question: CaaQuestion, records: Sequence[Rdata]) -> _Ruling:
    """One non-empty record set. A record is (flags, tag, value)."""
    for record in records:
        if int(record[0]) & _CRITICAL and record[1].lower() not in _KNOWN_TAGS:
            return _Ruling(
                permitted=False,
                record=_shown(record),
                detail="a critical property is not one we understand (RFC 8659 4.1)",
            )
    relevant = _relevant(question, records)
    if not relevant:
        return _Ruling(
            permitted=True, record=_shown(records[0]), detail="no property restricts who may issue"
        )
    reasons = []
    for record in relevant:
        reason = _objection(question, record[2])
        if reason is None:
            return _Ruling(permitted=True, record=_shown(record), detail="names us")
        reasons.append(f"{_shown(record)} {reason}")
    return _Ruling(
        permitted=False,
        record="; ".join(_shown(record) for record in relevant[:_SHOWN_RECORDS]),
        detail="; ".join(reasons[:_SHOWN_RECORDS])[:300],
    )


def _relevant(question: CaaQuestion, records: Sequence[Rdata]) -> list[Rdata]:
    """The properties that decide: for a wildcard issuewild, if there is any (RFC 8659 4.3)."""
    by_tag = [[r for r in records if r[1].lower() == tag] for tag in ("issuewild", "issue")]
    return (by_tag[0] or by_tag[1]) if question.wildcard else by_tag[1]


def _objection(question: CaaQuestion, value: str) -> str | None:
    """Why an issue or issuewild property does not name us for this question; None if it does."""
    parsed = _ISSUE_VALUE.fullmatch(value)
    parameters = _parameters(parsed["parameters"] or "") if parsed else None
    if parsed is None or parameters is None:
        return "is malformed, which permits nobody (RFC 8659 4.2)"
    issuer = parsed["issuer"]
    if issuer is None:
        return "permits nobody"
    if issuer.lower() not in {domain.lower() for domain in question.issuer_domains}:
        return "names another issuer"
    return _parameter_objection(question, parameters)


def _parameters(text: str) -> list[tuple[str, str]] | None:
    """Tag (lower case) and value of each parameter; None when malformed."""
    if not text:
        return []
    pairs = []
    for part in text.split(";"):
        parsed = _PARAMETER.fullmatch(part.strip(" \t"))
        if parsed is None:
            return None
        pairs.append((parsed["tag"].lower(), parsed["value"]))
    return pairs


def _parameter_objection(question: CaaQuestion, parameters: list[tuple[str, str]]) -> str | None:
    """RFC 8657 3 and 4: honoured always, a MUST from 2027-03-15. Others are ignored."""
    accounts = [value for tag, value in parameters if tag == "accounturi"]
    methods = [value for tag, value in parameters if tag == "validationmethods"]
    if len(accounts) > 1 or len(methods) > 1:
        return "gives a parameter twice, which permits nobody (RFC 8657)"
    if accounts and (not question.account_uri or accounts[0] != question.account_uri):
        return "names another account"
    if methods and not _names_method(methods[0], question.validation_method):
        return "does not permit the method used"
    return None


def _names_method(text: str, method: str) -> bool:
    labels = text.split(",")
    if not all(_METHOD.fullmatch(label) for label in labels):
        return False
    return method.lower() in {label.lower() for label in labels}


def _shown(record: Rdata) -> str:
    return f'{record[0]} {record[1]} "{record[2]}"'
