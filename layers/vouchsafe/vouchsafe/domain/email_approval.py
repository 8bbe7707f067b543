"""Approval by e-mail: what a mail about a name is, and what its answer proves (BR 3.2.2.4.4 ff.).

The value in a mail is kept nowhere: what is kept is its hash, which finds the mail and nothing
else. Each mail that leaves has a value of its own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from .authorization import (
    Authorization,
    AuthorizationStatus,
    Contact,
    DcvMethodName,
    Mailing,
    Proof,
)
from .calendar import rules_at
from .certificate import Certificate, CertificateStatus
from .dcv import steps_to
from .gates import proof_counts
from .identifiers import Identifier
from .methods_email import section_of
from .records import VALUE_LIFE, new_random_value

#: Wrong values that may be entered on one mail's page. 128 random bits need no such limit; noise
#: does.
MOST_ATTEMPTS = 10
#: How often one mail may leave in a day, and how many of its values stay good.
MOST_SENT = 10
_DAY = timedelta(days=1)
#: How long after a repetition the next one may be asked for.
COOL_DOWN = timedelta(minutes=5)
#: How long a contact found in DNS is written to without looking again (our choice).
CONTACT_LIFE = timedelta(hours=48)
_TOKEN_BYTES = 16
_FOUND = "contact found at "  # how a step begins


class _Bytes(Protocol):
    def bytes(self, count: int) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedValue:
    """The hash of a value that left in a mail, and until when the value is good."""

    sha256: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalMessage:
    """A mail about one name to one mailbox, as it was sent so far.

    It is about a certificate's name, or about a domain that is proven ahead of any order.
    `form_token` is what its page's form must bring back.
    """

    message_id: str
    account_id: int
    order_id: int | None = None
    certificate_id: int | None = None
    domain_id: int | None = None
    name: str
    address: str
    form_token: str
    created_at: datetime
    values: tuple[MailedValue, ...] = ()
    attempts: int = 0
    approved_at: datetime | None = None
    version: int = 1


class MessageState(StrEnum):
    """How a mail's page stands."""

    OPEN = "open"
    APPROVED = "approved"  # by this mail
    PROVEN = "proven"  # already, otherwise
    EXPIRED = "expired"
    ENDED = "ended"  # what it is about is over, or is proven another way now
    LOCKED = "locked"  # too many wrong values


def fingerprint(value: str) -> str:
    """The hash under which a value is found again: SHA-256, lower-case hexadecimal."""
    return hashlib.sha256(value.strip().encode()).hexdigest()


def new_message(
    mailing: Mailing,
    name: str,
    *,
    account_id: int,
    order_id: int | None = None,
    certificate_id: int | None = None,
    domain_id: int | None = None,
    entropy: _Bytes,
    now: datetime,
) -> ApprovalMessage:
    """The mail before it leaves for the first time; it has no value yet."""
    token = base64.b32encode(entropy.bytes(_TOKEN_BYTES)).decode("ascii").rstrip("=").lower()
    return ApprovalMessage(
        message_id=mailing.message_id,
        account_id=account_id,
        order_id=order_id,
        certificate_id=certificate_id,
        domain_id=domain_id,
        name=name,
        address=mailing.contact.address,
        form_token=token,
        created_at=now,
        version=0,
    )


def with_new_value(
    message: ApprovalMessage, entropy: _Bytes, now: datetime
) -> tuple[ApprovalMessage, str]:
    """The mail with a value more, one version on, and that value in clear: for the mail alone."""
    value = new_random_value(entropy, now).value
    mailed = MailedValue(sha256=fingerprint(value), created_at=now, expires_at=now + VALUE_LIFE)
    values = (*message.values, mailed)[-MOST_SENT:]
    return replace(message, values=values, version=message.version + 1), value


def may_leave(message: ApprovalMessage, now: datetime) -> bool:
    """Whether the mail may leave once more: not too often, since its reader did not ask for it."""
    newest = message.values[-MOST_SENT:]
    return len(newest) < MOST_SENT or newest[0].created_at <= now - _DAY


def holds(message: ApprovalMessage, value: str, now: datetime) -> bool:
    """Whether the value left in this mail and is still good; in constant time."""
    wanted = fingerprint(value)
    good = [one.sha256 for one in message.values if now < one.expires_at]
    return any([hmac.compare_digest(wanted, each) for each in good])


def state_of(message: ApprovalMessage, now: datetime) -> MessageState:
    """How the mail stands by itself, whatever became of what it is about."""
    if message.approved_at is not None:
        return MessageState.APPROVED
    if message.attempts >= MOST_ATTEMPTS:
        return MessageState.LOCKED
    if not any(now < one.expires_at for one in message.values):
        return MessageState.EXPIRED
    return MessageState.OPEN


def state_of_name(
    message: ApprovalMessage,
    certificate: Certificate,
    authorizations: Sequence[Authorization],
    now: datetime,
) -> MessageState:
    """How the mail stands with the certificate it is about."""
    own = state_of(message, now)
    about = [one for one in authorizations if mailing_of(one, message.message_id) is not None]
    if own is MessageState.APPROVED:
        return own
    if about and all(proof_counts(one, now) for one in about):
        return MessageState.PROVEN
    window = certificate.window
    if certificate.status is not CertificateStatus.PENDING or not about or window is None:
        return MessageState.ENDED
    if now > window.deadline or not rules_at(now).email_methods:
        return MessageState.EXPIRED
    return own


def mailing_of(authorization: Authorization, message_id: str) -> Mailing | None:
    """The mail of that id, if it is one of this name's as things stand now."""
    if authorization.method is not DcvMethodName.EMAIL:
        return None
    found = (each for each in authorization.mailings if each.message_id == message_id)
    return next(found, None) if message_id else None


def proof_by(contact: Contact, message: ApprovalMessage, name: str, now: datetime) -> Proof:
    """What an answer to the mail proves: control of the contact's authorization domain.

    For a contact found in DNS, the places that saw it are part of the proof (BR 3.2.2.9); the five
    reserved mailboxes need none.
    """
    domain = contact.authorization_domain
    found = (f"{_FOUND}{contact.found_at}",) if contact.found_at else ()
    return Proof(
        method=DcvMethodName.EMAIL,
        br_section=section_of(contact.source),
        authorization_domain=domain,
        steps=(*steps_to(Identifier(name), domain), *found),
        value="",  # kept nowhere
        proven_at=now,
        quorum=contact.quorum,
        perspectives=contact.perspectives,
        dnssec=contact.dnssec,
        address=message.address,
        message_id=message.message_id,
    )


def proven_by(
    authorizations: Sequence[Authorization], proof: Proof, now: datetime
) -> tuple[Authorization, ...]:
    """The authorizations once a mail was answered: every waiting name the proof reaches is valid.

    A mailbox of a domain speaks for all names below it (BR 3.2.2.4.4).
    """
    return tuple(
        replace(one, status=AuthorizationStatus.VALID, proof=_proof_of(one, proof), last_look=None)
        if one.method is DcvMethodName.EMAIL
        and not proof_counts(one, now)
        and reaches(proof, one.identifier)
        else one
        for one in authorizations
    )


def _proof_of(one: Authorization, proof: Proof) -> Proof:
    """The proof with the steps that lead from this name to its domain (BR 3.2.2.4)."""
    found = tuple(step for step in proof.steps if step.startswith(_FOUND))
    steps = steps_to(one.identifier, proof.authorization_domain)
    return replace(proof, steps=(*steps, *found))


def reaches(proof: Proof, identifier: Identifier) -> bool:
    """Whether the proof's domain is the identifier's base or a parent of it."""
    domain, base = proof.authorization_domain, identifier.base
    return base == domain or base.endswith(f".{domain}")
