"""The door: whether the caller's role and key allow what a route does."""

from __future__ import annotations

from ..domain.accounts import Principal
from ..domain.errors import ErrorCode, VouchsafeError
from ..domain.privileges import ALLOWED, Action, may, narrowed

__all__ = ["ALLOWED", "Action", "allow"]


def allow(action: Action, principal: Principal) -> Principal:
    """The caller, held to what he may do with the action.

    Raises VouchsafeError(FORBIDDEN) unless the caller's role and key allow it at all.
    """
    if not may(principal, action):
        raise VouchsafeError(
            ErrorCode.FORBIDDEN, "Your key or your role lacks the permission for this."
        )
    return narrowed(principal, action)
