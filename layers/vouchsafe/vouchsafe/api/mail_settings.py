"""Which mails an account does without."""

from __future__ import annotations

from collections.abc import Sequence

from ..dependencies import AccountsApi
from ..domain.errors import Flaw, invalid
from ..domain.mail_choices import MailChoice
from ..services.mail_settings import account_with_mails, switch_mails_off
from .call import Answer, Call, answer_json
from .idempotency import once_only
from .people_schemas import MailSettingsBody
from .reading import validated

_CHOICES = tuple(each.value for each in MailChoice)


def read(call: Call, deps: AccountsApi) -> Answer:
    """GET account/mail-settings."""
    account = account_with_mails(call.principal.account_id, accounts=deps.accounts)
    return answer_json({"switched_off": list(account.mails_off), "choices": list(_CHOICES)})


def change(call: Call, deps: AccountsApi) -> Answer:
    """PUT account/mail-settings: the list replaces what stood there."""
    body, _ = validated(MailSettingsBody, call.body())
    switch_mails_off(
        _chosen(body.switched_off),
        call.principal,
        once=once_only(call, lambda _: Answer(status=204)),
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)


def _chosen(words: Sequence[str] | None) -> tuple[MailChoice, ...]:
    if words is None:
        raise invalid(Flaw("switched_off", "is required; an empty list has all mails sent"))
    reason = f"must be one of {', '.join(_CHOICES)}; no other mails can be switched off"
    flaws = [
        Flaw(f"switched_off[{at}]", reason) for at, word in enumerate(words) if word not in _CHOICES
    ]
    if flaws:
        raise invalid(*flaws)
    return tuple(MailChoice(word) for word in words)
