"""The value of a mail, entered through the API instead of on the mail's page."""

from __future__ import annotations

from ..dependencies import OrdersApi
from ..services.email_answers import Desk, answer_by_value
from .call import Answer, Call, answer_json


def approve(call: Call, deps: OrdersApi) -> Answer:
    """PUT domain/dcv/email/token/{token}."""
    desk = Desk(
        ledger=deps.ledger,
        messages=deps.messages,
        domains=deps.domains,
        workflow=deps.workflow,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    answer_by_value(call.parts["token"], call.principal, desk)
    return answer_json({"status": "approved"})
