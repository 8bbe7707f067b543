"""The mails that ask for an approval of an order's names, after each change that asks for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ..domain.authorization import Authorization, DcvMethodName, Mailing, MailTrouble
from ..domain.calendar import rules_at
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import Change, ChangeKind
from ..domain.dossier import Dossier
from ..domain.gates import proof_counts
from ..domain.letters import language_of
from .approval_letters import Asking
from .domain_mails import mail_domain
from .posting import Letter, Posting, post

#: The changes after which names by e-mail get their mails.
ASKING_KINDS = frozenset(
    {
        ChangeKind.ORDER_PLACED,
        ChangeKind.REISSUE_PLACED,
        ChangeKind.VALIDATION_BEGUN,
        ChangeKind.VALUE_RENEWED,
        ChangeKind.MAILS_RESENT,
    }
)


def mail_approvals(change: Change, posting: Posting) -> int:
    """Send the mails that a change of an order or a domain asks for; how many left.

    Raises Unavailable when it should be tried again; what was sent by then is not sent twice.
    """
    if change.order_id is None:
        return mail_domain(change, posting)
    dossier = posting.ledger.order(change.order_id) if change.kind in ASKING_KINDS else None
    if dossier is None:
        return 0
    certificate = dossier.certificate(change.certificate_id or dossier.order.certificate_id)
    letters = _letters(dossier, certificate, posting.clock.now())
    if not letters:
        return 0
    asking = _asking(dossier, certificate, posting)
    return sum(post(letter, asking, change.change_id, posting) for letter in letters)


def _letters(dossier: Dossier, certificate: Certificate, now: datetime) -> tuple[Letter, ...]:
    """The mails about every name that waits for one, each mail once."""
    if certificate.status is not CertificateStatus.PENDING or not rules_at(now).email_methods:
        return ()
    items = dossier.authorizations.get(certificate.certificate_id, ())
    due: dict[str, tuple[Mailing, set[str]]] = {}
    for one, mailing in _mailings(items, now):
        _, names = due.setdefault(mailing.message_id, (mailing, set()))
        names.add(one.identifier.base)
    return tuple(
        Letter(
            mailing=mailing,
            # of several names: what an answer speaks for, which is above them all
            domain=mailing.contact.authorization_domain if len(names) > 1 else names.pop(),
            account_id=certificate.account_id,
            order_id=certificate.order_id,
            certificate_id=certificate.certificate_id,
        )
        for mailing, names in due.values()
    )


def _mailings(
    items: Iterable[Authorization], now: datetime
) -> Iterable[tuple[Authorization, Mailing]]:
    for one in items:
        if one.method is not DcvMethodName.EMAIL or proof_counts(one, now):
            continue
        for mailing in one.mailings:
            if mailing.message_id and mailing.trouble is not MailTrouble.COMPLAINED:
                yield one, mailing


def _asking(dossier: Dossier, certificate: Certificate, posting: Posting) -> Asking:
    order, window = dossier.order, certificate.window
    assert window is not None, "a pending certificate has a window"
    return Asking(
        names=tuple(each.value for each in certificate.identifiers),
        order_id=order.order_id,
        product_id=order.product_id,
        account_id=order.account_id,
        account=posting.accounts.account(order.account_id),
        user=posting.accounts.user(order.account_id, order.user_id),
        deadline=window.deadline,
        language=language_of(order.details.locale),
        base_url=posting.base_url,
    )
