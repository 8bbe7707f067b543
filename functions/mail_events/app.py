"""What the mail service tells of mails that did not arrive: noted where they were asked."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap_mail
from vouchsafe.adapters.ses_events import troubles_in
from vouchsafe.dependencies import MailEvents
from vouchsafe.observability import logger
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
    return {"noted": changed}
