"""The door: whether the caller's role and key allow what a route does."""

from __future__ import annotations

from ..domain.accounts import Principal
from ..domain.errors import ErrorCode, VouchsafeError
from ..domain.privileges import ALLOWED, Action, may

__all__ = ["ALLOWED", "Action", "allow"]


def allow(action: Action, principal: Principal) -> None:
    """Raises VouchsafeError(FORBIDDEN) unless the caller's role and key allow the action."""
    if not may(principal, action):
        raise VouchsafeError(
            ErrorCode.FORBIDDEN, "Your key or your role lacks the permission for this."
        )
