"""Whose an order is: the one check in front of everything that a caller may see or do."""

from __future__ import annotations

from ..domain.accounts import Principal
from ..domain.dossier import Dossier
from ..domain.errors import ErrorCode, VouchsafeError, not_found


def owned(dossier: Dossier | None, principal: Principal, subject: str = "order") -> Dossier:
    """The dossier, if the caller's account owns it. Raises not_found, as for an unknown one.

    Raises FORBIDDEN where the caller may do what he is about to do with his own orders alone.
    """
    if dossier is None or dossier.order.account_id != principal.account_id:
        raise not_found(subject)
    if principal.own_only and dossier.order.user_id != principal.user_id:
        raise VouchsafeError(
            ErrorCode.FORBIDDEN, "Your role may do this with your own orders alone."
        )
    return dossier
