"""Who may do what: roles against actions, and what a key's restriction leaves of that.

A privilege is an action somebody may take. What a key gives is what its owner's role gives and its
restriction leaves; a key made by another key gives no more than that one.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime
from enum import StrEnum

from .accounts import ApiKey, Principal, Restriction, Role


class Action(StrEnum):
    """What a call does, as far as rights are concerned."""

    LOOK = "look"  # read anything of one's account but its people and keys
    LOOK_AT_PEOPLE = "look_at_people"  # read them; keys: one's own, or as administrator all
    ORDER = "order"  # place, check, cancel
    REVOKE = "revoke"  # ask for a revocation
    DECIDE = "decide"  # approve or reject; the service looks closer
    ORGANIZE = "organize"  # create organizations and domains
    MAKE_KEYS = "make_keys"  # make and revoke one's own keys
    ADMINISTER = "administer"  # the same for anybody in the account; skip approvals
    IDENTIFY = "identify"  # ask who one is
    OVERSEE = "oversee"  # as operator, read about accounts
    OPERATE = "operate"  # as operator, make accounts, set their rules, record validations


_CUSTOMERS = frozenset(Role) - {Role.OPERATOR}
_ORDERING = _CUSTOMERS - {Role.FINANCE_MANAGER}
_OPERATORS = frozenset({Role.OPERATOR})

#: Roles that may do an action. Operators stand outside every account and never order.
ALLOWED: dict[Action, frozenset[Role]] = {
    Action.LOOK: _CUSTOMERS,
    Action.LOOK_AT_PEOPLE: _CUSTOMERS,
    Action.ORDER: _ORDERING,
    Action.REVOKE: _ORDERING,
    Action.DECIDE: _CUSTOMERS,
    Action.ORGANIZE: _ORDERING - {Role.LIMITED_USER},
    Action.MAKE_KEYS: _CUSTOMERS,
    Action.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
    Action.IDENTIFY: frozenset(Role),
    Action.OVERSEE: _OPERATORS,
    Action.OPERATE: _OPERATORS,
}

_ORDERS = frozenset({Action.LOOK, Action.ORDER, Action.REVOKE, Action.DECIDE, Action.IDENTIFY})
#: What a restriction leaves. Skipping approvals and deciding are part of orders (A4).
LEFT: dict[Restriction, frozenset[Action]] = {
    Restriction.NONE: frozenset(Action),
    Restriction.ORDERS: _ORDERS,
    Restriction.ORDERS_DOMAINS_ORGANIZATIONS: _ORDERS | {Action.ORGANIZE},
    Restriction.VIEW_ONLY: frozenset(
        {Action.LOOK, Action.LOOK_AT_PEOPLE, Action.IDENTIFY, Action.OVERSEE}
    ),
}


def privileges(role: Role, restriction: Restriction) -> frozenset[Action]:
    """Everything that a key of this role under this restriction may do."""
    return frozenset(a for a in LEFT[restriction] if role in ALLOWED[a])


def may(principal: Principal, action: Action) -> bool:
    """Whether the caller may do that."""
    return action in privileges(principal.role, principal.restriction)


def gives_no_more(key: ApiKey, principal: Principal) -> bool:
    """Whether a key lets its holder do nothing that the caller could not do.

    Neither more actions, nor for longer, nor from more places; an administrator's role counts
    although a restriction may hide it, since approvals ask for the role.
    """
    wider = privileges(key.role, key.restriction) - privileges(
        principal.role, principal.restriction
    )
    raised = key.role is Role.ADMINISTRATOR and principal.role is not Role.ADMINISTRATOR
    return not (
        wider
        or raised
        or _lasts_longer(key.expires_at, principal.expires_at)
        or not _within(key.source_ranges, principal.source_ranges)
    )


def _lasts_longer(end: datetime | None, than: datetime | None) -> bool:
    return than is not None and (end is None or end > than)


def _within(ranges: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    """Whether every range lies in one of `outer`; no range at all means everywhere."""
    if not outer:
        return True
    return bool(ranges) and all(any(_lies_in(each, one) for one in outer) for each in ranges)


def _lies_in(inner: str, outer: str) -> bool:
    first, second = ipaddress.ip_network(inner), ipaddress.ip_network(outer)
    if isinstance(first, ipaddress.IPv4Network) and isinstance(second, ipaddress.IPv4Network):
        return first.subnet_of(second)
    if isinstance(first, ipaddress.IPv6Network) and isinstance(second, ipaddress.IPv6Network):
        return first.subnet_of(second)
    return False
