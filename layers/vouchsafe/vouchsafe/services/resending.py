"""Having the mails of an order sent again, not too often."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ..domain.accounts import Principal
from ..domain.authorization import (
    Authorization,
    Contact,
    ContactSource,
    DcvMethodName,
    Mailing,
    MailTrouble,
)
from ..domain.calendar import rules_at
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import NOISE_BYTES, Change, ChangeKind
from ..domain.dossier import Authorizations, Dossier
from ..domain.email_approval import COOL_DOWN
from ..domain.errors import ErrorCode, VouchsafeError
from ..domain.gates import proof_counts
from ..domain.mailings import addressed, planned_contacts
from ..mail_ports import ContactFinder
from ..ports import Clock, Entropy, Ledger, Record
from .attempts import attempted
from .new_orders import order_change
from .ownership import owned


def resend_mails(
    order_id: int,
    principal: Principal,
    *,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
    contacts: ContactFinder | None = None,
) -> None:
    """Send every unproven name's mails again, to the same addresses, each with a new value.

    Earlier mails stay good. Raises not_found, CONFLICT for an order that waits for no mail, and
    RATE_LIMITED in the time after the last repetition.
    """

    def attempt(now: datetime) -> tuple[None, Sequence[Record]]:
        dossier = owned(ledger.order(order_id), principal)
        certificate = dossier.under_way or dossier.newest
        items = dossier.authorizations.get(certificate.certificate_id, ())
        waiting = [one for one in items if _waits(one, now)]
        if certificate.status is not CertificateStatus.PENDING or not waiting:
            raise _nothing_to_send()
        cool_down(certificate.mailed_again_at, now)
        found = _looked_up(waiting, contacts)
        after = _again(items, waiting, found, entropy)
        return None, _records(
            dossier, certificate, after, principal=principal, now=now, entropy=entropy
        )

    attempted(attempt, what=f"order {order_id}", ledger=ledger, clock=clock)


def _waits(one: Authorization, now: datetime) -> bool:
    by_mail = one.method is DcvMethodName.EMAIL and rules_at(now).email_methods
    return by_mail and not proof_counts(one, now)


def _nothing_to_send() -> VouchsafeError:
    return VouchsafeError(
        ErrorCode.CONFLICT,
        "No name of this order waits to be proven by e-mail; nothing was sent.",
        subject="order",
    )


def cool_down(asked_at: datetime | None, now: datetime) -> None:
    """Raises VouchsafeError(RATE_LIMITED) in the time after `asked_at`."""
    if asked_at is None or now >= asked_at + COOL_DOWN:
        return
    seconds = math.ceil((asked_at + COOL_DOWN - now).total_seconds())
    raise VouchsafeError(
        ErrorCode.RATE_LIMITED,
        f"The mails were sent again a moment ago; try again in {seconds} seconds.",
        retry_after=max(1, seconds),
    )


def _looked_up(
    waiting: Sequence[Authorization], contacts: ContactFinder | None
) -> Sequence[Contact]:
    """The contacts that DNS names now, where mails go to such."""
    asked = {
        mailing.contact.authorization_domain
        for one in waiting
        for mailing in one.mailings
        if mailing.contact.source is not ContactSource.CONSTRUCTED
    }
    if not asked or contacts is None:
        return ()
    return contacts.find(tuple(sorted(asked)))


def _again(
    items: Sequence[Authorization],
    waiting: Sequence[Authorization],
    found: Sequence[Contact],
    entropy: Entropy,
) -> tuple[Authorization, ...]:
    """The names with their mails as they go out again; with new ones where they never had any."""
    unsent = [one for one in waiting if not any(each.message_id for each in one.mailings)]
    pending = [replace(one, proof=None) for one in unsent]
    again = {one.identifier: _resent(one, found) for one in waiting}
    for one, fresh in zip(
        unsent, addressed(pending, planned_contacts(unsent), entropy), strict=True
    ):
        again[one.identifier] = replace(fresh, proof=one.proof)
    return tuple(again.get(one.identifier, one) for one in items)


def _resent(one: Authorization, found: Sequence[Contact]) -> Authorization:
    mailings = tuple(_refreshed(each, found) for each in one.mailings)
    return replace(one, mailings=mailings, last_look=None)


def _refreshed(mailing: Mailing, found: Sequence[Contact]) -> Mailing:
    """With the contact as DNS names it now; what came back before may get through now."""
    trouble = mailing.trouble if mailing.trouble is MailTrouble.COMPLAINED else None
    contact = mailing.contact
    for other in found:
        same = other.authorization_domain == contact.authorization_domain
        if same and other.address == contact.address and other.source is contact.source:
            contact = other
    detail = mailing.trouble_detail if trouble else ""
    return replace(mailing, contact=contact, trouble=trouble, trouble_detail=detail)


def _records(
    dossier: Dossier,
    certificate: Certificate,
    items: tuple[Authorization, ...],
    *,
    principal: Principal,
    now: datetime,
    entropy: Entropy,
) -> tuple[Certificate, Authorizations, Change]:
    changed = replace(certificate, mailed_again_at=now, version=certificate.version + 1)
    pack = Authorizations(
        order_id=certificate.order_id, certificate_id=certificate.certificate_id, items=items
    )
    noise = entropy.bytes(NOISE_BYTES)
    change = order_change(dossier.order, ChangeKind.MAILS_RESENT, principal, now, noise)
    return changed, pack, replace(change, certificate_id=certificate.certificate_id)
