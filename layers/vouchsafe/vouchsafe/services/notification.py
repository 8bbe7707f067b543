"""Telling: changes get their numbers, and people learn of those that concern them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import batched

from ..domain.accounts import UserStatus
from ..domain.changes import Change, ChangeKind, NumberedChange
from ..domain.errors import Unavailable
from ..domain.letters import LETTERS, LetterKind, language_of
from ..domain.notices import Facts, Mail, subject_of, to_html, to_text
from ..ports import Accounts, CertificateStore, Claims, Clock, Feed, Ledger, Mailer, NoticeQueue
from . import letter_facts
from .letter_facts import Occasion

#: Longer than the mail function may run, so that a live worker never loses its lease.
LEASE = timedelta(minutes=5)
#: SES takes so many recipients in one message.
_RECIPIENTS = 50

type Compose = Callable[[Occasion], tuple[LetterKind, Facts] | None]

#: What people get a mail about. None: known, and deliberately nothing.
TOLD: Mapping[ChangeKind, Compose | None] = {
    ChangeKind.ORDER_PLACED: letter_facts.for_new_order,
    ChangeKind.CERTIFICATE_ISSUED: letter_facts.for_issued,
    ChangeKind.ORDER_TIMED_OUT: letter_facts.for_timed_out,
    ChangeKind.CERTIFICATE_REVOKED: letter_facts.for_revoked,
    ChangeKind.KEY_REPORTED: None,
    ChangeKind.KEY_BLOCKED: None,
    ChangeKind.BULK_REVOCATION: None,
    ChangeKind.INTENT_GIVEN_UP: None,
    ChangeKind.ORDER_CANCELLED: None,
    ChangeKind.ORDER_REJECTED: None,
    ChangeKind.VALUE_RENEWED: None,
    ChangeKind.NAME_PROVEN: None,
    ChangeKind.CAA_REFUSED: None,  # whom CAA's iodef names is told in caa_reports
    ChangeKind.MAILS_RESENT: None,  # the mails themselves are sent in approval_mails
    ChangeKind.MAIL_BOUNCED: None,
    ChangeKind.ORDER_NOTED: None,
    ChangeKind.CUSTOM_FIELD_SET: None,
    ChangeKind.REQUEST_CREATED: None,
    ChangeKind.REQUEST_APPROVED: None,
    ChangeKind.REQUEST_REJECTED: None,
    ChangeKind.REQUEST_LAPSED: None,
    ChangeKind.REQUEST_VOIDED: None,
    ChangeKind.REQUEST_REMINDER_DUE: None,
    ChangeKind.REISSUE_PLACED: letter_facts.for_new_order,
    ChangeKind.REISSUE_ENDED: None,
    ChangeKind.CSR_REPLACED: None,
    ChangeKind.VALIDATION_BEGUN: letter_facts.for_new_order,
    ChangeKind.ACCOUNT_CREATED: None,
    ChangeKind.ACCOUNT_CHANGED: None,
    ChangeKind.KEY_CREATED: None,
    ChangeKind.KEY_REVOKED: None,
    ChangeKind.KEY_ACTIVATED: None,
    ChangeKind.USER_CREATED: None,
    ChangeKind.USER_CHANGED: None,
    ChangeKind.USER_ROLE_CHANGED: None,
    ChangeKind.USER_ACTIVATED: None,
    ChangeKind.USER_DEACTIVATED: None,
    ChangeKind.USER_DELETED: None,
    ChangeKind.CONTAINER_CREATED: None,
    ChangeKind.CONTAINER_CHANGED: None,
    ChangeKind.CONTAINER_ACTIVATED: None,
    ChangeKind.CONTAINER_DEACTIVATED: None,
    ChangeKind.DOMAIN_ADDED: None,
    ChangeKind.DOMAIN_CHANGED: None,
    ChangeKind.DOMAIN_PROVEN: None,
    ChangeKind.DOMAIN_ACTIVATED: None,
    ChangeKind.DOMAIN_DEACTIVATED: None,
    ChangeKind.DOMAIN_REMOVED: None,
    ChangeKind.ORGANIZATION_CREATED: None,
    ChangeKind.ORGANIZATION_VALIDATED: None,
    ChangeKind.ORGANIZATION_CHANGED: None,
    ChangeKind.ORGANIZATION_SUBMITTED: None,
    ChangeKind.ORGANIZATION_REJECTED: None,
    ChangeKind.ORGANIZATION_EXPIRING: None,
    ChangeKind.ORGANIZATION_EXPIRED: None,
    ChangeKind.REVIEW_WORKED_ON: None,
    ChangeKind.AGREEMENT_ACCEPTED: None,
    ChangeKind.POLICY_LISTS_SET: None,
    ChangeKind.CLEARANCE_GIVEN: None,
    ChangeKind.CLEARANCE_WITHDRAWN: None,
    ChangeKind.AUDIT_LOG_READ: None,
    ChangeKind.REAUDIT_FOUND: None,
    ChangeKind.PROOF_REMINDER_DUE: None,
    ChangeKind.EXPIRY_REMINDER_DUE: None,
    ChangeKind.DOMAIN_EXPIRING: None,
    ChangeKind.DOMAIN_EXPIRED: None,
    ChangeKind.MANAGED_KEY_MADE: None,
    ChangeKind.KEY_EXPORTED: None,
    ChangeKind.WEBHOOK_CREATED: None,
    ChangeKind.WEBHOOK_CHANGED: None,
    ChangeKind.WEBHOOK_REMOVED: None,
    ChangeKind.PROBLEM_REPORTED: None,
    ChangeKind.PROBLEM_CHANGED: None,
    ChangeKind.ISSUER_CHANGED: None,
}


def number_change(
    change: Change,
    *,
    feed: Feed,
    queue: NoticeQueue,
    then: Callable[[Change], object] | None = None,
) -> NumberedChange:
    """Give a committed change its number and queue it to be told; doing it twice is harmless.

    `then` is done with it, too. Only after all of that is the change passed on: cut anywhere
    before, the sweep comes back to it. Raises Unavailable for trouble that may pass and KeyError
    for a change nobody committed.
    """
    numbered = feed.number(change)
    if then is not None:
        then(change)
    queue.send(numbered)
    feed.pass_on(change)
    return numbered


def sweep_left_behind(
    before: datetime,
    limit: int,
    *,
    feed: Feed,
    queue: NoticeQueue,
    then: Callable[[Change], object] | None = None,
) -> int:
    """Pass on at most `limit` changes from earlier than `before` that the stream left; how many.

    `then` is done with each change, as the stream's consumer would have done. A change that
    cannot be numbered stops none behind it; all such trouble is raised at the end.
    """
    left = feed.left_behind(before, limit)
    troubles: list[Exception] = []
    for change in left:
        try:
            number_change(change, feed=feed, queue=queue, then=then)
        except (Unavailable, LookupError, ValueError) as trouble:
            troubles.append(trouble)
    if troubles:
        raise ExceptionGroup(f"{len(troubles)} of {len(left)} changes stay behind", troubles)
    return len(left)


def tell(
    numbered: NumberedChange,
    *,
    ledger: Ledger,
    accounts: Accounts,
    claims: Claims,
    mailer: Mailer,
    store: CertificateStore,
    clock: Clock,
    base_url: str = "",
    dcv_domain: str = "",
) -> str:
    """Send the mail that belongs to a change, if any, once; what came of it in a word or two.

    `base_url` is where the API is, `dcv_domain` our domain to which CNAME records point. Raises
    Unavailable when it should be tried again: the carrier has trouble, or another worker is at it
    and has not finished.
    """
    mail = _mail(numbered.change, ledger, accounts, store, (base_url, dcv_domain))
    if mail is None:
        return "nothing to tell"
    claim, told = f"{numbered.change.change_id}-mail", False
    for number, part in enumerate(_parts(mail)):
        name = f"{claim}-{number}" if number else claim
        told = _send_once(name, part, claims, mailer, clock.now()) or told
    return "told" if told else "told before"


def _send_once(claim: str, mail: Mail, claims: Claims, mailer: Mailer, now: datetime) -> bool:
    """Send one message under its own claim; False when it was sent before. Raises Unavailable."""
    if not claims.take(claim, now, now + LEASE):
        if claims.outcome(claim) is None:
            raise Unavailable(f"{claim} is in another worker's hands")
        return False
    try:
        carried = mailer.send(mail)
    except Unavailable:
        claims.release(claim)
        raise
    claims.finish(claim, carried)
    return True


def _parts(mail: Mail) -> list[Mail]:
    """The mail in as many messages as its recipients need."""
    return [
        Mail(to=to, subject=mail.subject, text=mail.text, html=mail.html, tags=mail.tags)
        for to in batched(mail.to, _RECIPIENTS, strict=False)
    ]


def _mail(
    change: Change,
    ledger: Ledger,
    accounts: Accounts,
    store: CertificateStore,
    places: tuple[str, str],
) -> Mail | None:
    """The mail about a change as things stand now; None when there is nothing or nobody to tell."""
    compose = TOLD[change.kind]
    dossier = ledger.order(change.order_id) if compose and change.order_id else None
    if compose is None or dossier is None:
        return None
    order = dossier.order
    occasion = Occasion(
        dossier=dossier,
        certificate=dossier.certificate(change.certificate_id or order.certificate_id),
        account=accounts.account(order.account_id),
        user=accounts.user(order.account_id, order.user_id),
        language=language_of(order.details.locale),
        base_url=places[0],
        dcv_domain=places[1],
        store=store,
    )
    recipients = _recipients(occasion)
    composed = compose(occasion) if recipients else None
    return _set(change, occasion, recipients, composed) if composed else None


def _recipients(occasion: Occasion) -> tuple[str, ...]:
    """Who placed the order, unless deleted, and whom it names; each address once, in any case."""
    user = occasion.user
    placed_by = () if user is None or user.status is UserStatus.DELETED else (user.email,)
    addresses = (*placed_by, *occasion.dossier.order.details.notify)
    return tuple({address.lower(): address for address in reversed(addresses)}.values())[::-1]


def _set(
    change: Change, occasion: Occasion, to: tuple[str, ...], composed: tuple[LetterKind, Facts]
) -> Mail:
    kind, facts = composed
    letter = LETTERS[occasion.language][kind]
    return Mail(
        to=to,
        subject=subject_of(letter, facts),
        text=to_text(letter, facts),
        html=to_html(letter, facts, occasion.language),
        tags=(("kind", change.kind), ("order_id", str(occasion.dossier.order.order_id))),
    )
