"""What a look changes: proofs, summaries, and what is kept of it. Pure; written by the caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from .authorization import (
    Authorization,
    AuthorizationStatus,
    CaaCheck,
    DcvMethodName,
    LookSummary,
    Observation,
    PerspectiveVerdict,
    Proof,
)
from .causes import UNREACHED, CauseCode, Telling, tell
from .corroboration import Corroboration
from .dcv import BR_SECTIONS, place_of
from .gates import proof_counts
from .identifiers import Identifier
from .looking import DcvAnswer
from .mail_summaries import mail_summary

_KEPT_OBSERVATIONS = 4  # with the authorization; the look's own record has more
_RECORDED_OBSERVATIONS = 6  # of each name in a look's record, fewer where names are many:
_RECORDED_LINES = 60  # that record stays far below 400 KB, with 250 of the longest names, too
_RECORDED_CHARACTERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen for one name; `corroboration` is None where the primary saw no value."""

    value: str
    answer: DcvAnswer
    corroboration: Corroboration | None = None

    @property
    def proven(self) -> bool:
        """Whether primary and quorum saw the value."""
        return (
            self.answer.passed
            and self.corroboration is not None
            and self.corroboration.corroborated
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a certificate's unproven names, and at CAA where it came that far."""

    started_at: datetime
    finished_at: datetime
    seen: Mapping[Identifier, Seen]
    caa: CaaCheck | None = None


def unproven(authorizations: Sequence[Authorization], now: datetime) -> tuple[Authorization, ...]:
    """The names that still need a proof at `now`."""
    return tuple(one for one in authorizations if not proof_counts(one, now))


def value_lives(authorization: Authorization, now: datetime) -> bool:
    """Whether the name has a value that may still be used (BR 3.2.2.4.7: 30 days)."""
    value = authorization.random_value
    return value is not None and now < value.expires_at


def after_look(authorizations: Sequence[Authorization], look: Look) -> tuple[Authorization, ...]:
    """The authorizations with what the look showed; those it says nothing new about are untouched.

    A result for a value that was replaced meanwhile is void.
    """
    now = look.finished_at
    return tuple(
        one if proof_counts(one, now) else _after_look(one, look.seen.get(one.identifier), now)
        for one in authorizations
    )


def _after_look(one: Authorization, seen: Seen | None, now: datetime) -> Authorization:
    if one.method is DcvMethodName.EMAIL:
        return _with_summary(one, mail_summary(one, now))
    value = one.random_value
    if value is None or now >= value.expires_at:
        telling = tell(CauseCode.VALUE_EXPIRED, name=one.identifier.base)
        return _with_summary(one, _summary(telling, now))
    if seen is None or seen.value != value.value:
        return one
    if seen.proven:
        return _proven(one, seen, now)
    return _with_summary(one, _summary_of(seen, now))


def _proven(one: Authorization, seen: Seen, now: datetime) -> Authorization:
    assert seen.corroboration is not None
    answer = seen.answer
    place = place_of(
        one.identifier,
        one.method,
        answer.authorization_domain,
        answer.aliases,
        followed=answer.followed,
        value=seen.value,
    )
    proof = Proof(
        method=one.method,
        br_section=BR_SECTIONS[one.method],
        authorization_domain=place.name,
        steps=place.steps,
        value=seen.value,
        proven_at=now,
        quorum=seen.corroboration.quorum,
        perspectives=seen.corroboration.perspectives,
        dnssec=answer.dnssec,
    )
    return replace(
        one,
        status=AuthorizationStatus.VALID,
        proof=proof,
        last_look=_summary_of(seen, now),
    )


def _with_summary(one: Authorization, summary: LookSummary) -> Authorization:
    """With the newer summary, unless it only repeats the one on record: then nothing is written."""
    before = one.last_look
    if before is not None and replace(before, looked_at=summary.looked_at) == summary:
        return one
    return replace(one, last_look=summary)


def _summary_of(seen: Seen, now: datetime) -> LookSummary:
    telling = telling_of(seen)
    perspectives = seen.corroboration.perspectives if seen.corroboration else ()
    return _summary(telling, now, seen.answer.observations, perspectives)


def _summary(
    telling: Telling,
    now: datetime,
    observations: tuple[Observation, ...] = (),
    perspectives: tuple[PerspectiveVerdict, ...] = (),
) -> LookSummary:
    return LookSummary(
        looked_at=now,
        cause=telling.cause,
        explanation=telling.explanation,
        advice=telling.advice,
        observations=observations[:_KEPT_OBSERVATIONS],
        perspectives=perspectives,
    )


def telling_of(seen: Seen) -> Telling:
    """The cause of what was seen, with what the other places say about it."""
    answer, corroboration = seen.answer, seen.corroboration
    if corroboration is None or corroboration.corroborated:
        return Telling(
            cause=CauseCode(answer.cause), explanation=answer.explanation, advice=answer.advice
        )
    facts = {"name": answer.name, "quorum": corroboration.quorum, "detail": corroboration.detail}
    if blocked := _blocked(corroboration):
        return tell(CauseCode.PERSPECTIVES_BLOCKED, **facts, dissenting=", ".join(blocked))
    return tell(corroboration.cause, **facts, dissenting=corroboration.detail)


def _blocked(corroboration: Corroboration) -> tuple[str, ...]:
    """The places that nobody answered, where others got through and none saw something else."""
    against = [one for one in corroboration.perspectives if not one.passed]
    if any(one.completed or one.detail not in UNREACHED for one in against):
        return ()
    return tuple(one.perspective for one in against)


def look_results(
    before: Sequence[Authorization], after: Sequence[Authorization], look: Look
) -> tuple[dict[str, Any], ...]:
    """What is kept of a look: whole where a name's story changed, its cause alone where not."""
    stories = {old.identifier: (old, new) for old, new in zip(before, after, strict=True)}
    results = []
    for identifier, seen in look.seen.items():
        old, new = stories.get(identifier, (None, None))
        changed = old is None or old is not new
        results.append(_result(identifier, seen, whole=changed, names=len(look.seen)))
    if look.caa is not None:
        results.append(_caa_result(look.caa))
    return tuple(results)


def _result(identifier: Identifier, seen: Seen, *, whole: bool, names: int) -> dict[str, Any]:
    telling = telling_of(seen)
    result: dict[str, Any] = {"name": identifier.value, "cause": str(telling.cause)}
    if seen.corroboration is not None:
        result["quorum"] = seen.corroboration.quorum
    if not whole:
        return result | {"unchanged": True}
    lines = max(1, min(_RECORDED_OBSERVATIONS, _RECORDED_LINES // names))
    result["explanation"] = telling.explanation[:_RECORDED_CHARACTERS]
    result["observations"] = [
        {"question": line.question, "server": line.server, "answer": line.answer}
        for line in seen.answer.observations[:lines]
    ]
    if seen.corroboration is not None and names <= _RECORDED_LINES:
        result["perspectives"] = [
            {"perspective": one.perspective, "completed": one.completed, "passed": one.passed}
            for one in seen.corroboration.perspectives
        ]
    return result


def _caa_result(caa: CaaCheck) -> dict[str, Any]:
    refused = [one for one in caa.findings if not one.permitted] or list(caa.findings[:1])
    return {
        "caa": "permitted" if caa.permitted else "not permitted",
        "names": len(caa.findings),
        "findings": [
            {
                "name": one.name,
                "completed": one.completed,
                "permitted": one.permitted,
                "deciding_name": one.deciding_name,
                "deciding_record": one.deciding_record[:_RECORDED_CHARACTERS],
                "detail": one.detail[:_RECORDED_CHARACTERS],
            }
            for one in refused[:_RECORDED_OBSERVATIONS]
        ],
        "perspectives": [
            {"perspective": one.perspective, "completed": one.completed, "passed": one.passed}
            for one in caa.perspectives
        ],
    }
