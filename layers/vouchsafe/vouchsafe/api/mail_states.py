"""How mails to a person's address stand, and writing to it again."""

from __future__ import annotations

from typing import Any

from ..dependencies import AccountsApi
from ..domain.accounts import User
from ..domain.addresses import folded
from ..domain.errors import not_found
from ..services.contact_marks import clear_contact
from ..services.key_rules import person
from .call import Answer, Call
from .dialect import timestamp


def mail_state_of(user: User, deps: AccountsApi) -> dict[str, Any]:
    """Why nothing is written to the person's address, since when; nothing while all is well."""
    email = folded(user.email)
    mark = deps.accounts.mail_marks(user.account_id, [email]).get(email)
    if mark is None or mark.state is None:
        return {}
    said = {"mail_state": mark.state.value, "mail_state_since": timestamp(mark.since)}
    return said | ({"mail_state_detail": mark.detail} if mark.detail else {})


def clear(call: Call, deps: AccountsApi) -> Answer:
    """DELETE user/{id}/mail-state: write to the person's address again."""
    number, principal = call.number("user"), call.principal
    user = person(principal.account_id, number, accounts=deps.accounts)
    if user is None:
        raise not_found("user")
    clear_contact(
        user,
        principal,
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)
