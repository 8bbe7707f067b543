"""Denied and high-risk names, and clearances: what operators set for the deployment."""

from __future__ import annotations

from typing import Any

from ..dependencies import OperatorsApi
from ..domain.errors import Flaw, invalid, not_found
from ..domain.identifiers import listed_name
from ..domain.policy_lists import (
    LONGEST_ORGANIZATION,
    MOST_BYTES,
    MOST_ENTRIES,
    Clearances,
    PolicyLists,
    folded_organization,
)
from ..services.parked import wake
from ..services.policies import ListsWish, clear, set_lists, withdraw
from .call import Answer, Call, answer_json, told
from .dialect import timestamp
from .idempotency import once_only
from .paging import whole, without_nothing
from .reading import validated
from .review_reading import read_reason
from .vetting_schemas import ClearanceBody, PolicyListsBody

_LARGEST_VERSION = 10**6


def read_lists(call: Call, deps: OperatorsApi) -> Answer:
    """GET operator/policy-lists[?version=]: those in force, or as they stood."""
    version = whole(call.query, "version", 0, most=_LARGEST_VERSION)
    lists = deps.policies.lists_at(version) if version else deps.policies.lists()
    if lists is None:
        raise not_found("version")
    return answer_json(_lists_row(lists))


def _lists_row(lists: PolicyLists) -> dict[str, Any]:
    return without_nothing(
        {
            "version": lists.version,
            "denied_names": list(lists.denied_names),
            "denied_organizations": list(lists.denied_organizations),
            "high_risk_names": list(lists.high_risk_names),
            "reason": lists.reason,
            "date_set": timestamp(lists.set_at) if lists.set_at else None,
            "operator_id": lists.operator_id,
        }
    )


def put_lists(call: Call, deps: OperatorsApi) -> Answer:
    """PUT operator/policy-lists: the next version; what is left out stays."""
    body, warnings = validated(PolicyListsBody, call.body())
    wish = _wish(body)

    def answer(after: PolicyLists) -> Answer:
        return answer_json(_lists_row(after) | told(warnings))

    after = set_lists(
        wish,
        call.principal,
        once=once_only(call, answer),
        policies=deps.policies,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return answer(after)


def _wish(body: PolicyListsBody) -> ListsWish:
    """The lists in the spelling they are compared in. Raises INVALID with every flaw."""
    flaws: list[Flaw] = []
    reason = read_reason(body.reason, "reason", flaws)
    wish = ListsWish(
        denied_names=_names(body.denied_names, "denied_names", flaws),
        denied_organizations=_organizations(body.denied_organizations, flaws),
        high_risk_names=_names(body.high_risk_names, "high_risk_names", flaws),
        reason=reason,
        replaces=body.version,
    )
    given = (body.denied_names, body.denied_organizations, body.high_risk_names)
    if all(entries is None for entries in given):
        flaws.append(Flaw("denied_names", "is required, or another list is"))
    if sum(len(entry.encode()) for entries in given for entry in entries or ()) > MOST_BYTES:
        flaws.append(Flaw("denied_names", f"makes more than {MOST_BYTES} bytes with the others"))
    if flaws:
        raise invalid(*flaws)
    return wish


def _names(given: list[str] | None, field: str, flaws: list[Flaw]) -> tuple[str, ...] | None:
    if given is None or _too_many(given, field, flaws):
        return None
    names = []
    for at, text in enumerate(given):
        try:
            names.append(listed_name(text.strip()))
        except ValueError as error:
            flaws.append(Flaw(f"{field}[{at}]", str(error)))
    return tuple(sorted(set(names)))


def _organizations(given: list[str] | None, flaws: list[Flaw]) -> tuple[str, ...] | None:
    field = "denied_organizations"
    if given is None or _too_many(given, field, flaws):
        return None
    for at, text in enumerate(given):
        if len(text) > LONGEST_ORGANIZATION:
            reason = f"is longer than {LONGEST_ORGANIZATION} characters"
            flaws.append(Flaw(f"{field}[{at}]", reason))
        elif not folded_organization(text):
            flaws.append(Flaw(f"{field}[{at}]", "has neither a letter nor a digit"))
    return tuple(sorted({" ".join(text.split()) for text in given}))


def _too_many(given: list[str], field: str, flaws: list[Flaw]) -> bool:
    if len(given) > MOST_ENTRIES:
        flaws.append(Flaw(field, f"holds more than {MOST_ENTRIES} entries"))
    return len(given) > MOST_ENTRIES


def list_clearances(call: Call, deps: OperatorsApi) -> Answer:
    """GET operator/account/{id}/clearance."""
    number = call.number("account")
    if deps.accounts.account(number) is None:
        raise not_found("account")
    return answer_json(_clearances(deps.policies.clearances(number)))


def _clearances(found: Clearances) -> dict[str, Any]:
    rows = [
        {
            "name": each.name,
            "reason": each.reason,
            "date_cleared": timestamp(each.cleared_at),
            "operator_id": each.operator_id,
        }
        for each in found.items
    ]
    return {"clearances": rows}


def give_clearance(call: Call, deps: OperatorsApi) -> Answer:
    """POST operator/account/{id}/clearance: the account may have the name, and those below it."""
    number = call.number("account")
    if deps.accounts.account(number) is None:
        raise not_found("account")
    body, warnings = validated(ClearanceBody, call.body())
    flaws: list[Flaw] = []
    reason = read_reason(body.reason, "reason", flaws)
    name = _names([body.name or ""], "name", flaws)
    if flaws or not name:
        raise invalid(*(Flaw(flaw.field.removesuffix("[0]"), flaw.reason) for flaw in flaws))

    def answer(after: Clearances) -> Answer:
        return answer_json(_clearances(after) | told(warnings), 201)

    after = clear(
        number,
        name[0],
        reason,
        call.principal,
        once=once_only(call, answer),
        accounts=deps.accounts,
        policies=deps.policies,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    wake(number, parked=deps.parked, ledger=deps.ledger, workflow=deps.workflow)
    return answer(after)


def withdraw_clearance(call: Call, deps: OperatorsApi) -> Answer:
    """DELETE operator/account/{id}/clearance/{name}."""
    number = call.number("account")
    if deps.accounts.account(number) is None:
        raise not_found("account")
    withdraw(
        number,
        call.parts["name"].lower(),
        call.principal,
        policies=deps.policies,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)
