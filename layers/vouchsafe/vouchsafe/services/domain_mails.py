"""The mails about domains that are proven ahead of any order: sent, listed, sent again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..domain.accounts import Principal, User
from ..domain.authorization import MailTrouble
from ..domain.changes import Change, ChangeKind
from ..domain.domain_mails import contacts_of_domain, has_mailings, wants_mails, with_mailings
from ..domain.domains import Domain
from ..domain.errors import Flaw, invalid
from ..domain.identifiers import parents_to_registrable
from ..domain.letters import language_of
from ..domain.methods_email import ReservedMailbox
from ..domain_ports import Domains
from ..ports import Clock, Entropy, Ledger, Record
from .account_changes import account_change
from .approval_letters import Asking
from .attempts import attempted
from .domain_records import domain_records, read_domain, refused
from .idempotency import OnceOnly
from .posting import Letter, Posting, post
from .resending import cool_down

_NEW_VALUE = "value_expires_at"  # what a change tells of a domain when its value is another


def mail_domain(change: Change, posting: Posting) -> int:
    """Send the mails that a change of a domain asks for; how many left. Raises Unavailable."""
    if not _asks(change):
        return 0
    domain = _with_mailings(change, posting)
    if domain is None:
        return 0
    asking = _asking(domain, change, posting)
    letters = [
        Letter(
            mailing=mailing,
            domain=domain.name,
            account_id=domain.account_id,
            domain_id=domain.domain_id,
        )
        for mailing in domain.mailings
        if mailing.trouble is not MailTrouble.COMPLAINED
    ]
    return sum(post(letter, asking, change.change_id, posting) for letter in letters)


def _asks(change: Change) -> bool:
    """Whether mails are due after it: a new domain, a new value, or somebody asked again."""
    if "domain_id" not in change.data:
        return False
    if change.kind is ChangeKind.DOMAIN_CHANGED:
        return _NEW_VALUE in change.after
    return change.kind in {ChangeKind.DOMAIN_ADDED, ChangeKind.MAILS_RESENT}


def _with_mailings(change: Change, posting: Posting) -> Domain | None:
    """The domain with the mails of its present value; None when none are due. Raises
    Unavailable."""
    domain_id = int(change.data["domain_id"])

    def attempt(now: datetime) -> tuple[Domain | None, Sequence[Record]]:
        domain = posting.domains.domain(change.account_id, domain_id)
        if domain is None or not wants_mails(domain, now):
            return None, ()
        if change.kind is ChangeKind.DOMAIN_ADDED and domain.approval is not None:
            return None, ()  # a proof covers it already: mails go out when somebody asks
        if has_mailings(domain):
            return domain, ()
        fresh = with_mailings(domain, posting.entropy)
        return fresh, domain_records(domain, fresh)

    what = f"domain {domain_id}"
    return attempted(attempt, what=what, ledger=posting.ledger, clock=posting.clock)


def _asking(domain: Domain, change: Change, posting: Posting) -> Asking:
    assert domain.random_value is not None, "wants_mails"
    return Asking(
        names=(domain.name,),
        order_id=None,
        account_id=domain.account_id,
        account=posting.accounts.account(domain.account_id),
        user=_person(change, posting),
        deadline=domain.random_value.expires_at,
        language=language_of(domain.locale),
        base_url=posting.base_url,
    )


def _person(change: Change, posting: Posting) -> User | None:
    """Who asked, if it was one of the account's people."""
    word, _, number = change.actor.partition(" ")
    if word != "user" or not number.isdigit():
        return None
    return posting.accounts.user(change.account_id, int(number))


def email_lists(domain: Domain, scope: str | None = None) -> Mapping[str, Any]:
    """Who gets the mails about a domain, at one level of its name; WHOIS names nobody here."""
    addresses = [contact.address for contact in contacts_of_domain(domain.name, domain.emails)]
    if scope is not None:
        addresses = list(ReservedMailbox().addresses(scope))
    return {
        "name_scope": scope or addresses[0].rpartition("@")[2],
        "base_emails": addresses,
        "whois_emails": [],
    }


def check_scope(scope: str | None, domain: Domain) -> str | None:
    """The level of a domain's name in its one spelling. Raises INVALID for another name."""
    if scope is None or not scope.strip():
        return None
    level = scope.strip().rstrip(".").lower()
    levels = parents_to_registrable(domain.name)
    if level not in levels:
        raise invalid(Flaw("name_scope", f"must be {domain.name} or a parent down to {levels[-1]}"))
    return level


def resend_domain_mails(
    domain_id: int,
    principal: Principal,
    scope: str | None,
    *,
    once: OnceOnly[None] | None,
    ledger: Ledger,
    domains: Domains,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Send the domain's mails again, or from now on to the five mailboxes at another level.

    Raises not_found, CONFLICT where no mail is waited for, INVALID for a level that is none, and
    RATE_LIMITED in the time after the last repetition.
    """

    def attempt(now: datetime) -> tuple[None, Sequence[Record]]:
        domain = read_domain(domain_id, principal, domains=domains)
        level = check_scope(scope, domain)
        if not wants_mails(domain, now):
            raise refused("The domain does not wait to be proven by e-mail; nothing was sent.")
        cool_down(domain.mailed_again_at, now)
        after = _again(domain, level, now)
        change = account_change(
            ChangeKind.MAILS_RESENT,
            principal,
            {"domain_id": domain_id, "name": domain.name},
            now,
            entropy,
            subject=f"domain {domain_id}",
        )
        return None, (change, *domain_records(domain, after))

    attempted(attempt, once=once, what=f"domain {domain_id}", ledger=ledger, clock=clock)


def _again(domain: Domain, level: str | None, now: datetime) -> Domain:
    """As it is when its mails go out again; at another level they are other mails."""
    again = replace(domain, mailed_again_at=now, version=domain.version + 1)
    emails = ReservedMailbox().addresses(level) if level else domain.emails
    if level is None or emails == (domain.emails or ReservedMailbox().addresses(domain.name)):
        return again
    return replace(again, emails=emails, mailings=(), mailings_of=None)
