"""Taking a certificate name with the order it is for: both are written, or neither."""

from __future__ import annotations

from dataclasses import replace

from ..domain.certificate_name import FIELD, CertificateName, folded, gives_back
from ..domain.dossier import Dossier
from ..domain.errors import Conflict, Flaw, Unavailable, invalid
from ..domain.order import Order
from ..ports import Ledger, Record
from .idempotency import OnceOnly, recall

_ATTEMPTS = 5


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
    for _ in range(_ATTEMPTS):
        try:
            ledger.commit(*records, wanted)
        except Conflict:
            standing = ledger.certificate_name(wanted.account_id, wanted.name)
            if standing is None or standing.version < wanted.version:
                raise  # it was not the name that was in the way
            _check_free(standing, once, ledger)
            wanted = replace(wanted, version=standing.version + 1)
            continue
        return
    raise Unavailable(f"certificate name {wanted.name} is being taken by others")


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


def _check_free(standing: CertificateName, once: OnceOnly[Dossier] | None, ledger: Ledger) -> None:
    """Raises VouchsafeError unless the name's order gave it back; Conflict if a twin took it."""
    flaws = _taken(standing, ledger)
    if flaws:
        if once is not None and recall(once.token, ledger=ledger) is not None:
            raise Conflict("a twin under the same key was faster")
        raise invalid(*flaws)
