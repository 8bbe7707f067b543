"""What stands in the way of a record, one explainer for each cause; see `sightings`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .authorization import DcvMethodName
from .causes import CauseCode, Telling, tell
from .causes_dnssec import CAUSE_OF
from .dcv import Match, alias_allowed, compare
from .identifiers import registrable_domain
from .looking import DcvQuestion
from .methods import DNSAUTH_LABEL, METHODS
from .resolution import Rdata, Resolution, Status, quoted
from .suspicions import Suspicion, servers_elsewhere

_LOOKS_LIKE_A_VALUE = re.compile(r"_([a-z2-7]{26}|[0-9a-f]{32})\Z")
_SEEN_RECORDS = 3
_SEEN_CHARACTERS = 200
_NAMED_SERVERS = 4

_NEAR_MISSES: dict[Match, CauseCode] = {
    Match.WRONG_CASE: CauseCode.VALUE_WRONG_CASE,
    Match.QUOTED: CauseCode.VALUE_QUOTED,
    Match.CUT: CauseCode.VALUE_CUT,
}

_FAILURES: dict[Status, CauseCode] = {
    Status.TIME_OUT: CauseCode.TIME_OUT,
    Status.NO_DELEGATION: CauseCode.NO_DELEGATION,
    Status.OWN_TROUBLE: CauseCode.OWN_TROUBLE,
}

type Elsewhere = Mapping[Suspicion, Resolution]
type Explained = tuple[Telling, Resolution]


def facts(question: DcvQuestion, at: Resolution) -> dict[str, str]:
    """Facts common to all causes; see `causes_dns`."""
    method = METHODS[question.method]
    printed = method.records(question.name, question.value, question.cname_target)[0]
    text = f'"{printed.value}"' if printed.type == "TXT" else printed.value
    return {
        "name": question.name,
        "record": f"{printed.type} {printed.name}",
        "publish": f"{printed.type} {printed.name} {text}",
        "value": question.value,
        "where": at.name,
        "what": f"{at.rdtype} {at.name}",
    }


def _shown(records: Sequence[Rdata], rdtype: str) -> str:
    texts = [quoted(one) if rdtype == "TXT" else one[0] for one in records[:_SEEN_RECORDS]]
    more = " …" if len(records) > _SEEN_RECORDS else ""
    return "; ".join(texts)[:_SEEN_CHARACTERS] + more


def _shows(question: DcvQuestion, at: Resolution) -> list[bool]:
    return [compare(question, at.name, one.records) is Match.EXACT for one in at.answered]


def disagreement(question: DcvQuestion, at: Resolution) -> Telling | None:
    """Some servers show the value, others do not."""
    shows = _shows(question, at)
    if not any(shows) or all(shows):
        return None
    if (old := old_value(question, at)) is not None:
        return old
    servers = [one.server for one in at.answered]
    having = [server for server, shown in zip(servers, shows, strict=True) if shown]
    lacking = [server for server, shown in zip(servers, shows, strict=True) if not shown]
    return tell(
        CauseCode.SERVERS_DISAGREE,
        **facts(question, at),
        having=", ".join(having),
        lacking=", ".join(lacking),
    )


def _old_values(at: Resolution, records: Sequence[Rdata]) -> list[Rdata]:
    """Records that look like a value of ours: a string, or the first label of a target."""
    heads = [[t.partition(".")[0] if at.rdtype == "CNAME" else t for t in one] for one in records]
    looks = [any(map(_LOOKS_LIKE_A_VALUE.match, texts)) for texts in heads]
    return [one for one, alike in zip(records, looks, strict=True) if alike]


def old_value(question: DcvQuestion, at: Resolution) -> Telling | None:
    """A value that is not this one, at servers that do not show this one."""
    lacking = [one for one in at.answered if compare(question, at.name, one.records) != Match.EXACT]
    holding = [one for one in lacking if _old_values(at, one.records)]
    if not holding:
        return None
    return tell(
        CauseCode.OLD_VALUE_SERVED,
        **facts(question, at),
        seen=_shown(_old_values(at, holding[0].records), at.rdtype),
        servers=", ".join(one.server for one in holding[:_NAMED_SERVERS]),
        until=f"caches elsewhere may keep it for {max(one.ttl for one in holding)} seconds",
    )


def behind_alias(question: DcvQuestion, at: Resolution) -> Telling | None:
    """The value, where a CNAME led that may not be followed."""
    if not at.aliases or alias_allowed(question, at.name) or not any(_shows(question, at)):
        return None
    return tell(CauseCode.VALUE_BEHIND_ALIAS, **facts(question, at), target=at.aliases[-1])


def alias_in_the_way(question: DcvQuestion, at: Resolution) -> Telling | None:
    """A CNAME at the very name, where no TXT record can stand."""
    if question.method is not DcvMethodName.DNS_TXT or at.name != question.name or not at.aliases:
        return None
    return tell(CauseCode.ALIAS_IN_THE_WAY, **facts(question, at), target=at.aliases[-1])


def near_miss(question: DcvQuestion, at: Resolution) -> Telling | None:
    """The value in a form that does not count."""
    for variant in at.variants:
        for record in variant:
            code = _NEAR_MISSES.get(compare(question, at.name, [record]))
            if code is not None:
                return tell(code, **facts(question, at), seen=_shown([record], at.rdtype))
    return None


def misplaced(question: DcvQuestion, elsewhere: Elsewhere) -> Explained | None:
    """The right record where it does not count."""
    printed = METHODS[question.method].records(
        question.name, question.value, question.cname_target
    )[0]
    for suspicion, at in elsewhere.items():
        there = [judged for one in at.answered for judged in _same(one.records, printed.value)]
        if suspicion is Suspicion.ELSEWHERE or not any(there):
            continue
        said = facts(question, at)
        if suspicion is Suspicion.WITHOUT_UNDERSCORE:
            return tell(CauseCode.LABEL_WITHOUT_UNDERSCORE, **said), at
        short = printed.name.removesuffix(registrable_domain(question.name)).rstrip(".") or "@"
        return tell(CauseCode.RECORD_AT_DOUBLED_LABEL, **said, short=short), at
    return None


def _same(records: Sequence[Rdata], wanted: str) -> list[bool]:
    return [any(text.rstrip(".").lower() == wanted.lower() for text in one) for one in records]


def other(question: DcvQuestion, at: Resolution) -> Telling | None:
    """Other records where they matter: at the name itself, or where a label is ours alone."""
    ours = {question.name, f"{DNSAUTH_LABEL}.{question.name}", f"{question.value}.{question.name}"}
    records = [record for variant in at.variants for record in variant]
    if not records or at.name not in ours:
        return None
    seen = _shown(records, at.rdtype)
    return tell(CauseCode.VALUE_DIFFERS, **facts(question, at), seen=seen)


def without_records(
    question: DcvQuestion, seen: Sequence[Resolution], elsewhere: Elsewhere
) -> Explained:
    """Nothing that helps was seen: the look-ups failed, or there is nothing."""
    failed = next((one for one in seen if not one.looked_up), None)
    if failed is not None:
        return _failure(question, failed), failed
    apex, first = elsewhere.get(Suspicion.ELSEWHERE), seen[0]
    said = facts(question, first)
    if apex is not None and (differing := servers_elsewhere(apex)):
        delegated, listed = (", ".join(names) for names in differing)
        found = tell(CauseCode.DELEGATED_ELSEWHERE, **said, delegated=delegated, listed=listed)
        return found, apex
    if first.status is Status.NXDOMAIN and first.name == question.name:
        return tell(CauseCode.NAME_DOES_NOT_EXIST, **said), first
    return tell(CauseCode.NOTHING_AT_THE_NAME, **said, how=_how_nothing(first)), first


def _failure(question: DcvQuestion, at: Resolution) -> Telling:
    code = CAUSE_OF[at.flaw] if at.flaw else _FAILURES.get(at.status, CauseCode.SERVERS_FAIL)
    servers = "; ".join(f"{one.server}: {one.text}" for one in at.said[:_NAMED_SERVERS])
    return tell(
        code, **facts(question, at), servers=servers or at.detail, detail=at.detail or servers
    )


def _how_nothing(at: Resolution) -> str:
    match at.status:
        case Status.NXDOMAIN:
            return "its servers say that the name does not exist (NXDOMAIN)"
        case Status.DISAGREEMENT:
            return f"its servers differ, but none of them shows a {at.rdtype} record"
    return f"the name exists, but has no {at.rdtype} record"
