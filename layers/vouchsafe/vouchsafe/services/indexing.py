"""What follows behind a change's back: rows of an order's names, the mark on the one it renews,
and the domains of what was proven."""

from __future__ import annotations

from dataclasses import replace

from ..domain.changes import Change, ChangeKind
from ..domain.order import Order
from ..domain_ports import Domains
from ..order_ports import NameIndex
from ..ports import Ledger
from .attempts import undisturbed
from .domain_index import note_proofs

#: What may bring an order names it did not have.
_NAMING = frozenset({ChangeKind.ORDER_PLACED, ChangeKind.CERTIFICATE_ISSUED})
#: What tells of proofs.
_PROVING = frozenset({ChangeKind.NAME_PROVEN, ChangeKind.DOMAIN_PROVEN})


def index_change(change: Change, *, ledger: Ledger, names: NameIndex, domains: Domains) -> None:
    """Index what a committed change tells of; doing it twice, or late, is harmless.

    Raises Unavailable for trouble that may pass.
    """
    if change.kind in _PROVING:
        note_proofs(change, ledger=ledger, domains=domains)
    if change.order_id is None or change.kind not in _NAMING:
        return
    dossier = ledger.order(change.order_id)
    if dossier is None:
        return
    names.note(dossier.order)
    if change.kind is ChangeKind.ORDER_PLACED:
        _mark_renewed(dossier.order, ledger)


def _mark_renewed(renewing: Order, ledger: Ledger) -> None:
    """The order that `renewing` says it renews, if it is the account's, knows of it from now on."""
    number = renewing.details.extras.get("renewal_of_order_id")
    if not isinstance(number, int):
        return

    def attempt() -> None:
        dossier = ledger.order(number)
        if dossier is None or dossier.order.account_id != renewing.account_id:
            return
        order = dossier.order
        if order.renewed_by is not None or order.order_id == renewing.order_id:
            return
        ledger.commit(replace(order, renewed_by=renewing.order_id, version=order.version + 1))

    undisturbed(attempt, what=f"order {number}")
