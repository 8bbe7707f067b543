"""The line of notices: every numbered change of interest becomes one mail."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from vouchsafe import bootstrap_lines, bootstrap_mail
from vouchsafe.adapters.sqs import from_message
from vouchsafe.dependencies import SendingMail
from vouchsafe.line_ports import Message
from vouchsafe.observability import logger, mail_outcome
from vouchsafe.services.approval_mails import mail_approvals
from vouchsafe.services.caa_reports import report_refusals
from vouchsafe.services.mail_desk import Desk
from vouchsafe.services.notification import TOLD
from vouchsafe.services.posting import Posting
from vouchsafe.services.telling import outcome_of, tell


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take anything: read the line of notices till nothing waits; what came of it."""
    return asdict(bootstrap_lines.read("notice", _told))


def _told(message: Message) -> bool:
    """Whether the message is done with."""
    try:
        _tell(message.body)
    except Exception:  # the line's edge: what fails here comes again, then is parked
        logger().exception("mail.failed", extra={"message_id": message.message_id})
        mail_outcome("failed", message_id=message.message_id)
        return False
    return True


def _tell(body: str) -> None:
    given = bootstrap_mail.send_mail()
    numbered = from_message(body)
    posted = mail_approvals(numbered.change, _posting(given))
    outcome = tell(numbered, _desk(given), TOLD)
    change = numbered.change
    reported = report_refusals(change, claims=given.claims, mailer=given.mailer, clock=given.clock)
    if state := outcome_of(outcome):
        mail_outcome(state, kind=str(change.kind), account_id=change.account_id)
    logger().info(
        "mail.done",
        extra={
            "change_id": change.change_id,
            "kind": change.kind,
            "outcome": outcome,
            "approvals": posted,
            "caa_reports": reported,
        },
    )


def _desk(given: SendingMail) -> Desk:
    return Desk(
        ledger=given.ledger,
        accounts=given.accounts,
        domains=given.domains,
        claims=given.claims,
        mailer=given.mailer,
        store=given.store,
        cases=given.cases,
        clock=given.clock,
        base_url=given.settings.base_url or "",
        dcv_domain=given.settings.dcv_domain or "",
        operators=given.settings.operators_mail,
    )


def _posting(given: SendingMail) -> Posting:
    return Posting(
        ledger=given.ledger,
        messages=given.messages,
        domains=given.domains,
        accounts=given.accounts,
        claims=given.claims,
        mailer=given.mailer,
        clock=given.clock,
        entropy=given.entropy,
        base_url=given.settings.base_url or "",
    )
