"""The notice queue: every numbered change of interest becomes one mail."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap_mail
from vouchsafe.adapters.sqs import from_message
from vouchsafe.dependencies import SendingMail
from vouchsafe.observability import logger, mail_outcome
from vouchsafe.services.approval_mails import mail_approvals
from vouchsafe.services.caa_reports import report_refusals
from vouchsafe.services.mail_desk import Desk
from vouchsafe.services.notification import TOLD
from vouchsafe.services.posting import Posting
from vouchsafe.services.telling import outcome_of, tell


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take FIFO messages; name those that failed, and those behind them in their group."""
    failed: list[str] = []
    broken: set[str] = set()
    for record in event["Records"]:
        group = record["attributes"]["MessageGroupId"]
        if group not in broken and _told(record):
            continue
        broken.add(group)
        failed.append(record["messageId"])
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _told(record: dict[str, Any]) -> bool:
    """Whether the message is done with."""
    try:
        _tell(record["body"])
    except Exception:  # the queue's edge: what fails here is retried, then parked
        logger().exception("mail.failed", extra={"message_id": record["messageId"]})
        mail_outcome("failed", message_id=record["messageId"])
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
