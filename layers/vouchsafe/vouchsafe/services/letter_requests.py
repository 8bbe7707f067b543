"""What the mails about requests say: to those who decide, and to those who asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from ..domain.certificate import Certificate
from ..domain.changes import Change
from ..domain.letter_kinds import Language, LetterKind
from ..domain.letter_words import REASONS, WORDS
from ..domain.notices import Facts
from ..domain.products import find_product
from ..domain.requests import Request, RequestKind, RequestStatus
from ..domain.revocation import RevocationReason
from .letter_facts import Occasion, occasion_of
from .letter_recipients import addresses, approvers, reachable_by
from .mail_desk import (
    NOTHING,
    Desk,
    Notice,
    Rows,
    account_words,
    counted,
    listed,
    moment_words,
    names_phrase,
    person_words,
)

#: BR 4.9.1.1: the time in which certificates have to be revoked for the gravest reasons.
_CLOCK = timedelta(hours=24)

_NEEDED = {False: LetterKind.APPROVAL_NEEDED, True: LetterKind.REVOCATION_NEEDED}
_REMINDER = {False: LetterKind.APPROVAL_REMINDER, True: LetterKind.REVOCATION_REMINDER}
#: By how a request was decided, and whether it asked for a revocation, which never lapses.
_DECIDED = {
    (RequestStatus.APPROVED, False): LetterKind.APPROVED,
    (RequestStatus.REJECTED, False): LetterKind.DECLINED,
    (RequestStatus.LAPSED, False): LetterKind.LAPSED,
    (RequestStatus.APPROVED, True): LetterKind.REVOCATION_APPROVED,
    (RequestStatus.REJECTED, True): LetterKind.REVOCATION_DECLINED,
}


def for_request_created(change: Change, desk: Desk) -> Notice | None:
    """To those who may decide, while nobody has."""
    return _to_approvers(change, desk, _NEEDED)


def for_request_reminder(change: Change, desk: Desk) -> Notice | None:
    """To them again."""
    return _to_approvers(change, desk, _REMINDER)


def _to_approvers(change: Change, desk: Desk, kinds: Mapping[bool, LetterKind]) -> Notice | None:
    found = _found(change, desk)
    if found is None or found[1].status is not RequestStatus.PENDING:
        return None
    occasion, request = found
    return Notice(
        kind=kinds[request.kind is RequestKind.REVOKE],
        facts=_facts(occasion, request),
        language=occasion.language,
        to=approvers(occasion.dossier.order, request, occasion.account, desk),
    )


def for_request_decided(change: Change, desk: Desk) -> Notice | None:
    """To whoever asked; of a certificate that is not to be, to whom the order names as well.

    Nothing when the one who asked decided it himself.
    """
    found = _found(change, desk)
    if found is None:
        return None
    occasion, request = found
    kind = _DECIDED.get((request.status, request.kind is RequestKind.REVOKE))
    if kind is None or request.reviewer_id == request.requester_id:
        return None
    order = occasion.dossier.order
    requester = desk.accounts.user(order.account_id, request.requester_id)
    named = order.details.notify if kind in {LetterKind.DECLINED, LetterKind.LAPSED} else ()
    return Notice(
        kind=kind,
        facts=_facts(occasion, request),
        language=occasion.language,
        to=addresses((*reachable_by(requester), *named)),
        account=occasion.account,
    )


def _found(change: Change, desk: Desk) -> tuple[Occasion, Request] | None:
    occasion = occasion_of(change, desk)
    if occasion is None or change.request_id is None:
        return None
    return occasion, occasion.dossier.request(change.request_id)


def _facts(occasion: Occasion, request: Request) -> Facts:
    order, language, words = occasion.dossier.order, occasion.language, occasion.words
    accounts, product = occasion.desk.accounts, find_product(order.product_id)
    meant = [occasion.dossier.certificate(each) for each in request.certificate_ids]
    names = _names(meant) or list(order.dns_names)
    now = occasion.desk.clock.now()
    reviewer = accounts.user(order.account_id, request.reviewer_id or 0)
    again = "new" if request.kind is RequestKind.NEW else "again"
    common = {
        "order_id": str(order.order_id),
        "request_id": str(request.request_id),
        "product": product.name if product else order.product_id,
        "account": account_words(occasion.account, order.account_id),
        "person": person_words(accounts.user(order.account_id, request.requester_id), language),
        "reviewer": person_words(reviewer, language),
        "names": names_phrase(names, language),
        "matter": words[f"matter_{request.kind}"],
        "over": words[f"over_{again}"],
        "lapses": moment_words(request.lapses_at) if request.lapses_at else NOTHING,
        "waited": _span(now - request.created_at, language),
        "clock_end": moment_words(request.created_at + _CLOCK),
        "clock_left": _left(request.created_at + _CLOCK, now, language),
        "base_url": occasion.desk.base_url,
    }
    comment: Rows = [(request.processor_comment,)] if request.processor_comment else []
    rows = {"request": [_row(request, names, meant, language)], "comment": comment}
    return Facts(words=common, rows=rows)


def _row(
    request: Request, names: list[str], meant: list[Certificate], language: Language
) -> tuple[str, ...]:
    row = (
        str(request.request_id),
        moment_words(request.created_at),
        listed(names, language),
        request.comments or NOTHING,
    )
    if request.kind is not RequestKind.REVOKE:
        return row
    serials = [f"{each.issued.serial:032x}" for each in meant if each.issued is not None]
    reason = REASONS[language][request.reason or RevocationReason.UNSPECIFIED]
    return *row, reason, listed(serials, language) or NOTHING


def _names(meant: list[Certificate]) -> list[str]:
    every = (name.value for certificate in meant for name in certificate.identifiers)
    return list(dict.fromkeys(every))


def _span(waited: timedelta, language: Language) -> str:
    if waited >= timedelta(days=2):
        return counted(waited.days, "one_day", "days", language)
    return counted(_hours(waited), "one_hour", "hours", language)


def _left(end: datetime, now: datetime, language: Language) -> str:
    """How much of the 24 hours is left."""
    if now >= end:
        return WORDS[language]["clock_over"]
    hours = counted(_hours(end - now), "one_hour", "hours", language)
    return WORDS[language]["left"].format(hours=hours)


def _hours(span: timedelta) -> int:
    return round(span / timedelta(hours=1))
