"""What the mails about reported problems say, and who gets them: each his own (BR 4.9.5)."""

from __future__ import annotations

from ..domain.changes import Change
from ..domain.dossier import Dossier
from ..domain.letter_kinds import Language, LetterKind, language_of
from ..domain.letter_words import REASONS
from ..domain.notices import Facts
from ..domain.problem_reports import ProblemCase
from ..domain.revocation import RevocationReason
from .letter_recipients import administrators, order_people
from .mail_desk import NOTHING, Desk, Notice, moment_words, names_phrase
from .problem_records import SUBSCRIBER

_KINDS = {
    "acknowledged": LetterKind.PROBLEM_ACKNOWLEDGED,
    "preliminary": LetterKind.PROBLEM_PRELIMINARY,
    "reminder": LetterKind.PROBLEM_REMINDER,
}


def for_changed_problem(change: Change, desk: Desk) -> Notice | None:
    """A step of a case, to the one it is for; None for steps that are the operators' own."""
    step, to = str(change.data.get("step")), change.data.get("to")
    case = desk.cases.case(str(change.data.get("case_id")))
    dossier = desk.ledger.order(case.order_id) if case else None
    if case is None or dossier is None:
        return None
    kind = _decided(case) if step == "decided" else _KINDS.get(step)
    if kind is LetterKind.PROBLEM_REMINDER:
        people, language = desk.operators, Language.ENGLISH
    elif to == SUBSCRIBER:
        people = _subscriber(dossier, desk)
        language = language_of(dossier.order.details.locale)
    elif isinstance(to, int):
        people = (case.reports[to].reporter,)
        language = language_of(case.reports[to].locale)
    else:
        return None
    if kind is None:
        return None
    facts = _facts(case, dossier, change, language, desk)
    return Notice(kind=kind, facts=facts, language=language, to=people)


def _decided(case: ProblemCase) -> LetterKind:
    revoked = case.decision is not None and case.decision.reason is not None
    return LetterKind.PROBLEM_REVOKED if revoked else LetterKind.PROBLEM_DECLINED


def _subscriber(dossier: Dossier, desk: Desk) -> tuple[str, ...]:
    """Whoever placed the order, or is named in it; where nobody is left, the administrators."""
    order = dossier.order
    user = desk.accounts.user(order.account_id, order.user_id)
    return order_people(order, user) or administrators(order.account_id, desk)


def _facts(
    case: ProblemCase, dossier: Dossier, change: Change, language: Language, desk: Desk
) -> Facts:
    certificate, decision = dossier.certificate(case.certificate_id), case.decision
    names = [each.value for each in certificate.identifiers]
    reason = (decision.reason if decision else None) or RevocationReason.UNSPECIFIED
    revoke_at = decision.revoke_at if decision else None
    words = {
        "case": case.case_id,
        "names": names_phrase(names, language),
        "due": moment_words(case.report_due),
        "hours": str(change.data.get("hours", NOTHING)),
        "finding": decision.finding if decision else case.preliminary,
        "reason": REASONS[language][reason],
        "revoke_at": moment_words(revoke_at) if revoke_at else NOTHING,
        "base_url": desk.base_url,
    }
    short = (case.case_id, words["names"], f"{case.serial:032x}", moment_words(case.opened_at))
    return Facts(words=words, rows={"short": [short], "certificate": [(*short, words["due"])]})
