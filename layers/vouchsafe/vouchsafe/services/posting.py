"""Sending one mail that asks for an approval, once for every occasion.

The value is drawn as the mail leaves; only its hash is written, before the mail leaves. Cut off in
between, the next try draws another one: what nobody got can prove nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..domain.authorization import Mailing, MailTrouble
from ..domain.email_approval import (
    CONTACT_LIFE,
    ApprovalMessage,
    may_leave,
    new_message,
    with_new_value,
)
from ..domain.errors import MailRefused, Unavailable
from ..domain.mail_reports import MailReport
from ..domain_ports import Domains
from ..mail_ports import ApprovalMessages
from ..ports import Accounts, Claims, Clock, Entropy, Ledger, Mailer
from .approval_letters import Asking, letter_for
from .attempts import undisturbed
from .mail_reports import take_report
from .mail_troubles import Trouble, note_trouble

#: Longer than the mail function may run, so that a live worker never loses its lease.
_LEASE = timedelta(minutes=5)
_DAY = timedelta(days=1)
_DIGEST = 32  # hex digits of a mailbox's hash
#: Mails asking for approvals that one account may have sent to one mailbox on one day.
MOST_TO_A_MAILBOX = 30


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Posting:
    """What sending needs."""

    ledger: Ledger
    messages: ApprovalMessages
    domains: Domains
    accounts: Accounts
    claims: Claims
    mailer: Mailer
    clock: Clock
    entropy: Entropy
    base_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail that is due: to whom, and about what of whose."""

    mailing: Mailing
    domain: str
    account_id: int
    order_id: int | None = None
    certificate_id: int | None = None
    domain_id: int | None = None


def post(letter: Letter, asking: Asking, occasion: str, posting: Posting) -> bool:
    """Send one mail, once for each `occasion` (a change's id); whether it left now.

    Raises Unavailable when it should be tried again.
    """
    claim = f"{occasion}-approval-{letter.mailing.message_id}"
    now = posting.clock.now()
    if not posting.claims.take(claim, now, now + _LEASE):
        if posting.claims.outcome(claim) is None:
            raise Unavailable(f"{claim} is in another worker's hands")
        return False
    try:
        carried = _send(letter, asking, posting, now)
    except Unavailable:
        posting.claims.release(claim)
        raise
    posting.claims.finish(claim, carried or "not sent")
    return bool(carried)


def _send(letter: Letter, asking: Asking, posting: Posting, now: datetime) -> str:
    """Send it; the carrier's id. Empty when it may not be sent or was refused, which is noted."""
    contact = letter.mailing.contact
    if contact.looked_at is not None and now > contact.looked_at + CONTACT_LIFE:
        # DNS may name somebody else by now. Asking for the mails again looks it up.
        _note(letter, MailTrouble.STALE, "", posting)
        return ""
    if not _has_room(letter, posting, now):
        _note(letter, MailTrouble.HELD_BACK, "", posting)
        return ""
    value = _recorded_value(letter, posting, now)
    if not value:
        return ""
    mail = letter_for(asking, letter.mailing, letter.domain, value)
    try:
        return posting.mailer.send(mail)
    except MailRefused as refusal:
        _note(letter, MailTrouble.REFUSED, str(refusal), posting)
        return ""


def _has_room(letter: Letter, posting: Posting, now: datetime) -> bool:
    """Whether the account may have one more mail sent to that mailbox today, which is counted.

    Its reader did not ask for any: orders and domains placed and taken back again and again must
    not fill the mailbox.
    """
    address = letter.mailing.contact.address.lower()
    digest = hashlib.sha256(address.encode()).hexdigest()[:_DIGEST]
    day = f"approvals-{now.astimezone(UTC):%Y-%m-%d}-{letter.account_id}-{digest}"
    for number in range(MOST_TO_A_MAILBOX):
        if posting.claims.take(f"{day}-{number}", now, now + _DAY):
            posting.claims.finish(f"{day}-{number}", letter.mailing.message_id)
            return True
    return False


def _note(letter: Letter, kind: MailTrouble, detail: str, posting: Posting) -> None:
    if letter.order_id is not None and letter.certificate_id is not None:
        trouble = Trouble(
            message_id=letter.mailing.message_id,
            order_id=letter.order_id,
            certificate_id=letter.certificate_id,
            kind=kind,
            detail=detail,
        )
        note_trouble(trouble, ledger=posting.ledger, clock=posting.clock, entropy=posting.entropy)
        return
    take_report(
        MailReport(message_id=letter.mailing.message_id, kind=kind, detail=detail),
        ledger=posting.ledger,
        messages=posting.messages,
        domains=posting.domains,
        clock=posting.clock,
        entropy=posting.entropy,
    )


def _recorded_value(letter: Letter, posting: Posting, now: datetime) -> str:
    """A new value, whose hash stands with the mail on record; none for a mail that left too often.

    Raises Unavailable.
    """

    def attempt() -> str:
        standing = posting.messages.message(letter.mailing.message_id)
        if standing is not None and not may_leave(standing, now):
            return ""
        message, value = with_new_value(
            standing or _fresh(letter, posting.entropy, now), posting.entropy, now
        )
        posting.ledger.commit(message)
        return value

    return undisturbed(attempt, what=f"mail {letter.mailing.message_id}")


def _fresh(letter: Letter, entropy: Entropy, now: datetime) -> ApprovalMessage:
    return new_message(
        letter.mailing,
        letter.domain,
        account_id=letter.account_id,
        order_id=letter.order_id,
        certificate_id=letter.certificate_id,
        domain_id=letter.domain_id,
        entropy=entropy,
        now=now,
    )
