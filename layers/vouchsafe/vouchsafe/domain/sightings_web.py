"""From what web servers answered to an answer with a named cause (BR 3.2.2.4.18)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .authorization import DnssecStatus, Observation
from .causes import CauseCode, Telling, tell
from .looking import DcvAnswer, DcvQuestion
from .matching import Match, judge_body
from .resolution import weakest
from .web import Ended, Fetched

_OBSERVATIONS = 12
_GONE = frozenset({404, 410})
_UNAUTHORIZED = 401
_VALUE = re.compile(rb"_([a-z2-7]{26}|[0-9a-f]{32})\Z")
_LOGIN_PATH = re.compile(r"/(log-?in|sign-?in|sso|auth|oauth2?|saml2?|cas)([/?._-]|\Z)", re.I)
_LOGIN_FORM = re.compile(rb"<input[^>]*type\s*=\s*[\"']?password", re.I)

_NEAR_MISSES: dict[Match, CauseCode] = {
    Match.WRONG_CASE: CauseCode.VALUE_WRONG_CASE,
    Match.QUOTED: CauseCode.VALUE_QUOTED,
    Match.CUT: CauseCode.VALUE_CUT,
}

#: The cause of a fetch that came to no answer. The first ones tell most about what is wrong.
_ENDS: dict[Ended, CauseCode] = {
    Ended.BAD_REDIRECT: CauseCode.REDIRECT_FORBIDDEN,
    Ended.SPECIAL_ADDRESS: CauseCode.PRIVATE_ADDRESS,
    Ended.TLS_FAILED: CauseCode.TLS_FAILURE,
    Ended.MALFORMED: CauseCode.WEB_UNREADABLE,
    Ended.TIME_OUT: CauseCode.WEB_TIME_OUT,
    Ended.REFUSED: CauseCode.WEB_REFUSED,
    Ended.NO_ADDRESS: CauseCode.NO_WEB_ADDRESS,
    Ended.DNS_BOGUS: CauseCode.DNSSEC_BOGUS,
    Ended.DNS_FAILED: CauseCode.WEB_ADDRESS_UNKNOWN,
    Ended.OWN_TROUBLE: CauseCode.OWN_TROUBLE,
}
_RANKS = {ended: rank for rank, ended in enumerate((Ended.ANSWERED, *_ENDS))}

#: Ends after which nobody can say whether the file is there.
_UNSEEN = frozenset(
    {
        Ended.TLS_FAILED,
        Ended.MALFORMED,
        Ended.TIME_OUT,
        Ended.REFUSED,
        Ended.DNS_FAILED,
        Ended.DNS_BOGUS,
        Ended.OWN_TROUBLE,
    }
)


def holds_value(question: DcvQuestion, fetched: Fetched) -> bool:
    """Whether a fetch proves control: a 2xx answer whose whole body is the value."""
    return (
        fetched.succeeded
        and fetched.whole
        and judge_body(fetched.body, question.value) is Match.EXACT
    )


def settled(fetched: Fetched) -> bool:
    """Whether there is nothing to gain from port 443: a file came, or we ourselves had trouble."""
    return fetched.succeeded or fetched.ended in {Ended.NO_ADDRESS, Ended.OWN_TROUBLE}


def judge_file(
    question: DcvQuestion, seen: Sequence[Fetched], elsewhere: Sequence[Fetched] = ()
) -> DcvAnswer:
    """The answer to `question` from the fetches of its URLs, in the order made.

    `elsewhere`: fetches of the same path at parents of the name, made to explain a failure.
    """
    proven = next((one for one in seen if holds_value(question, one)), None)
    about = proven or min(seen, key=lambda one: _RANKS[one.ended])
    if proven is not None:
        telling = tell(CauseCode.PROVEN, what=proven.url)
    else:
        telling = _explain(question, about, elsewhere)
    rest = [one for one in (*elsewhere, *seen) if one is not about]
    return DcvAnswer(
        name=question.name,
        completed=about.ended not in _UNSEEN,
        passed=proven is not None,
        cause=telling.cause,
        explanation=telling.explanation,
        advice=telling.advice,
        authorization_domain=proven.url if proven else "",
        record=question.value if proven else "",
        observations=_evidence([about, *rest]),
        dnssec=weakest(line.dnssec for line in about.lookups) if proven else DnssecStatus.UNKNOWN,
    )


def _evidence(seen: Sequence[Fetched]) -> tuple[Observation, ...]:
    lines: list[Observation] = []
    for one in seen:
        if one.ended is Ended.ANSWERED:
            told = f"begins: {one.shown!a}" if one.body else "nothing in it"
            lines.append(Observation(question=f"body of {one.last}"[:300], server="-", answer=told))
        lines += one.observations(_OBSERVATIONS)
    return tuple(lines[:_OBSERVATIONS])


def _explain(question: DcvQuestion, about: Fetched, elsewhere: Sequence[Fetched]) -> Telling:
    facts = _facts(question, about)
    code = _telling_answer(question, about) if about.ended is Ended.ANSWERED else None
    if code is not None:
        return tell(code, **facts, publish=f"{question.value} at {about.url}")
    if (there := next((one for one in elsewhere if holds_value(question, one)), None)) is not None:
        return tell(CauseCode.FILE_AT_PARENT, **facts | {"where": there.url})
    if about.ended is not Ended.ANSWERED:
        return tell(_ENDS[about.ended], **facts)
    if about.succeeded:
        return tell(CauseCode.FILE_DIFFERS, **facts)
    gone = about.status in _GONE
    return tell(CauseCode.FILE_NOT_FOUND if gone else CauseCode.WEB_STATUS, **facts)


def _telling_answer(question: DcvQuestion, about: Fetched) -> CauseCode | None:
    """The cause of an answer that explains itself, wherever else the file may be."""
    if about.succeeded:
        near = _NEAR_MISSES.get(judge_body(about.body, question.value))
        if near is not None:
            return near
    if _asks_to_log_in(about):
        return CauseCode.LOGIN_PAGE
    if about.succeeded and _VALUE.match(about.body.strip()):
        return CauseCode.OLD_VALUE_SERVED
    return None


def _facts(question: DcvQuestion, about: Fetched) -> dict[str, str]:
    """Facts common to all causes; see `causes_web`."""
    seen = f"{about.shown!a}" if about.body.strip() else "an empty file"
    return {
        "name": question.name,
        "value": question.value,
        "file": question.authorization_domains[0],
        "url": about.last[:300],
        "what": about.last[:300],
        "where": about.last[:300],
        "seen": seen if about.whole else f"{seen} and more",
        "status": str(about.status),
        "detail": about.detail,
        "servers": about.hops[-1].address if about.hops else "-",
        "until": "a cache in front of it may do so, too",
    }


def _asks_to_log_in(about: Fetched) -> bool:
    """A password field, status 401, or a page to which a redirect led and that is called so."""
    if about.status == _UNAUTHORIZED or _LOGIN_FORM.search(about.body):
        return True
    return len(about.hops) > 1 and bool(_LOGIN_PATH.search(about.last))
