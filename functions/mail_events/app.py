"""What the mail service tells of mails that did not arrive: noted where it matters.

The address of an approval is marked with its order or domain, that of a notice with its account.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vouchsafe import bootstrap_mail
from vouchsafe.adapters.ses_events import contact_reports_in, is_trouble, troubles_in
from vouchsafe.dependencies_mail import MailEvents
from vouchsafe.domain.metrics import Metric
from vouchsafe.observability import emit, logger
from vouchsafe.services.contact_marks import mark_contact
from vouchsafe.services.mail_reports import take_report


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take one event of the bus; give how many mails it was noted for. Other events: none."""
    return note(event, bootstrap_mail.mail_events())


def note(event: dict[str, Any], given: MailEvents) -> dict[str, Any]:
    """What `handler` does, with the parts `given`."""
    changed = 0
    for report in troubles_in(event):
        noted = take_report(
            report,
            ledger=given.ledger,
            messages=given.messages,
            domains=given.domains,
            clock=given.clock,
            entropy=given.entropy,
        )
        changed += noted
        logger().info("mail.trouble", extra={"kind": str(report.kind), "noted": noted})
    marked = sum(_mark(event, given))
    if is_trouble(event):
        logger().warning("mail.returned")
    if marked:
        emit(Metric.CONTACTS_MARKED, marked)
    return {"noted": changed, "marked": marked}


def _mark(event: dict[str, Any], given: MailEvents) -> Iterator[bool]:
    """Mark the addresses of notices; for each whether that changed anything."""
    for report in contact_reports_in(event):
        marked = mark_contact(
            report,
            accounts=given.accounts,
            ledger=given.ledger,
            clock=given.clock,
            entropy=given.entropy,
        )
        extra = {"account_id": report.account_id, "state": str(report.state), "marked": marked}
        logger().info("mail.contact", extra=extra)
        yield marked
