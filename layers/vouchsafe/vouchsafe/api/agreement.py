"""The subscriber agreement: whether the account accepted it, and its acceptance (BR 9.6.3)."""

from __future__ import annotations

from typing import Any

from ..dependencies import OrganizationsApi
from ..domain.accounts import Account
from ..domain.errors import not_found
from ..services.agreement import accept_agreement, has_accepted
from ..services.parked import wake
from .call import Answer, Call, answer_json
from .dialect import timestamp
from .idempotency import once_only
from .paging import without_nothing
from .reading import validated
from .vetting_schemas import AgreementBody


def read(call: Call, deps: OrganizationsApi) -> Answer:
    """GET account/agreement."""
    account = deps.accounts.account(call.principal.account_id)
    if account is None:
        raise not_found("account")
    in_force = deps.settings.subscriber_agreement_version
    return answer_json(agreement_row(account, in_force))


def agreement_row(account: Account, in_force: str) -> dict[str, Any]:
    """The version in force and the account's newest acceptance."""
    given = account.agreement
    accepted = None
    if given is not None:
        accepted = {
            "version": given.version,
            "date_accepted": timestamp(given.accepted_at),
            "user_id": given.user_id,
        }
    return without_nothing(
        {
            "version": in_force,
            "is_accepted": has_accepted(account, in_force),
            "accepted": accepted,
        }
    )


def accept(call: Call, deps: OrganizationsApi) -> Answer:
    """POST account/agreement: an administrator accepts the version in force for the account."""
    body, warnings = validated(AgreementBody, call.body())
    in_force = deps.settings.subscriber_agreement_version

    def answer(account: Account) -> Answer:
        return answer_json(agreement_row(account, in_force) | {"warnings": warnings}, 201)

    account = accept_agreement(
        (body.version or "").strip(),
        in_force,
        call.principal,
        once=once_only(call, answer),
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    wake(account.account_id, parked=deps.parked, ledger=deps.ledger, workflow=deps.workflow)
    return answer(account)
