"""One look: the primary first, the remote ones about what it saw, CAA when all is proven."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..domain.authorization import Authorization, CaaCheck, CaaFinding, PerspectiveVerdict
from ..domain.caa import CAA_LIFE
from ..domain.caa_doubts import doubted
from ..domain.certificate import Certificate
from ..domain.corroboration import Corroboration, corroborate
from ..domain.dcv import CAA_METHOD_LABELS, question_for
from ..domain.identifiers import Identifier
from ..domain.looking import CaaQuestion, DcvAnswer, DcvQuestion, LookReport, LookRequest
from ..domain.methods import LOOKED_UP, caa_label
from ..domain.progress import Look, Seen, after_look, unproven, value_lives
from ..ports import Clock, Looker, Perspectives

_KEPT_REFUSALS = 10  # findings kept of a CAA check that does not permit
#: So many permissions are kept whole; of more only the beginnings, or the certificate's record
#: would outgrow the 400 KB of one item with 250 of the longest names.
_WHOLE_FINDINGS = 50
_SHORT = 100  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationPolicy:
    """What a deployment decides: `caa_domains` are the issuer domain names in CAA that mean us.

    The first of them also stands in our account URIs. They are listed in the CP/CPS, section 4.2.
    `agreement` is the version of the subscriber agreement in force, "" where there is none;
    `dcv_domain` is our own domain, to which CNAME records point.
    """

    caa_domains: tuple[str, ...]
    dcv_domain: str = ""
    agreement: str = ""

    def __post_init__(self) -> None:
        if not self.caa_domains:
            raise ValueError("CAA_DOMAINS is not set: no CAA record could name us")

    def account_uri(self, account_id: int) -> str:
        """An account as CAA's accounturi names it (RFC 8657 3; `acct:` of RFC 7565)."""
        return f"acct:{account_id}@{self.caa_domains[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """Everything a look needs."""

    looker: Looker
    perspectives: Perspectives
    clock: Clock
    policy: ValidationPolicy


def look_at(
    certificate: Certificate,
    authorizations: Sequence[Authorization],
    *,
    eyes: Eyes,
    caa_when_proven: Callable[[], bool],
) -> Look:
    """Look at every unproven name at once, then at CAA if that proved the last of them.

    `caa_when_proven` is asked then whether nobody but CAA is waited for.
    """
    look = look_at_names(authorizations, eyes=eyes)
    still = unproven(after_look(authorizations, look), look.finished_at)
    if still or not caa_when_proven():
        return look
    caa = check_caa(_caa_questions(certificate, authorizations, eyes.policy), eyes)
    return replace(look, caa=caa, finished_at=caa.checked_at)


def look_at_names(authorizations: Sequence[Authorization], *, eyes: Eyes) -> Look:
    """Look at every unproven name at once, where something is published; each name once."""
    started = eyes.clock.now()
    asked = [
        one
        for one in unproven(authorizations, started)
        if one.method in LOOKED_UP and value_lives(one, started)
    ]
    seen = _names(asked, eyes)
    return Look(started_at=started, finished_at=eyes.clock.now(), seen=seen)


def _names(asked: Sequence[Authorization], eyes: Eyes) -> dict[Identifier, Seen]:
    if not asked:
        return {}
    questions = {one.identifier: _question(one, eyes.policy.dcv_domain) for one in asked}
    distinct = tuple(dict.fromkeys(questions.values()))
    primary = eyes.looker.look(LookRequest(dcv=distinct))
    answers = dict(zip(distinct, primary.dcv, strict=True))
    passed = tuple(question for question in distinct if answers[question].passed)
    agreed = _corroborated_names(primary, passed, eyes) if passed else {}
    return {
        identifier: Seen(
            value=question.value,
            answer=answers[question],
            corroboration=agreed.get(question),
        )
        for identifier, question in questions.items()
    }


def _question(one: Authorization, dcv_domain: str) -> DcvQuestion:
    assert one.random_value is not None
    return question_for(one.identifier, one.method, one.random_value.value, dcv_domain)


def _corroborated_names(
    primary: LookReport, passed: Sequence[DcvQuestion], eyes: Eyes
) -> dict[DcvQuestion, Corroboration]:
    """The other places are asked only where the primary found the value, and only there."""
    answers = tuple(answer for answer in primary.dcv if answer.passed)
    request = LookRequest(
        dcv=tuple(
            _narrowed(question, answer) for question, answer in zip(passed, answers, strict=True)
        )
    )
    reports = eyes.perspectives.ask(request)
    verdicts = corroborate(replace(primary, dcv=answers, caa=()), reports, eyes.clock.now())
    return dict(zip(passed, verdicts.dcv, strict=True))


def _narrowed(question: DcvQuestion, answer: DcvAnswer) -> DcvQuestion:
    """Only the place where it was seen; all of it where a CNAME of the name led there, which every
    place must see for itself."""
    if answer.followed:
        return question
    return replace(question, authorization_domains=(answer.authorization_domain,))


def _caa_questions(
    certificate: Certificate, authorizations: Sequence[Authorization], policy: ValidationPolicy
) -> tuple[CaaQuestion, ...]:
    account_id = certificate.account_id
    asked = (
        caa_question(one.identifier, caa_method(one), account_id, policy) for one in authorizations
    )
    return tuple(dict.fromkeys(asked))


def caa_question(
    identifier: Identifier, method: str, account_id: int, policy: ValidationPolicy
) -> CaaQuestion:
    """What is asked of CAA about one name; `method` as CAA's validationmethods names it."""
    return CaaQuestion(
        name=identifier.base,
        wildcard=identifier.wildcard,
        issuer_domains=policy.caa_domains,
        validation_method=method,
        account_uri=policy.account_uri(account_id),
    )


def check_caa(questions: tuple[CaaQuestion, ...], eyes: Eyes) -> CaaCheck:
    """CAA for every name; the other places are asked when the primary sees no refusal."""
    primary = eyes.looker.look(LookRequest(caa=questions))
    findings = tuple(answer.finding for answer in primary.caa)
    refusals = tuple(one for one in findings if not one.permitted)
    if refusals:
        return _check(eyes, findings=refusals[:_KEPT_REFUSALS])
    reports = eyes.perspectives.ask(LookRequest(caa=questions))
    now = eyes.clock.now()
    verdicts = corroborate(replace(primary, dcv=()), reports, now).caa
    doubts = tuple(
        doubted(findings[number], verdict, reports, number)
        for number, verdict in enumerate(verdicts)
        if not verdict.corroborated
    )
    places = _all_questions(verdicts)
    if doubts:
        return _check(eyes, findings=doubts[:_KEPT_REFUSALS], perspectives=places)
    kept = tuple(map(_shortened, findings)) if len(findings) > _WHOLE_FINDINGS else findings
    return _check(eyes, findings=kept, permitted=True, perspectives=places)


def _shortened(finding: CaaFinding) -> CaaFinding:
    record, detail = finding.deciding_record, finding.detail
    return replace(finding, deciding_record=record[:_SHORT], detail=detail[:_SHORT])


def caa_method(one: Authorization) -> str:
    """How CAA's validationmethods names the way in which control of the name is shown."""
    return caa_label(one.proof.br_section) if one.proof else CAA_METHOD_LABELS[one.method]


def _check(
    eyes: Eyes,
    *,
    findings: tuple[CaaFinding, ...],
    permitted: bool = False,
    perspectives: tuple[PerspectiveVerdict, ...] = (),
) -> CaaCheck:
    now = eyes.clock.now()
    return CaaCheck(
        checked_at=now,
        good_until=now + CAA_LIFE,
        permitted=permitted,
        findings=findings,
        perspectives=perspectives,
    )


def _all_questions(verdicts: Sequence[Corroboration]) -> tuple[PerspectiveVerdict, ...]:
    """One line for each place over all questions: it passed if it passed them all."""
    by_place: dict[str, PerspectiveVerdict] = {}
    for verdict in verdicts:
        for one in verdict.perspectives:
            known = by_place.get(one.perspective, one)
            by_place[one.perspective] = one if known.passed else known
    return tuple(by_place.values())
