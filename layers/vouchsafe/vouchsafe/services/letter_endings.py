"""What the mails about orders say that wait too long, or ended without a certificate."""

from __future__ import annotations

from collections.abc import Iterable

from ..domain.accounts import User
from ..domain.addresses import folded
from ..domain.authorization import Authorization, AuthorizationStatus
from ..domain.certificate import CertificateStatus
from ..domain.changes import Change
from ..domain.letter_kinds import LetterKind
from ..domain.letter_words import ADVICE, CAUSES, ENDS
from ..domain.mail_summaries import final_trouble
from ..domain.order import StatusReason
from .letter_facts import (
    Composed,
    Occasion,
    by_mail,
    facts_of,
    is_file,
    occasion_of,
    record_of,
    still_open,
    written_to,
)
from .letter_recipients import order_people, reachable_by
from .mail_desk import NOTHING, Desk, Notice, Rows, counted, moment_words, names_phrase

#: So many names are shown with all that is missing; mail programs cut what is longer.
_NAMES_SHOWN = 25
#: What the request's own letter tells already.
_TOLD_BY_REQUEST = frozenset({StatusReason.APPROVAL_REJECTED, StatusReason.APPROVAL_LAPSED})


def for_proof_missing(occasion: Occasion) -> Composed | None:
    """The record still missing for each name, what was seen of it, and what to do.

    Nothing once everything is shown, the certificate has ended, or it waits for people.
    """
    certificate, missing = occasion.certificate, still_open(occasion)
    waiting = certificate.status is CertificateStatus.PENDING and not certificate.waits_for_people
    if not waiting or not missing:
        return None
    rows: dict[str, list[tuple[str, ...]]] = {"records": [], "files": [], "mails": [], "more": []}
    for one in missing[:_NAMES_SHOWN]:
        source, row = _missing_row(one, occasion)
        rows[source].append(row)
    rest = len(missing) - _NAMES_SHOWN
    if rest > 0:
        rows["more"].append(("",))
    hours = int(occasion.change.data.get("hours", 0))
    names = names_phrase([one.identifier.value for one in missing], occasion.language)
    return LetterKind.PROOF_MISSING, facts_of(
        occasion,
        rows,
        names=names,
        waited=counted(hours, "one_hour", "hours", occasion.language),
        more=occasion.words["more_names"].format(count=max(rest, 0)),
    )


def _missing_row(one: Authorization, occasion: Occasion) -> tuple[str, tuple[str, ...]]:
    name, seen = one.identifier.value, _seen(one, occasion)
    if by_mail(one):
        return "mails", (name, written_to(one), *seen)
    record = record_of(one, occasion.desk.dcv_domain)
    if record is None:
        return "records", (name, NOTHING, NOTHING, NOTHING, *seen)
    if is_file(record):
        return "files", (name, record.name, record.value, *seen)
    return "records", (name, record.name, record.type, record.value, *seen)


def _seen(one: Authorization, occasion: Occasion) -> tuple[str, str, str]:
    """Since when it looks as it does, what was seen, and what to do."""
    look, words = one.last_look, occasion.words
    if look is None:
        return NOTHING, words["never"], words["look_yourself"]
    saw = CAUSES[occasion.language].get(look.cause, look.explanation)
    return moment_words(look.looked_at), saw, ADVICE[occasion.language].get(look.cause, look.advice)


def for_mail_trouble(change: Change, desk: Desk) -> Notice | None:
    """The names that nobody is left to approve; nothing while some mailbox may still answer."""
    occasion = occasion_of(change, desk)
    if occasion is None or occasion.certificate.status is not CertificateStatus.PENDING:
        return None
    hopeless = [one for one in still_open(occasion) if by_mail(one) and _nobody_left(one)]
    if not hopeless:
        return None
    troubles = [
        (one.identifier.value, mailing.contact.address, mailing.trouble_detail or NOTHING)
        for one in hopeless
        for mailing in one.mailings
    ]
    names = names_phrase([one.identifier.value for one in hopeless], occasion.language)
    certificate = occasion.certificate
    asked = certificate.mailed_again_at or certificate.created_at
    return Notice(
        kind=LetterKind.NOBODY_LEFT,
        facts=facts_of(occasion, {"troubles": troubles}, names=names),
        language=occasion.language,
        to=order_people(occasion.dossier.order, occasion.user),
        account=occasion.account,
        claim=f"nobody-left-{certificate.certificate_id}-{asked:%Y%m%dT%H%M%S}-{len(hopeless)}",
    )


def _nobody_left(one: Authorization) -> bool:
    return bool(one.mailings) and all(final_trouble(mailing) for mailing in one.mailings)


def for_ended(occasion: Occasion) -> Composed | None:
    """Why there is no certificate, and how to order again; an answered request tells itself."""
    certificate, reason = occasion.certificate, occasion.certificate.status_reason
    if certificate.status is CertificateStatus.CANCELLED:
        return _cancelled(occasion)
    if certificate.status is not CertificateStatus.INVALID or reason in _TOLD_BY_REQUEST:
        return None
    if reason is None or reason is StatusReason.TIMED_OUT:
        return for_timed_out(occasion)
    why, advice = ENDS[occasion.language][reason]
    missing = [*_unproven(occasion)] if reason is StatusReason.VALIDATION_FAILED else []
    if reason is StatusReason.REFUSED_BY_CAA:
        missing = [*_forbidden(occasion)]
    shown = _reorderable(occasion) | {"missing": missing}
    return LetterKind.FAILED, facts_of(occasion, shown, reason=why, advice=advice)


def for_timed_out(occasion: Occasion) -> Composed | None:
    """What was missing at the end: names not proven, CAA that forbids, or else it was us."""
    ours = (occasion.certificate.common_name, NOTHING, occasion.words["our_trouble"])
    missing = [*_unproven(occasion), *_forbidden(occasion)] or [ours]
    return LetterKind.TIMED_OUT, facts_of(occasion, _reorderable(occasion) | {"missing": missing})


def _cancelled(occasion: Occasion) -> Composed:
    words, user = occasion.words, _actor(occasion)
    by = f"{user.first_name} {user.last_name}" if user else ""
    who = words["by_person"].format(name=by) if by else words["by_support"]
    return LetterKind.CANCELLED, facts_of(occasion, _reorderable(occasion), canceller=who)


def others_than_the_actor(occasion: Occasion) -> tuple[str, ...]:
    """The order's people without who did it: that one knows."""
    people = order_people(occasion.dossier.order, occasion.user)
    if occasion.certificate.status is not CertificateStatus.CANCELLED:
        return people
    own = {folded(each) for each in reachable_by(_actor(occasion))}
    return tuple(each for each in people if folded(each) not in own)


def _actor(occasion: Occasion) -> User | None:
    """The person of the account who did it, if it was one."""
    word, _, number = occasion.change.actor.partition(" ")
    if word != "user":
        return None
    return occasion.desk.accounts.user(occasion.dossier.order.account_id, int(number))


def _reorderable(occasion: Occasion) -> dict[str, Rows]:
    """Whether the one call that orders again is shown: a reissue is asked for in other ways."""
    return {} if occasion.again else {"reorder": [("",)]}


def _unproven(occasion: Occasion) -> Iterable[tuple[str, ...]]:
    for each in occasion.authorizations:
        if each.status is AuthorizationStatus.VALID:
            continue
        since, saw, _ = _seen(each, occasion)
        yield each.identifier.value, since, saw


def _forbidden(occasion: Occasion) -> Iterable[tuple[str, ...]]:
    caa, words = occasion.certificate.caa, occasion.words
    if caa is None:
        return
    for finding in caa.findings:
        if not finding.permitted:
            saw = words["caa_forbids"] if finding.completed else words["caa_unknown"]
            told = saw.format(name=finding.deciding_name)
            yield finding.name, moment_words(caa.checked_at), told
