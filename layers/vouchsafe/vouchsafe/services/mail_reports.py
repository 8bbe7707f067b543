"""Reports of mails that did not arrive, or were not wanted: to whatever asked by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ..domain.authorization import Authorization, Mailing
from ..domain.changes import Change, ChangeKind
from ..domain.domain_mails import mailing_of_domain
from ..domain.domains import Domain
from ..domain.email_approval import ApprovalMessage
from ..domain.identifiers import Identifier
from ..domain.mail_reports import MailReport
from ..domain.mail_summaries import final_trouble, mail_summary
from ..domain_ports import Domains
from ..mail_ports import ApprovalMessages
from ..ports import Clock, Entropy, Ledger, Record
from .attempts import attempted
from .domain_records import domain_records
from .mail_troubles import LONGEST_DETAIL, Trouble, note_trouble
from .new_changes import new_change


def take_report(
    report: MailReport,
    *,
    ledger: Ledger,
    messages: ApprovalMessages,
    domains: Domains,
    clock: Clock,
    entropy: Entropy,
) -> bool:
    """Mark the address where it was asked; whether that changed anything.

    A report that comes twice, or about a mail that does not matter any more, changes nothing.
    Raises Unavailable.
    """
    message = messages.message(report.message_id)
    if message is None:
        return False
    if message.domain_id is not None:
        return _note_on_domain(
            message, report, ledger=ledger, domains=domains, clock=clock, entropy=entropy
        )
    if message.order_id is None or message.certificate_id is None:
        return False
    trouble = Trouble(
        message_id=report.message_id,
        order_id=message.order_id,
        certificate_id=message.certificate_id,
        kind=report.kind,
        detail=report.detail,
    )
    return note_trouble(trouble, ledger=ledger, clock=clock, entropy=entropy)


def _note_on_domain(
    message: ApprovalMessage,
    report: MailReport,
    *,
    ledger: Ledger,
    domains: Domains,
    clock: Clock,
    entropy: Entropy,
) -> bool:
    domain_id = message.domain_id
    assert domain_id is not None

    def attempt(now: datetime) -> tuple[bool, Sequence[Record]]:
        domain = domains.domain(message.account_id, domain_id)
        mailing = None if domain is None else mailing_of_domain(domain, report.message_id)
        if domain is None or mailing is None or final_trouble(mailing):
            return False, ()
        after = _troubled(domain, mailing, report, now)
        told = _change(domain, mailing, report, now, entropy)
        return True, (*domain_records(domain, after), told)

    return attempted(attempt, what=f"domain {domain_id}", ledger=ledger, clock=clock)


def _troubled(domain: Domain, mailing: Mailing, report: MailReport, now: datetime) -> Domain:
    detail = report.detail[:LONGEST_DETAIL]
    marked = replace(mailing, trouble=report.kind, trouble_detail=detail)
    mailings = tuple(marked if each == mailing else each for each in domain.mailings)
    as_name = Authorization(
        identifier=Identifier(domain.name), method=domain.method, mailings=mailings
    )
    return replace(
        domain,
        mailings=mailings,
        last_look=mail_summary(as_name, now),
        version=domain.version + 1,
    )


def _change(
    domain: Domain, mailing: Mailing, report: MailReport, now: datetime, entropy: Entropy
) -> Change:
    data = {
        "domain_id": domain.domain_id,
        "name": domain.name,
        "address": mailing.contact.address,
        "trouble": str(report.kind),
    }
    kind, subject = ChangeKind.MAIL_BOUNCED, f"domain {domain.domain_id}"
    return new_change(kind, domain.account_id, data, now=now, entropy=entropy, subject=subject)
