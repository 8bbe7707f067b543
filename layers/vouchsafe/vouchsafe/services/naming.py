"""Taking a certificate name with the order it is for: both are written, or neither."""

from __future__ import annotations

from ..domain.certificate_name import FIELD, CertificateName, folded, gives_back
from ..domain.dossier import Dossier
from ..domain.errors import Flaw
from ..domain.order import Order
from ..ports import Ledger, Record
from .claiming import commit_claiming
from .idempotency import OnceOnly


def commit_named(
    order: Order,
    records: tuple[Record, ...],
    *,
    once: OnceOnly[Dossier] | None,
    ledger: Ledger,
) -> None:
    """Commit a new order's records, with its certificate name if it has one.

    A name is looked up only when the commit fails: an order that came to nothing hands it over.
    Raises VouchsafeError(INVALID) when another order has it, and Conflict for any other reason.
    """
    wanted = _name_of(order)
    if wanted is None:
        ledger.commit(*records)
        return
    commit_claiming(
        wanted,
        records,
        standing=lambda: ledger.certificate_name(wanted.account_id, wanted.name),
        flaws=lambda standing: _taken(standing, ledger),
        what=f"certificate name {wanted.name}",
        once=once,
        ledger=ledger,
    )


def _name_of(order: Order) -> CertificateName | None:
    if order.certificate_name is None:
        return None
    return CertificateName(
        account_id=order.account_id, name=folded(order.certificate_name), order_id=order.order_id
    )


def taken_flaws(account_id: int, name: str, *, ledger: Ledger) -> tuple[Flaw, ...]:
    """What is wrong with a certificate name that another order has; nothing for a free one."""
    standing = ledger.certificate_name(account_id, folded(name)) if name else None
    return _taken(standing, ledger) if standing is not None else ()


def _taken(standing: CertificateName, ledger: Ledger) -> tuple[Flaw, ...]:
    """The flaw of a name whose order did not give it back."""
    dossier = ledger.order(standing.order_id)
    if dossier is None or gives_back(dossier.order):
        return ()
    reason = f"is the name of order {standing.order_id} already; choose another"
    return (Flaw(FIELD, reason),)
