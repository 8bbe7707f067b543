"""Whose an order is: the one check in front of everything that a caller may see or do."""

from __future__ import annotations

from ..domain.accounts import Principal
from ..domain.dossier import Dossier
from ..domain.errors import not_found


def owned(dossier: Dossier | None, principal: Principal, subject: str = "order") -> Dossier:
    """The dossier, if the caller's account owns it. Raises not_found, as for an unknown one."""
    if dossier is None or dossier.order.account_id != principal.account_id:
        raise not_found(subject)
    return dossier
