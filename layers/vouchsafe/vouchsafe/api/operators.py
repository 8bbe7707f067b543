"""What operators do: make accounts, set their rules, record what was validated. Never order."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from ..dependencies import AccountsApi
from ..domain.accounts import Account
from ..domain.errors import Flaw, invalid, not_found
from ..domain.organization import Organization, OrganizationCheck, OrganizationValidation
from ..services.account_changes import set_rules
from ..services.accounts import CreatedAccount, create_account
from ..services.organizations import read_organization, record_validation
from .account_schemas import AccountBody, OrganizationValidationBody, RulesBody
from .call import Answer, Call, answer_json, told
from .idempotency import once_only
from .organizations import organization_row, validation_row
from .paging import MOST_ROWS, paged, whole
from .people import account_row
from .reading import validated

_RULES = ("orders_need_approval", "two_person", "may_skip_approval")
_CHECKS = {check.value: check for check in OrganizationCheck}
_LONGEST_EVIDENCE = 2000
_LARGEST_ID = 2**31
_SHOWN_ONCE = "The key was shown once, with the first answer, and is kept nowhere."


def make_account(call: Call, deps: AccountsApi) -> Answer:
    """POST operator/account: the answer alone ever shows the administrator's key."""
    body, warnings = validated(AccountBody, call.body())
    made = create_account(
        body.name or "",
        body.email or "",
        once=once_only(call, _again),
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    shown = _made(made) | {"api_key": made.key.secret, "warnings": warnings}
    return answer_json(shown, 201)


def _again(made: CreatedAccount) -> Answer:
    return answer_json(_made(made) | {"warnings": [_SHOWN_ONCE]}, 201)


def _made(made: CreatedAccount) -> dict[str, Any]:
    return {
        "id": made.account.account_id,
        "user_id": made.user.user_id,
        "key_id": made.key.record.key_id,
    }


def list_accounts(call: Call, deps: AccountsApi) -> Answer:
    """GET operator/account[?after=&limit=]: by id; `next` is the next page's `after`."""
    limit = whole(call.query, "limit", 100, most=MOST_ROWS)
    after = whole(call.query, "after", 0, most=_LARGEST_ID)
    found = deps.accounts.accounts_after(after, limit)
    more = len(found) == limit
    listed: dict[str, Any] = {"accounts": [account_row(each) for each in found]}
    return answer_json(listed | ({"next": found[-1].account_id} if more else {}))


def read_account(call: Call, deps: AccountsApi) -> Answer:
    """GET operator/account/{id}."""
    return answer_json(account_row(_account(call, deps)))


def _account(call: Call, deps: AccountsApi) -> Account:
    account = deps.accounts.account(call.number("account"))
    if account is None:
        raise not_found("account")
    return account


def change_rules(call: Call, deps: AccountsApi) -> Answer:
    """PUT operator/account/{id}/rules: what is left out stays."""
    account = _account(call, deps)
    body, _ = validated(RulesBody, call.body())
    wanted = {name: getattr(body, name) for name in _RULES}
    rules = {name: value for name, value in wanted.items() if value is not None}
    if not rules:
        raise invalid(*(Flaw(name, "is required, or another rule is") for name in _RULES))
    set_rules(
        account.account_id,
        rules,
        call.principal,
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)


def list_organizations(call: Call, deps: AccountsApi) -> Answer:
    """GET operator/account/{id}/organization."""
    account, now = _account(call, deps), deps.clock.now()
    rows, page = paged(deps.accounts.organizations_of(account.account_id), call.query)
    listed = [organization_row(each, account, now) for each in rows]
    return answer_json({"organizations": listed, "page": page})


def validate_organization(call: Call, deps: AccountsApi) -> Answer:
    """POST operator/account/{id}/organization-validation: what was found, until when it counts."""
    account, now = _account(call, deps), deps.clock.now()
    body, warnings = validated(OrganizationValidationBody, call.body())
    found = _found(body, call.principal.user_id, now)
    number = body.organization_id or 0
    organization = read_organization(number, account.account_id, accounts=deps.accounts)

    def answer(after: Organization) -> Answer:
        rows = [validation_row(v, now) for v in after.validations]
        return answer_json({"validations": rows} | told(warnings), 201)

    after = record_validation(
        organization,
        found,
        call.principal,
        once=once_only(call, answer),
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return answer(after)


def _found(
    body: OrganizationValidationBody, operator_id: int, now: datetime
) -> OrganizationValidation:
    flaws: list[Flaw] = []
    if not body.organization_id:
        flaws.append(Flaw("organization_id", "is required"))
    check = _CHECKS.get((body.type or "").lower())
    if check is None:
        flaws.append(Flaw("type", f"must be one of {', '.join(_CHECKS)}"))
    first = _day(body.validated_on, "validated_on", flaws)
    last = _day(body.validated_until, "validated_until", flaws)
    if first and first > now.date():
        flaws.append(Flaw("validated_on", "lies in the future"))
    if first and last and last < first:
        flaws.append(Flaw("validated_until", "lies before validated_on"))
    evidence = (body.evidence or "").strip()
    if not 1 <= len(evidence) <= _LONGEST_EVIDENCE:
        flaws.append(Flaw("evidence", f"must have 1 to {_LONGEST_EVIDENCE} characters"))
    if flaws or check is None or first is None or last is None:
        raise invalid(*flaws)
    return OrganizationValidation(
        check=check,
        validated_at=datetime.combine(first, time.min, UTC),
        validated_until=datetime.combine(last, time.max, UTC).replace(microsecond=0),
        evidence=evidence,
        operator_id=operator_id,
    )


def _day(text: str | None, field: str, flaws: list[Flaw]) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        flaws.append(Flaw(field, "must be a date, such as 2026-11-21"))
        return None
