"""From what the servers said about one name to an answer with a named cause."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .authorization import Observation
from .causes import CauseCode, Telling, tell
from .dcv import Match, alias_allowed, judge_txt, settles
from .identifiers import registrable_domain
from .looking import DcvAnswer, DcvQuestion
from .records import DNSAUTH_LABEL
from .resolution import Resolution, Status, quoted

_LONGEST_NAME = 253  # RFC 1035 3.1, text form
_LOOKS_LIKE_A_VALUE = re.compile(r"_[a-z2-7]{26}\Z")
_OBSERVATIONS_EACH = 4
_OBSERVATIONS = 12
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


def doubled_name(question: DcvQuestion) -> str | None:
    """Where the record lands when a DNS form adds the domain again; None if that is too long."""
    name = f"{question.name}.{registrable_domain(question.name)}"
    return name if len(name) <= _LONGEST_NAME else None


def nothing_near(question: DcvQuestion, seen: Sequence[Resolution]) -> bool:
    """Whether nothing like the value was seen, so that looking elsewhere may explain it."""
    return any(one.looked_up for one in seen) and all(
        judge_txt(variant, question.value) in {Match.OTHER, Match.NOTHING}
        for one in seen
        for variant in one.variants
    )


def judge_dcv(
    question: DcvQuestion, seen: Sequence[Resolution], doubled: Resolution | None = None
) -> DcvAnswer:
    """The answer to `question` from the TXT look-ups of its places, in the order asked.

    `doubled`: the look-up of `doubled_name`, where it was made. An answer is complete when it is
    proven or every place could be looked up.
    """
    proven = next((one for one in seen if settles(question, one)), None)
    if proven is not None:
        return _proven(question, proven)
    telling, about = _explain(question, seen, doubled)
    rest = [one for one in (*seen, doubled) if one is not None and one is not about]
    return DcvAnswer(
        name=question.name,
        completed=bool(seen) and all(one.looked_up for one in seen),
        passed=False,
        cause=telling.cause,
        explanation=telling.explanation,
        advice=telling.advice,
        observations=_evidence([about, *rest]),
    )


def _proven(question: DcvQuestion, at: Resolution) -> DcvAnswer:
    telling = tell(CauseCode.PROVEN, where=at.name)
    return DcvAnswer(
        name=question.name,
        completed=True,
        passed=True,
        cause=telling.cause,
        explanation=telling.explanation,
        advice=telling.advice,
        authorization_domain=at.name,
        record=question.value,
        aliases=at.aliases,
        observations=at.observations(_OBSERVATIONS),
    )


def _evidence(seen: Sequence[Resolution]) -> tuple[Observation, ...]:
    lines = [line for one in seen for line in one.observations(_OBSERVATIONS_EACH)]
    return tuple(lines[:_OBSERVATIONS])


def _explain(
    question: DcvQuestion, seen: Sequence[Resolution], doubled: Resolution | None
) -> tuple[Telling, Resolution]:
    """The most telling cause and the look-up it is about: nearest to the value first."""
    explainers: tuple[Callable[[DcvQuestion, Resolution], Telling | None], ...] = (
        _disagreement,
        _behind_alias,
        _near_miss,
    )
    for explainer in explainers:
        for one in seen:
            if (telling := explainer(question, one)) is not None:
                return telling, one
    if doubled is not None and (telling := _doubled(question, doubled)) is not None:
        return telling, doubled
    for one in seen:
        if (telling := _other(question, one)) is not None:
            return telling, one
    return _without_records(question, seen)


def _facts(question: DcvQuestion, at: Resolution) -> dict[str, str]:
    """Facts common to all causes. `record` is what we print, `where` what we looked at."""
    return {
        "name": question.name,
        "record": question.name,
        "value": question.value,
        "where": at.name,
    }


def _shows(question: DcvQuestion, at: Resolution) -> list[bool]:
    return [judge_txt(one.records, question.value) is Match.EXACT for one in at.answered]


def _disagreement(question: DcvQuestion, at: Resolution) -> Telling | None:
    shows = _shows(question, at)
    if not any(shows) or all(shows):
        return None
    servers = [one.server for one in at.answered]
    having = [server for server, shown in zip(servers, shows, strict=True) if shown]
    lacking = [server for server, shown in zip(servers, shows, strict=True) if not shown]
    return tell(
        CauseCode.SERVERS_DISAGREE,
        **_facts(question, at),
        having=", ".join(having),
        lacking=", ".join(lacking),
    )


def _behind_alias(question: DcvQuestion, at: Resolution) -> Telling | None:
    if not at.aliases or alias_allowed(question, at.name) or not any(_shows(question, at)):
        return None
    return tell(CauseCode.VALUE_BEHIND_ALIAS, **_facts(question, at), target=at.aliases[-1])


def _near_miss(question: DcvQuestion, at: Resolution) -> Telling | None:
    for variant in at.variants:
        for record in variant:
            code = _NEAR_MISSES.get(judge_txt([record], question.value))
            if code is not None:
                seen = quoted(record)[:_SEEN_CHARACTERS]
                return tell(code, **_facts(question, at), seen=seen)
    return None


def _doubled(question: DcvQuestion, at: Resolution) -> Telling | None:
    if not any(_shows(question, at)):
        return None
    domain = registrable_domain(question.name)
    short = question.name.removesuffix(domain).rstrip(".") or "@"
    return tell(CauseCode.RECORD_AT_DOUBLED_LABEL, **_facts(question, at), short=short)


def _other(question: DcvQuestion, at: Resolution) -> Telling | None:
    """Other TXT records, where they matter: at the name, or where they look like values."""
    records = [record for variant in at.variants for record in variant]
    if at.name not in {question.name, f"{DNSAUTH_LABEL}.{question.name}"}:
        records = [r for r in records if any(_LOOKS_LIKE_A_VALUE.match(text) for text in r)]
    if not records:
        return None
    shown = "; ".join(quoted(record) for record in records[:_SEEN_RECORDS])
    seen = shown[:_SEEN_CHARACTERS] + (" …" if len(records) > _SEEN_RECORDS else "")
    return tell(CauseCode.VALUE_DIFFERS, **_facts(question, at), seen=seen)


def _without_records(
    question: DcvQuestion, seen: Sequence[Resolution]
) -> tuple[Telling, Resolution]:
    failed = next((one for one in seen if not one.looked_up), None)
    if failed is not None:
        return _failure(question, failed), failed
    how = _how_nothing(seen[0])
    telling = tell(CauseCode.NOTHING_AT_THE_NAME, **_facts(question, seen[0]), how=how)
    return telling, seen[0]


def _failure(question: DcvQuestion, at: Resolution) -> Telling:
    code = _FAILURES.get(at.status, CauseCode.SERVERS_FAIL)
    servers = "; ".join(f"{one.server}: {one.text}" for one in at.said[:_NAMED_SERVERS])
    return tell(
        code, **_facts(question, at), servers=servers or at.detail, detail=at.detail or servers
    )


def _how_nothing(at: Resolution) -> str:
    match at.status:
        case Status.NXDOMAIN:
            return "its servers say that the name does not exist (NXDOMAIN)"
        case Status.DISAGREEMENT:
            return "its servers differ, but none of them shows a TXT record"
    return "the name exists, but has no TXT record"
