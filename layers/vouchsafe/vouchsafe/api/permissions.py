"""Who may do what: roles against actions, and what a key's restriction takes away."""

from __future__ import annotations

from enum import StrEnum

from ..domain.accounts import Principal, Restriction, Role
from ..domain.errors import ErrorCode, VouchsafeError


class Action(StrEnum):
    """What a route does, as far as rights are concerned."""

    LOOK = "look"  # read anything of one's account
    ORDER = "order"  # place, check, cancel
    REVOKE = "revoke"  # ask for a revocation
    DECIDE = "decide"  # approve or reject; the service looks closer
    IDENTIFY = "identify"  # ask who one is


_CUSTOMERS = frozenset(Role) - {Role.OPERATOR}

#: Roles that may do an action. Operators stand outside every account and never order.
ALLOWED: dict[Action, frozenset[Role]] = {
    Action.LOOK: _CUSTOMERS,
    Action.ORDER: _CUSTOMERS - {Role.FINANCE_MANAGER},
    Action.REVOKE: _CUSTOMERS - {Role.FINANCE_MANAGER},
    Action.DECIDE: _CUSTOMERS,
    Action.IDENTIFY: frozenset(Role),
}
_READING = frozenset({Action.LOOK, Action.IDENTIFY})


def allow(action: Action, principal: Principal) -> None:
    """Raises VouchsafeError(FORBIDDEN) unless the caller's role and key allow the action."""
    restricted = principal.restriction is Restriction.VIEW_ONLY and action not in _READING
    if restricted or principal.role not in ALLOWED[action]:
        raise VouchsafeError(
            ErrorCode.FORBIDDEN, "Your key or your role lacks the permission for this."
        )
