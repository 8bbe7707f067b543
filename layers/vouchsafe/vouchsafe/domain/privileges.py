"""Who may do what, and with whose things: one table of actions against roles.

A role's cell says how far it reaches: nothing, one's own things, those of one's own container and
of all below it, or everything in the account. What a key gives is what its owner's role gives and
its restriction leaves; a key made by another key gives no more than that one. docs/roles.md shows
the table.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import IntEnum, StrEnum

from .accounts import ApiKey, Principal, Restriction, Role


class Action(StrEnum):
    """What a call does, as far as rights are concerned."""

    LOOK = "look"  # read anything of one's account but its people and keys
    LOOK_AT_PEOPLE = "look_at_people"  # read about people
    LOOK_AT_KEYS = "look_at_keys"  # read about keys, never themselves
    ORDER = "order"  # place, change, check, cancel, reissue
    REVOKE = "revoke"  # ask for a revocation
    DECIDE = "decide"  # approve or reject; who reaches nobody is told that he is no approver
    SKIP_APPROVAL = "skip_approval"  # approve with the call that asks
    EXPORT_KEYS = "export_keys"  # take a managed key out of the service
    ORGANIZE = "organize"  # create and change organizations and domains
    MAKE_KEYS = "make_keys"  # make and revoke keys
    EDIT_PEOPLE = "edit_people"  # change names, addresses, telephone numbers
    MANAGE_PEOPLE = "manage_people"  # create, delete, (de)activate people and give them roles
    MANAGE_CONTAINERS = "manage_containers"  # create, rename, (de)activate containers
    ADMINISTER = "administer"  # settings of the account, such as its custom fields
    AUDIT = "audit"  # read the account's audit log
    IDENTIFY = "identify"  # ask who one is
    OVERSEE = "oversee"  # as operator, read about accounts
    OPERATE = "operate"  # as operator, make accounts, set their rules, record validations


class Scope(IntEnum):
    """How far an action reaches; a greater one contains the smaller ones."""

    NOTHING = 0  # the call is let in, to be told why it is refused
    OWN = 1
    CONTAINERS = 2  # one's own container and all below it
    EVERYTHING = 3  # in the account; for operators, in every account


_NONE, _OWN, _CONT, _ALL = Scope.NOTHING, Scope.OWN, Scope.CONTAINERS, Scope.EVERYTHING
_COLUMNS = (
    Role.ADMINISTRATOR,
    Role.MANAGER,
    Role.FINANCE_MANAGER,
    Role.STANDARD_USER,
    Role.LIMITED_USER,
    Role.OPERATOR,
)


def _row(*cells: Scope | None) -> Mapping[Role, Scope]:
    """One line of the table; None keeps a role out."""
    named = zip(_COLUMNS, cells, strict=True)
    return {role: scope for role, scope in named if scope is not None}


#: Roles that may do an action, and how far. Operators stand outside every account, never order.
ALLOWED: Mapping[Action, Mapping[Role, Scope]] = {
    #                               admin  manager finance standard limited operator
    Action.LOOK: _row(_ALL, _ALL, _ALL, _ALL, _ALL, None),
    Action.LOOK_AT_PEOPLE: _row(_ALL, _ALL, _ALL, _ALL, _ALL, None),
    Action.LOOK_AT_KEYS: _row(_ALL, _OWN, _OWN, _OWN, _OWN, None),
    Action.ORDER: _row(_ALL, _ALL, None, _ALL, _OWN, None),
    Action.REVOKE: _row(_ALL, _ALL, None, _ALL, _OWN, None),
    Action.DECIDE: _row(_ALL, _CONT, _NONE, _NONE, _NONE, None),
    Action.SKIP_APPROVAL: _row(_ALL, None, None, None, None, None),
    Action.EXPORT_KEYS: _row(_ALL, _OWN, None, _OWN, _OWN, None),
    Action.ORGANIZE: _row(_ALL, _ALL, None, _ALL, None, None),
    Action.MAKE_KEYS: _row(_ALL, _OWN, _OWN, _OWN, _OWN, None),
    Action.EDIT_PEOPLE: _row(_ALL, _CONT, _OWN, _OWN, _OWN, None),
    Action.MANAGE_PEOPLE: _row(_ALL, None, None, None, None, None),
    Action.MANAGE_CONTAINERS: _row(_ALL, None, None, None, None, None),
    Action.ADMINISTER: _row(_ALL, None, None, None, None, None),
    Action.AUDIT: _row(_ALL, None, None, None, None, None),
    Action.IDENTIFY: _row(_OWN, _OWN, _OWN, _OWN, _OWN, _OWN),
    Action.OVERSEE: _row(None, None, None, None, None, _ALL),
    Action.OPERATE: _row(None, None, None, None, None, _ALL),
}

_READING = frozenset({Action.LOOK, Action.IDENTIFY})
_ORDERS = _READING | {Action.ORDER, Action.REVOKE, Action.DECIDE, Action.SKIP_APPROVAL}
#: What a restriction leaves. Skipping approvals and deciding are part of orders (A4).
LEFT: Mapping[Restriction, frozenset[Action]] = {
    Restriction.NONE: frozenset(Action),
    Restriction.ORDERS: _ORDERS,
    Restriction.ORDERS_DOMAINS_ORGANIZATIONS: _ORDERS | {Action.ORGANIZE},
    Restriction.VIEW_ONLY: _READING
    | {Action.LOOK_AT_PEOPLE, Action.LOOK_AT_KEYS, Action.AUDIT, Action.OVERSEE},
}


def privileges(role: Role, restriction: Restriction) -> Mapping[Action, Scope]:
    """Everything that a key of this role under this restriction may do, and how far."""
    reached = {a: ALLOWED[a].get(role, Scope.NOTHING) for a in LEFT[restriction]}
    return {action: scope for action, scope in reached.items() if scope is not Scope.NOTHING}


def may(principal: Principal, action: Action) -> bool:
    """Whether the caller is let in to do that; how far he gets is for `reach` to say."""
    return action in LEFT[principal.restriction] and principal.role in ALLOWED[action]


def reach(principal: Principal, action: Action) -> Scope:
    """How far the caller gets with that action."""
    return privileges(principal.role, principal.restriction).get(action, Scope.NOTHING)


def narrowed(principal: Principal, action: Action) -> Principal:
    """The caller as the services meet him in a call that does `action`."""
    return replace(principal, own_only=reach(principal, action) is Scope.OWN)


def no_wider(role: Role, principal: Principal, restriction: Restriction = Restriction.NONE) -> bool:
    """Whether a role, under a restriction, reaches nowhere that the caller does not.

    An administrator's role counts although a restriction may hide what it gives.
    """
    own = privileges(principal.role, principal.restriction)
    given = privileges(role, restriction)
    wider = any(scope > own.get(action, Scope.NOTHING) for action, scope in given.items())
    raised = role is Role.ADMINISTRATOR and principal.role is not Role.ADMINISTRATOR
    return not (wider or raised)


def gives_no_more(key: ApiKey, principal: Principal) -> bool:
    """Whether a key lets its holder do nothing that the caller could not do.

    Neither more, nor for longer, nor from more places.
    """
    return (
        no_wider(key.role, principal, key.restriction)
        and not _lasts_longer(key.expires_at, principal.expires_at)
        and _within(key.source_ranges, principal.source_ranges)
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
