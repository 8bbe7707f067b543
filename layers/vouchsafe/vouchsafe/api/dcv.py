"""The routes of an order's proofs: its value, its method, its mails."""

from __future__ import annotations

from collections.abc import Sequence

from ..dependencies import OrdersApi
from ..domain.authorization import RandomValue
from ..domain.errors import Flaw, invalid
from ..domain.method_wishes import MethodWish
from ..services.dcv_changes import change_method, current_value
from ..services.registration import read_order
from ..services.resending import resend_mails
from .call import Answer, Call, answer_json, told
from .dialect import METHODS, timestamp
from .reading import validated
from .schemas import MethodBody


def random_value(call: Call, deps: OrdersApi) -> Answer:
    """PUT order/certificate/{id}/dcv-random-value: the order's value, a new one if it is dead."""
    value = current_value(
        call.number("order"),
        call.principal,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return _value(value)


def method(call: Call, deps: OrdersApi) -> Answer:
    """PUT order/certificate/{id}/dcv-method: another way to prove what is unproven."""
    order_id = call.number("order")
    read_order(order_id, call.principal, ledger=deps.ledger)
    body, warnings = validated(MethodBody, call.body())
    wanted = METHODS.get((body.dcv_method or "").lower())
    if wanted is None:
        reason = f"must be one of {', '.join(METHODS)}" if body.dcv_method else "is required"
        raise invalid(Flaw("dcv_method", reason))
    changed = change_method(
        order_id,
        call.principal,
        MethodWish(method=wanted, emails=body.dcv_emails),
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
        contacts=deps.contacts,
    )
    return _value(changed.value, [*warnings, *changed.warnings])


def _value(value: RandomValue | None, warnings: Sequence[str] = ()) -> Answer:
    """What is to be published; nothing by e-mail, where values are told to mailboxes alone."""
    if value is None:
        return answer_json(told(warnings))
    expires = timestamp(value.expires_at)
    answer = {"dcv_random_value": value.value, "expiration_date": expires}
    return answer_json(answer | told(warnings))


def resend_emails(call: Call, deps: OrdersApi) -> Answer:
    """PUT order/certificate/{id}/resend-emails: for orders with names to be proven by e-mail."""
    resend_mails(
        call.number("order"),
        call.principal,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
        contacts=deps.contacts,
    )
    return Answer(status=204)
