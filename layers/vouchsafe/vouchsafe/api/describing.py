"""The organization in an order's body: named by its id, or described as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..domain.errors import Flaw
from ..domain.products import Product, ValidationLevel
from ..domain.validity import is_given
from ..domain.wishes import OrderWish
from .account_schemas import OrganizationBody
from .liberal import says_something
from .organization_reading import Users, read_asked, read_description
from .reading import read_part

_FIELD = "organization"
#: What an organization that is described in an order does not say by itself.
_NOT_READ = ("id", "container", "skip_duplicate_org_check")
_IN_VAIN = "is ignored: an equal organization of the account is always taken"


def with_organization(
    wish: OrderWish, body: Mapping[str, Any], product: Product, users: Users, now: datetime
) -> OrderWish:
    """The wish with the organization that an OV or EV order describes; an id beside it wins.

    Whether the id is one of the account is for the placing to say; never raises, flaws travel with
    the wish.
    """
    given = body.get(_FIELD)
    if product.level is ValidationLevel.DV or not says_something(given):
        return wish
    if not isinstance(given, dict):
        reason = "must be an object: an organization's id, or a whole organization"
        return _flawed(wish, Flaw(_FIELD, reason))
    others = {name: value for name, value in given.items() if name not in _NOT_READ}
    if is_given(given.get("id")):
        if wish.organization_id is None:
            return _flawed(wish, Flaw(f"{_FIELD}.id", "must be the number of an organization"))
        if not says_something(others):
            return wish
        return _remarked(wish, f"{_FIELD}: what is said beside its id is ignored")
    return _described(wish, given, others, users, now)


def _described(
    wish: OrderWish, given: dict[str, Any], others: dict[str, Any], users: Users, now: datetime
) -> OrderWish:
    part, flaws, warnings = read_part(OrganizationBody, others)
    flaws = [Flaw(f"{_FIELD}.{flaw.field}", flaw.reason) for flaw in flaws]
    unread = {flaw.field for flaw in flaws}
    remarks = [f"{_FIELD}.{each}" for each in warnings]
    if says_something(given.get("skip_duplicate_org_check")):
        remarks.append(f"{_FIELD}.skip_duplicate_org_check: {_IN_VAIN}")
    if says_something(given.get("container")):
        remarks.append(f"{_FIELD}.container: is ignored: a new one belongs to the order's")
    found: list[Flaw] = []
    made = read_description(part, now, users, found, path=f"{_FIELD}.")
    checked: list[Flaw] = []
    asked = read_asked(part.validations, users, checked, [])
    found += [Flaw(f"{_FIELD}.{flaw.field}", flaw.reason) for flaw in checked]
    flaws += [flaw for flaw in found if flaw.field not in unread]
    made = replace(made, verified_users=asked.people or ())
    return replace(
        wish,
        organization=None if flaws else made,
        flaws=(*wish.flaws, *flaws),
        warnings=(*wish.warnings, *remarks),
    )


def _flawed(wish: OrderWish, flaw: Flaw) -> OrderWish:
    return replace(wish, flaws=(*wish.flaws, flaw))


def _remarked(wish: OrderWish, remark: str) -> OrderWish:
    return replace(wish, warnings=(*wish.warnings, remark))
