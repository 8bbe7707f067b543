"""Mailboxes that will not answer: refused, bounced, unwanted. Noted where they were asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.authorization import (
    Authorization,
    AuthorizationStatus,
    DcvMethodName,
    Mailing,
    MailTrouble,
)
from ..domain.certificate import CertificateStatus
from ..domain.changes import ChangeKind
from ..domain.dossier import Authorizations, Dossier
from ..domain.email_approval import mailing_of
from ..domain.gates import proof_counts
from ..domain.lifecycle import end_told, followed, moved
from ..domain.mail_summaries import final_trouble, mail_summary
from ..domain.order import StatusReason
from ..domain.products import PRODUCTS
from ..ports import Clock, Entropy, Ledger, Record
from .attempts import attempted
from .change_records import certificate_change

_ATTEMPTS = 6
LONGEST_DETAIL = 200  # characters of what a mail system says


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What became of one mail of an order."""

    message_id: str
    order_id: int
    certificate_id: int
    kind: MailTrouble
    detail: str = ""


def note_trouble(trouble: Trouble, *, ledger: Ledger, clock: Clock, entropy: Entropy) -> bool:
    """Mark the address on the order; whether that changed anything.

    An order of a product whose method is final fails for good when no address of a name is left;
    others stay as they are until their deadline, since their method can change. Raises Unavailable.
    """

    def attempt(now: datetime) -> tuple[bool, Sequence[Record]]:
        dossier = ledger.order(trouble.order_id)
        records = () if dossier is None else _noted(dossier, trouble, now, entropy)
        return bool(records), records

    what = f"order {trouble.order_id}"
    return attempted(attempt, what=what, attempts=_ATTEMPTS, ledger=ledger, clock=clock)


def _noted(
    dossier: Dossier, trouble: Trouble, now: datetime, entropy: Entropy
) -> tuple[Record, ...]:
    """What one commit writes; nothing when the mail does not matter any more, or it is known."""
    certificate = dossier.certificate(trouble.certificate_id)
    before = dossier.authorizations.get(certificate.certificate_id, ())
    after = tuple(_troubled(one, trouble, now) for one in before)
    if certificate.status is not CertificateStatus.PENDING or after == before:
        return ()
    changed = replace(certificate, version=certificate.version + 1)
    bounced = certificate_change(
        ChangeKind.MAIL_BOUNCED, changed, _said(after, trouble), now=now, entropy=entropy
    )
    records: tuple[Record, ...] = ()
    if PRODUCTS[certificate.product_id].method_is_final and _hopeless(after, now):
        ended = moved(certificate, CertificateStatus.INVALID, StatusReason.VALIDATION_FAILED)
        changed = replace(ended, next_look_at=None)
        after = tuple(_failed(one) for one in after)
        said: dict[str, object] = {"kind": str(ended.kind), "reason": str(ended.status_reason)}
        told = certificate_change(end_told(changed), changed, said, now=now, entropy=entropy)
        records = (*followed(dossier.order, changed), told)
    pack = Authorizations(
        order_id=certificate.order_id, certificate_id=certificate.certificate_id, items=after
    )
    return changed, pack, bounced, *records


def _troubled(one: Authorization, trouble: Trouble, now: datetime) -> Authorization:
    mailing = mailing_of(one, trouble.message_id)
    if mailing is None or final_trouble(mailing):
        return one
    marked = replace(mailing, trouble=trouble.kind, trouble_detail=trouble.detail[:LONGEST_DETAIL])
    mailings = tuple(
        marked if each.message_id == trouble.message_id else each for each in one.mailings
    )
    after = replace(one, mailings=mailings)
    return after if proof_counts(one, now) else replace(after, last_look=mail_summary(after, now))


def _hopeless(items: Sequence[Authorization], now: datetime) -> bool:
    """Whether some name waits for an answer that nobody is left to give."""
    return any(
        one.method is DcvMethodName.EMAIL
        and not proof_counts(one, now)
        and bool(one.mailings)
        and all(final_trouble(mailing) for mailing in one.mailings)
        for one in items
    )


def _failed(one: Authorization) -> Authorization:
    """A name of an order that failed; one that was proven stays proven."""
    waits = one.status is AuthorizationStatus.PENDING
    return replace(one, status=AuthorizationStatus.INVALID) if waits else one


def _said(items: Sequence[Authorization], trouble: Trouble) -> dict[str, object]:
    found: list[tuple[str, Mailing]] = [
        (one.identifier.value, mailing)
        for one in items
        if (mailing := mailing_of(one, trouble.message_id)) is not None
    ]
    return {
        "names": [name for name, _ in found],
        "address": found[0][1].contact.address if found else "",
        "trouble": str(trouble.kind),
    }
