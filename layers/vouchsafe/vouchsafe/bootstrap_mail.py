"""The composition root of mails: who sends them, who takes answers, who notes what came back.

Adapters are imported inside the builders, as in `bootstrap`.
"""

from __future__ import annotations

from functools import cache

from . import dependencies as give
from . import dependencies_mail as give_mail
from . import parts
from .adapters.clock import OsEntropy, SystemClock
from .clients import client, hasty_client


@cache
def send_mail() -> give.SendingMail:
    from .adapters.ses import SesMailer

    mailer = SesMailer(
        client("sesv2"),
        sender=parts.settings().require("mail_from"),
        configuration_set=parts.settings().require("ses_configuration_set"),
    )
    return give.SendingMail(
        settings=parts.settings(),
        clock=SystemClock(),
        ledger=parts.table("DynamoLedger"),
        accounts=parts.table("DynamoAccounts"),
        store=parts.store(),
        cases=parts.table("DynamoCases"),
        claims=parts.table("DynamoClaims"),
        mailer=mailer,
        entropy=OsEntropy(),
        messages=parts.table("DynamoApprovalMessages"),
        domains=parts.table("DynamoDomains"),
    )


@cache
def approval_page() -> give.ApprovalPage:
    from .adapters.dynamodb import DynamoRateLimits

    table = parts.settings().require("limits_table_name")
    return give.ApprovalPage(
        settings=parts.settings(),
        clock=SystemClock(),
        entropy=OsEntropy(),
        accounts=parts.table("DynamoAccounts"),
        ledger=parts.table("DynamoLedger"),
        messages=parts.table("DynamoApprovalMessages"),
        domains=parts.table("DynamoDomains"),
        workflow=parts.workflow(),
        limits=DynamoRateLimits(hasty_client("dynamodb"), table),
    )


@cache
def mail_events() -> give_mail.MailEvents:
    return give_mail.MailEvents(
        clock=SystemClock(),
        entropy=OsEntropy(),
        accounts=parts.table("DynamoAccounts"),
        ledger=parts.table("DynamoLedger"),
        messages=parts.table("DynamoApprovalMessages"),
        domains=parts.table("DynamoDomains"),
    )
