"""The vendor's numbers and names of roles and of what keys are limited to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..domain.accounts import Restriction, Role

#: The vendor's numbers and names of roles.
ROLES: Mapping[Role, tuple[int, str]] = {
    Role.ADMINISTRATOR: (1, "Administrator"),
    Role.LIMITED_USER: (2, "Limited User"),
    Role.FINANCE_MANAGER: (3, "Finance Manager"),
    Role.MANAGER: (4, "Manager"),
    Role.STANDARD_USER: (5, "Standard User"),
    Role.OPERATOR: (90, "Operator"),
}
#: The vendor's numbers and names of what a key may be limited to.
RESTRICTIONS: Mapping[Restriction, tuple[int, str]] = {
    Restriction.NONE: (0, "None"),
    Restriction.ORDERS: (100, "Orders"),
    Restriction.ORDERS_DOMAINS_ORGANIZATIONS: (101, "Orders, Domains, Organizations"),
    Restriction.VIEW_ONLY: (102, "View Only"),
}


def role_rows() -> list[dict[str, Any]]:
    """The roles a person of an account may have, by number."""
    given = sorted(pair for role, pair in ROLES.items() if role is not Role.OPERATOR)
    return [{"id": number, "name": name} for number, name in given]
