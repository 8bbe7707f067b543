"""What lies on the desk when one certificate is issued: the order, and what people decided."""

from __future__ import annotations

from dataclasses import dataclass

from .dossier import Dossier
from .order import Order
from .policy_lists import PolicyLists
from .proofs import Standing


@dataclass(frozen=True, slots=True)
class Hint:
    """Whose order it is and which organization it names, as the check before saw them; 0: unknown.

    Believed by nobody: it only says what to read along, and what it misses is read again.
    """

    account_id: int = 0
    organization_id: int = 0


def hint_of(order: Order) -> Hint:
    """The hint that is right for the order."""
    return Hint(order.account_id, order.organization_id or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All of it as one strongly consistent read gave it.

    `dossier` holds the one certificate asked for; the order's other certificates, its requests and
    its notes are not read. `standing` holds the account and the organization that the order names.
    """

    dossier: Dossier
    standing: Standing
    lists: PolicyLists
