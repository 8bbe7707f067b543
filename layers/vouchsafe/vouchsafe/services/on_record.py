"""Reading what some work of the service's own is about, whosever it is."""

from __future__ import annotations

from ..domain.dossier import Dossier
from ..domain.errors import Unavailable
from ..ports import Ledger


def order_on_record(order_id: int, *, ledger: Ledger) -> Dossier:
    """The order as it stands. Raises Unavailable where it is not read: it is there, or will be."""
    dossier = ledger.order(order_id)
    if dossier is None:
        raise Unavailable(f"order {order_id} cannot be read")
    return dossier
