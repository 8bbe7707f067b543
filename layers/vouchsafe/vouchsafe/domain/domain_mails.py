"""The mails about a domain that is proven ahead of any order: to whom, and how long they count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from .authorization import Contact, DcvMethodName, Mailing, Proof
from .calendar import rules_at
from .domains import Domain, value_is_used
from .email_approval import ApprovalMessage, MessageState, state_of
from .errors import Flaw
from .identifiers import parents_to_registrable
from .mailings import new_message_id, the_five
from .methods_email import RESERVED_MAILBOXES


class _Bytes(Protocol):
    def bytes(self, count: int) -> bytes: ...


def contacts_of_domain(name: str, emails: Sequence[str]) -> tuple[Contact, ...]:
    """Who gets the mails about a domain: the mailboxes chosen, or else the five at the domain."""
    if not emails:
        return the_five(name)
    return tuple(
        Contact(address=each, authorization_domain=each.rpartition("@")[2]) for each in emails
    )


def reserved_at(address: str, name: str) -> str | None:
    """The address in its one spelling, if it is a reserved mailbox of the domain or a parent."""
    mailbox, _, host = address.strip().lower().rpartition("@")
    host = host.rstrip(".")
    known = mailbox in RESERVED_MAILBOXES and host in parents_to_registrable(name)
    return f"{mailbox}@{host}" if known else None


def email_flaws(field: str, emails: Sequence[str], name: str) -> list[Flaw]:
    """What is wrong with the mailboxes chosen for a domain."""
    five = ", ".join(RESERVED_MAILBOXES)
    reason = f"must be {five} at {name} or a parent of it down to its registrable domain"
    return [
        Flaw(f"{field}[{position}]", reason)
        for position, address in enumerate(emails)
        if reserved_at(address, name) is None
    ]


def wants_mails(domain: Domain, now: datetime) -> bool:
    """Whether mails about the domain may go out: by e-mail, with a living value, not proven yet."""
    value = domain.random_value
    by_mail = domain.method is DcvMethodName.EMAIL and rules_at(now).email_methods
    if value is None or not domain.active or not by_mail:
        return False
    return now < value.expires_at and not value_is_used(domain)


def has_mailings(domain: Domain) -> bool:
    """Whether the domain's mails are those of its present value."""
    value = domain.random_value
    return value is not None and domain.mailings_of == value.created_at


def with_mailings(domain: Domain, entropy: _Bytes) -> Domain:
    """The domain with mails for its present value, one version on."""
    assert domain.random_value is not None
    mailings = tuple(
        Mailing(contact=contact, message_id=new_message_id(entropy))
        for contact in contacts_of_domain(domain.name, domain.emails)
    )
    return replace(
        domain,
        mailings=mailings,
        mailings_of=domain.random_value.created_at,
        version=domain.version + 1,
    )


def mailing_of_domain(domain: Domain, message_id: str) -> Mailing | None:
    """The mail of that id, if it is one of the domain's present value."""
    if domain.method is not DcvMethodName.EMAIL or not has_mailings(domain):
        return None
    return next((each for each in domain.mailings if each.message_id == message_id), None)


def state_of_domain(message: ApprovalMessage, domain: Domain, now: datetime) -> MessageState:
    """How a mail stands with the domain it is about."""
    own, value = state_of(message, now), domain.random_value
    if own is MessageState.APPROVED:
        return own
    if mailing_of_domain(domain, message.message_id) is None or not domain.active:
        return MessageState.ENDED
    if value_is_used(domain):
        return MessageState.PROVEN
    if value is None or now >= value.expires_at or not rules_at(now).email_methods:
        return MessageState.EXPIRED
    return own


def using_value(proof: Proof, domain: Domain) -> Proof:
    """The proof, marked with the domain's value: it is used up by it. By e-mail nobody knows it."""
    assert domain.random_value is not None
    return replace(proof, value=domain.random_value.value)
